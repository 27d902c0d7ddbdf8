/// What an import makes: the files of a state repository, and what a person has to know about them.
public struct ImportedState: Sendable {
    /// A party as it was written.
    public struct Party: Sendable, Equatable, Codable {
        public var id: String
        /// `nil` for a party of another organisation, which is only routed to.
        public var host: String?
        public var blueprint: String?
    }

    /// A secret that was found; its value is not in any file of the state.
    public struct Secret: Sendable, Equatable, Codable {
        public var party: String
        /// The variable, and the name of its file below the party's directory of secrets.
        public var name: String
        /// Where the value stands.
        public var location: SourceLocation
    }

    public var tree: SourceTree
    public var parties: [Party]
    public var secrets: [Secret]
    /// What BASE_DIR must be on the hosts, for containers mount directories below it.
    public var dataDirectory: String
    public var findings: [ImportFinding]

    /// Whether everything that was read is in the state.
    public var isComplete: Bool { !findings.contains { $0.kind == .leftOut } }
}

/// The host names that the parties get.
public struct ImportHosts: Sendable {
    /// By party id.
    public var named: [String: String]
    /// For every other party, if all of them stand on one host; `nil`: nobody said.
    public var common: String?
    /// The machine that the import runs on.
    public var machine: String

    public init(named: [String: String] = [:], common: String? = nil, machine: String) {
        self.named = named
        self.common = common
        self.machine = machine
    }
}

/// A folder of KubeFATE's docker-deploy as it was read.
public struct ImportFolder: Sendable {
    /// Where it stands on this machine: an absolute path without a slash at its end.
    public var path: String
    /// By their path below the folder.
    public var tree: SourceTree
    /// What the reader left out.
    public var findings: [ImportFinding]

    public init(path: String, tree: SourceTree, findings: [ImportFinding] = []) {
        self.path = path
        self.tree = tree
        self.findings = findings
    }
}
