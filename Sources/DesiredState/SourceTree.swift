/// The files of one revision of the state repository: path below its root -> bytes.
///
/// Paths use `/`, are relative, and have passed the entry-name rules of the reader that made the tree.
public struct SourceTree: Sendable, Equatable {
    public var files: [String: [UInt8]]

    public init(files: [String: [UInt8]]) {
        self.files = files
    }
}
