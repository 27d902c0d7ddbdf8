internal import Glibc

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

extension FetchRequest {
    /// The prefix of the credentials of the fetch service, which systemd makes from the files in a directory.
    static let credentialPrefix = "git_"

    /// The same request with the service's own copies of credential files, where there are any.
    ///
    /// The fetch service runs as a user that cannot read the operator's files. systemd copies them for it, `NAME` of
    /// the directory as `git_NAME`.
    func usingCredentials(in directory: String?) -> FetchRequest {
        guard let directory else { return self }
        func copy(of file: String?) -> String? {
            guard let name = file?.split(separator: "/").last else { return file }
            let copy = "\(directory)/\(Self.credentialPrefix)\(name)"
            return access(copy, R_OK) == 0 ? copy : file
        }
        var request = self
        request.tokenFile = copy(of: tokenFile)
        request.sshKeyFile = copy(of: sshKeyFile)
        request.knownHostsFile = copy(of: knownHostsFile)
        request.caFile = copy(of: caFile)
        return request
    }
}
