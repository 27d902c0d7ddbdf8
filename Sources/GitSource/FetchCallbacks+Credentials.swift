internal import CGit2

extension FetchCallbacks {
    /// Where libgit2 wants the credential.
    typealias CredentialSlot = UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>

    /// Answers once: a server that asks again refused the answer.
    func answerCredential(
        _ answer: CredentialSlot?, at address: String, allowed: UInt32
    ) throws(GitError) {
        if url.transport == .ssh, allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return try GitError.check(operation) { git_credential_username_new(answer, url.loginName) }
        }
        guard address == url.address || address.hasPrefix(url.origin + "/") else {
            throw GitError(
                .invalid, operation, "the server redirects to \(address), which gets no credential")
        }
        guard !hasAnswered else { throw refusedCredential() }
        hasAnswered = true
        switch url.transport {
        case .ssh: try answerKey(answer, allowed: allowed)
        case .http, .https: try answerToken(answer, allowed: allowed)
        case .local: throw GitError(.other, operation, "a local repository asked for a credential")
        }
    }

    private func answerToken(_ answer: CredentialSlot?, allowed: UInt32) throws(GitError) {
        guard let file = request.tokenFile else {
            throw GitError(.authentication, operation, "the server wants a credential; name a token file")
        }
        guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0 else {
            throw GitError(
                .authentication, operation, "the server does not take a password (Basic authentication)")
        }
        let secret = try CredentialFile(file, holding: "token").line()
        token = secret
        // Hosting services look at the token alone; this is the user that works with all of them.
        let user = url.user ?? "x-access-token"
        try GitError.check(operation) { git_credential_userpass_plaintext_new(answer, user, secret) }
    }

    private func answerKey(_ answer: CredentialSlot?, allowed: UInt32) throws(GitError) {
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
