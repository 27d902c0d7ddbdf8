/// Where the nodes of a party keep what no other node has.
public struct NodeData: Sendable, Equatable {
    /// Absolute path in the containers of the nodes.
    public var directory: String

    public init(directory: String) { self.directory = directory }
}
