/// A value that a program takes at its first start only, when its data directory is empty.
///
/// Afterwards a change of it reaches the program's clients and not the program.
public struct FirstStartValue: Sendable, Equatable {
    /// The variable that holds it.
    public var variable: String
    /// Directory on the host that is filled by the first start.
    public var directory: String
    /// File on the host that the first start reads.
    public var script: String
    /// Config file on the host of a client that has the value, and the key.
    public var file: String
    public var key: String
    /// What a person has to do instead, without any secret.
    public var instead: String

    public init(
        variable: String, directory: String, script: String, file: String, key: String, instead: String
    ) {
        self.variable = variable
        self.directory = directory
        self.script = script
        self.file = file
        self.key = key
        self.instead = instead
    }
}
