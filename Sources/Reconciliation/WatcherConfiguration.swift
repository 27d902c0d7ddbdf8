public import DockerEngine
public import GitSource
public import Planning

/// Everything that a watcher has to know, resolved from flags, environment and file.
public struct WatcherConfiguration: Sendable {
    /// Where the desired state comes from.
    public var repository: RepositoryURL
    /// The repository as it was configured; only the fetch sees it.
    public var repositoryText: String
    public var branch: String
    /// Folder of the repository that is the state repository; `nil` is its root.
    public var folder: String?
    /// This host's name in the state repository.
    public var host: String
    public var docker: DockerEndpoint
    public var stateDirectory: StateDirectory
    /// Value of `BASE_DIR` in the state repository.
    public var dataDirectory: String
    /// Directory with one file per secret, readable by root only.
    public var secretsDirectory: String?
    /// Docker `config.json` with registry credentials.
    public var registryConfig: String?
    public var credentials: GitCredentials
    /// Seconds that a fetch may take.
    public var fetchDeadline: Int
    /// Containers of one name that may be made within an hour, before the watcher stops their party.
    public var recreateLimit = 6
    /// When this host may be changed; `nil` is always.
    public var syncWindows: SyncWindows?
    /// What waits for `fatesync confirm`.
    public var approvals: Set<ApprovalClass> = []
    /// The program to run for a fetch: fatesync itself.
    public var executable: String
    /// Unix socket of the fetch service; `nil` makes every fetch a child process.
    public var fetchService: String?
    /// Unix socket of the service that makes sockets in the network namespaces of containers; `nil` if this process
    /// enters them itself.
    public var namespaceService: String?
    public var version: String

    public init(
        repository: RepositoryURL, repositoryText: String, branch: String, folder: String?, host: String,
        docker: DockerEndpoint,
        stateDirectory: StateDirectory, dataDirectory: String, secretsDirectory: String?,
        registryConfig: String?, credentials: GitCredentials, fetchDeadline: Int, executable: String,
        version: String
    ) {
        self.repository = repository
        self.repositoryText = repositoryText
        self.branch = branch
        self.folder = folder
        self.host = host
        self.docker = docker
        self.stateDirectory = stateDirectory
        self.dataDirectory = dataDirectory
        self.secretsDirectory = secretsDirectory
        self.registryConfig = registryConfig
        self.credentials = credentials
        self.fetchDeadline = fetchDeadline
        self.executable = executable
        self.version = version
    }
}

extension WatcherConfiguration {
    /// The bare repository that fetches go into, and whether the fetch service keeps it.
    var fetched: (path: String, isOfService: Bool) {
        // The service has a directory and a user of its own, and nobody writes what another user reads later.
        fetchService == nil || repository.transport == .local
            ? (stateDirectory.repository, false) : (stateDirectory.fetchedRepository, true)
    }

    /// Opens what was fetched.
    func openRepository() throws(GitError) -> StateRepository {
        try StateRepository(opening: fetched.path, ofService: fetched.isOfService)
    }

    /// What a fetch child has to know.
    func fetchRequest(into bareRepository: String) -> FetchRequest {
        FetchRequest(
            repository: repositoryText, branch: branch, bareRepository: bareRepository,
            tokenFile: credentials.tokenFile, sshKeyFile: credentials.sshKeyFile,
            knownHostsFile: credentials.knownHostsFile, caFile: credentials.certificateAuthorityFile,
            deadlineSeconds: fetchDeadline)
    }
}

/// Files that prove to a git server who fetches.
public struct GitCredentials: Sendable {
    public var tokenFile: String?
    public var sshKeyFile: String?
    public var knownHostsFile: String?
    public var certificateAuthorityFile: String?

    public init(
        tokenFile: String? = nil, sshKeyFile: String? = nil, knownHostsFile: String? = nil,
        certificateAuthorityFile: String? = nil
    ) {
        self.tokenFile = tokenFile
        self.sshKeyFile = sshKeyFile
        self.knownHostsFile = knownHostsFile
        self.certificateAuthorityFile = certificateAuthorityFile
    }
}
