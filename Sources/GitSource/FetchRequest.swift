/// What the fetch process is told: one branch of one repository, and the files that hold the credentials.
///
/// It travels as JSON through a pipe. It names credential files and never holds a credential.
public struct FetchRequest: Sendable, Codable, Equatable {
    /// The text that `RepositoryURL(parsing:)` reads.
    public var repository: String
    public var branch: String
    /// The bare repository that receives the objects; made if it is not there.
    public var bareRepository: String
    /// Password for http and https, on one line.
    public var tokenFile: String?
    /// Private key for ssh, without a passphrase.
    public var sshKeyFile: String?
    /// The keys of ssh servers, in the format of OpenSSH; ssh needs it.
    public var knownHostsFile: String?
    /// Certificates (PEM) that vouch for the https server, instead of the system's.
    public var caFile: String?
    /// The fetch is killed when it takes longer.
    public var deadlineSeconds: Int

    public init(
        repository: String, branch: String, bareRepository: String, tokenFile: String? = nil,
        sshKeyFile: String? = nil, knownHostsFile: String? = nil, caFile: String? = nil,
        deadlineSeconds: Int = 30
    ) {
        self.repository = repository
        self.branch = branch
        self.bareRepository = bareRepository
        self.tokenFile = tokenFile
        self.sshKeyFile = sshKeyFile
        self.knownHostsFile = knownHostsFile
        self.caFile = caFile
        self.deadlineSeconds = deadlineSeconds
    }
}
