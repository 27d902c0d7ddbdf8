public import DesiredState

/// Which subdirectories of a directory are wanted, decided by the files outside of it.
///
/// Reading costs most of the time of a pass that has nothing to do, so what nobody uses is left unread.
public struct DirectoryChoice {
    /// The name of the directory, at the top of what is read.
    let directory: String
    let wanted: (SourceTree) -> Set<String>

    /// - Parameter wanted: gets all files outside of the directory, and names the wanted subdirectories.
    public init(in directory: String, wanted: @escaping (SourceTree) -> Set<String>) {
        self.directory = directory
        self.wanted = wanted
    }
}
