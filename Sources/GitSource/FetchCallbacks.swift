internal import CGit2

/// What libgit2 asks during a fetch: is this server the right one, what is the credential, shall it go on.
///
/// A callback cannot throw: it keeps its error here and tells libgit2 to stop; `check` then throws the kept error,
/// which says more than libgit2's own. The object must outlive the remote that it is installed for.
final class FetchCallbacks {
    let url: RepositoryURL
    let request: FetchRequest
    let operation: String
    private var failure: GitError?
    private var hasAnswered = false
    /// Kept so that no message can repeat it.
    private var token: String?

    init(url: RepositoryURL, request: FetchRequest, operation: String) {
        self.url = url
        self.request = request
        self.operation = operation
    }

    /// Puts the callbacks and this object, as their payload, into `callbacks`.
    func install(in callbacks: inout git_remote_callbacks) {
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { answer, _, user, allowed, payload in
            FetchCallbacks.from(payload).stopping { fetch throws(GitError) in
                try fetch.answerCredential(answer, user: user.map { String(cString: $0) }, allowed: allowed)
            }
        }
        callbacks.certificate_check = { certificate, isValid, host, payload in
            FetchCallbacks.from(payload).stopping { fetch throws(GitError) in
                try fetch.checkServer(certificate, isValid: isValid == 1, host: host.map { String(cString: $0) })
            }
        }
        callbacks.transfer_progress = { progress, payload in
            FetchCallbacks.from(payload).stopping { fetch throws(GitError) in
                try fetch.checkSize(progress?.pointee.received_bytes ?? 0)
            }
        }
    }

    /// Runs a call of libgit2 that may use the callbacks.
    func check(_ call: () -> Int32) throws(GitError) {
        do throws(GitError) {
            try GitError.check(operation, call)
        } catch {
            if let failure { throw failure }
            throw explained(error)
        }
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> FetchCallbacks {
        guard let payload else { preconditionFailure("libgit2 lost the payload of a callback") }
        return Unmanaged<FetchCallbacks>.fromOpaque(payload).takeUnretainedValue()
    }

    private func stopping(_ body: (FetchCallbacks) throws(GitError) -> Void) -> Int32 {
        do throws(GitError) {
            try body(self)
            return 0
        } catch {
            failure = failure ?? error
            // libgit2 asks again for some codes; GIT_EUSER always ends the fetch.
            return GIT_EUSER.rawValue
        }
    }

    private func explained(_ error: GitError) -> GitError {
        var reason = error.reason
        if let token, !token.isEmpty { reason = reason.split(separator: token).joined(separator: "***") }
        switch (error.code, url.transport) {
        case (.notFound, .local): reason = "there is no git repository at \(url.path)"
        case (.notFound, .http), (.notFound, .https):
            reason += "; check the path, and whether the token may read the repository"
        default: break
        }
        return GitError(error.code, operation, reason)
    }

    private func checkSize(_ received: Int) throws(GitError) {
        guard received > Limits.receivedBytes else { return }
        throw GitError(.limit, operation, "the server sent more than \(Limits.receivedBytes >> 20) MiB")
    }
}

extension FetchCallbacks {
    /// Answers once: a server that asks again refused the answer.
    private func answerCredential(
        _ answer: UnsafeMutablePointer<OpaquePointer?>?, user: String?, allowed: UInt32
    ) throws(GitError) {
        if url.transport == .ssh, allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return try GitError.check(operation) { git_credential_username_new(answer, url.loginName) }
        }
        guard !hasAnswered else { throw refusedCredential() }
        hasAnswered = true
        switch url.transport {
        case .ssh: try answerKey(answer, allowed: allowed)
        case .http, .https: try answerToken(answer, allowed: allowed)
        case .local: throw GitError(.other, operation, "a local repository asked for a credential")
        }
    }

    private func answerToken(_ answer: UnsafeMutablePointer<OpaquePointer?>?, allowed: UInt32) throws(GitError) {
        guard let file = request.tokenFile else {
            throw GitError(.authentication, operation, "the server wants a credential; name a token file")
        }
        guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0 else {
            throw GitError(.authentication, operation, "the server does not take a password (Basic authentication)")
        }
        let secret = try CredentialFile(file, holding: "token").line()
        token = secret
        // Hosting services look at the token alone; this is the user that works with all of them.
        let user = url.user ?? "x-access-token"
        try GitError.check(operation) { git_credential_userpass_plaintext_new(answer, user, secret) }
    }

    private func answerKey(_ answer: UnsafeMutablePointer<OpaquePointer?>?, allowed: UInt32) throws(GitError) {
        guard let file = request.sshKeyFile else {
            throw GitError(.authentication, operation, "the server wants a key; name an ssh key file")
        }
        guard allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 else {
            throw GitError(.authentication, operation, "the server does not take ssh keys")
        }
        try CredentialFile(file, holding: "ssh key").check()
        try GitError.check(operation) { git_credential_ssh_key_new(answer, url.loginName, nil, file, nil) }
    }

    private func refusedCredential() -> GitError {
        let reason =
            switch url.transport {
            case .ssh:
                "the server refused the key in \(request.sshKeyFile ?? "") for user \(url.loginName); add its public"
                    + " half to the server; RSA keys are refused by most servers, an ed25519 key is not"
            default: "the server refused the token in \(request.tokenFile ?? "")"
            }
        return GitError(.authentication, operation, reason)
    }
}

extension FetchCallbacks {
    /// Called for every encrypted connection, before anything is sent over it.
    private func checkServer(
        _ certificate: UnsafeMutablePointer<git_cert>?, isValid: Bool, host: String?
    ) throws(GitError) {
        guard let certificate, host?.lowercased() == url.host else {
            throw GitError(.certificate, operation, "the connection went to \(host ?? "an unnamed host")")
        }
        switch (certificate.pointee.cert_type, url.transport) {
        case (GIT_CERT_HOSTKEY_LIBSSH2, .ssh):
            try certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) { key throws(GitError) in
                try checkHostKey(key.pointee)
            }
        case (GIT_CERT_X509, .https):
            guard !isValid else { return }
            let file = request.caFile ?? ServerCertificates.systemFile
            throw GitError(
                .certificate, operation,
                "no certificate in \(file) vouches for the server's; name the file with its issuer as CA file")
        default: throw GitError(.certificate, operation, "the server showed no certificate")
        }
    }

    private func checkHostKey(_ shown: git_cert_hostkey) throws(GitError) {
        guard let file = request.knownHostsFile else {
            throw GitError(.hostKey, operation, "ssh needs a known_hosts file; \(HostKeyAdvice.scan(url))")
        }
        guard shown.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let raw = shown.hostkey else {
            throw GitError(.hostKey, operation, "libssh2 does not give the server's key")
        }
        let key = [UInt8](UnsafeRawBufferPointer(start: raw, count: shown.hostkey_len))
        let known = KnownHosts(try CredentialFile(file, holding: "known_hosts").text())
        let verdict = known.verdict(on: key, of: url.knownHostsName)
        guard let reason = HostKeyAdvice.reason(verdict, url: url, key: key, file: file) else { return }
        throw GitError(.hostKey, operation, reason)
    }
}
