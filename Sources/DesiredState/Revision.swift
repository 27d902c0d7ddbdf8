/// A commit of the state repository, as the journal and the status name it.
public struct Revision: Sendable, Equatable, Codable {
    /// The full commit id, 40 lower-case hexadecimal digits.
    public let commit: String
    /// The branch that was followed.
    public let branch: String
    /// The author as git prints it, `Name <address>`; not trusted, only shown.
    public let author: String
    /// The first line of the commit message; not trusted, only shown.
    public let subject: String
    /// Commit time in seconds since 1970.
    public let time: Int64

    public init(commit: String, branch: String, author: String, subject: String, time: Int64) {
        self.commit = commit
        self.branch = branch
        self.author = author
        self.subject = subject
        self.time = time
    }

    /// The first twelve digits, for people.
    public var short: String { String(commit.prefix(12)) }
}
