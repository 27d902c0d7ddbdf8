internal import CGit2

/// Fetches one branch into the bare repository; runs in the fetch process only.
struct Fetcher {
    private let request: FetchRequest
    private let url: RepositoryURL

    init(_ request: FetchRequest) throws(GitError) {
        self.request = request
        url = try RepositoryURL(parsing: request.repository)
    }

    private var operation: String { "fetch branch \(request.branch) of \(url)" }

    /// Fetches the branch, moves our reference to its tip, and returns the tip.
    func fetch() throws(GitError) -> String {
        try LibGit2.start()
        try BranchName.check(request.branch)
        let repository = try BareRepository(at: request.bareRepository, forBranch: request.branch)
        try prepare()
        let remote = try GitHandle("use \(url)", free: git_remote_free) { pointer in
            git_remote_create_anonymous(&pointer, repository.handle.pointer, url.address)
        }
        let callbacks = FetchCallbacks(url: url, request: request, operation: operation)
        defer { git_remote_disconnect(remote.pointer) }
        var tip = try connect(remote, callbacks)
        guard tip.hexadecimal != current(in: repository.handle) else { return tip.hexadecimal }
        try download(remote, callbacks)
        try keep(&tip, in: repository.handle)
        return tip.hexadecimal
    }

    /// The tip that an earlier fetch kept; its objects were on disk before the reference was.
    private func current(in repository: borrowing GitHandle) -> String? {
        var id = git_oid()
        let name = FetchedReference.name(of: request.branch)
        return git_reference_name_to_id(&id, repository.pointer, name) == 0 ? id.hexadecimal : nil
    }

    /// Settings that hold for this fetch, made after our own repository was opened with the strict ones.
    private func prepare() throws(GitError) {
        switch url.transport {
        case .local:
            // The operator named this path, and libgit2 starts no program that a repository's configuration
            // names, which is what the check of the owner guards against: serve repositories of any user.
            try GitError.check("read \(url)") {
                cgit2_set_switch(Int32(GIT_OPT_SET_OWNER_VALIDATION.rawValue), 0)
            }
            try requireRepository(at: url.path)
        case .https:
            let file = request.caFile ?? ServerCertificates.systemFile
            try GitError.check("read the certificates in \(file)") { cgit2_set_certificates(file) }
        case .ssh:
            try HostKeyPreference(url, request).install()
        case .http:
            break
        }
    }

    /// Tells a path without a repository from other failures, which libgit2's transport for paths does not.
    private func requireRepository(at path: String) throws(GitError) {
        do {
            _ = try GitHandle(operation, free: git_repository_free) { pointer in
                git_repository_open_ext(&pointer, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
            }
        } catch  where error.code == .notFound {
            throw GitError(.notFound, operation, "there is no git repository at \(path)")
        }
    }

    /// Connects and asks for the tip of the branch.
    private func connect(_ remote: borrowing GitHandle, _ callbacks: FetchCallbacks) throws(GitError)
        -> git_oid
    {
        var options = git_remote_connect_options()
        git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
        callbacks.install(in: &options.callbacks)
        options.proxy_opts.type = GIT_PROXY_AUTO
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        try callbacks.check { git_remote_connect_ext(remote.pointer, GIT_DIRECTION_FETCH, &options) }

        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try callbacks.check { git_remote_ls(&heads, &count, remote.pointer) }
        let advertised = UnsafeBufferPointer(start: heads, count: count).compactMap { $0?.pointee }
        for head in advertised where String(cString: head.name) == "refs/heads/\(request.branch)" {
            return head.oid
        }
        throw missingBranch(advertised.map { String(cString: $0.name) })
    }

    private func missingBranch(_ references: [String]) -> GitError {
        let prefix = "refs/heads/"
        let branches = references.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
        guard !branches.isEmpty else {
            return GitError(.empty, operation, "the repository has no commits yet; push the branch first")
        }
        let known = branches.sorted().prefix(10).joined(separator: ", ")
        return GitError(.notFound, operation, "the repository has no such branch; it has \(known)")
    }

    private func download(_ remote: borrowing GitHandle, _ callbacks: FetchCallbacks) throws(GitError) {
        var options = git_fetch_options()
        git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        callbacks.install(in: &options.callbacks)
        options.proxy_opts.type = GIT_PROXY_AUTO
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.prune = GIT_FETCH_NO_PRUNE
        options.update_fetchhead = 0
        let reference = FetchedReference.name(of: request.branch)
        try "+refs/heads/\(request.branch):\(reference)".withMutableCString { refspec throws(GitError) in
            var pointer: UnsafeMutablePointer<CChar>? = refspec
            try callbacks.check {
                withUnsafeMutablePointer(to: &pointer) { pointer in
                    var refspecs = git_strarray(strings: pointer, count: 1)
                    return git_remote_download(remote.pointer, &refspecs, &options)
                }
            }
        }
    }

    /// Points our reference at the tip, once the tip is known to be a commit that arrived.
    private func keep(_ tip: inout git_oid, in repository: borrowing GitHandle) throws(GitError) {
        _ = try GitHandle("read the fetched commit \(tip.hexadecimal)", free: git_commit_free) { pointer in
            git_commit_lookup(&pointer, repository.pointer, &tip)
        }
        let name = FetchedReference.name(of: request.branch)
        _ = try GitHandle("set \(name)", free: git_reference_free) { pointer in
            git_reference_create(&pointer, repository.pointer, name, &tip, 1, nil)
        }
    }
}

extension String {
    /// Lends a copy of the text as the C string that a function without `const` wants.
    func withMutableCString<Result>(
        _ body: (UnsafeMutablePointer<CChar>) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count + 1)
        defer { copy.deallocate() }
        for (offset, byte) in utf8.enumerated() { copy[offset] = CChar(bitPattern: byte) }
        copy[utf8.count] = 0
        return try body(copy)
    }
}
