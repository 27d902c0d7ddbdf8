internal import CGit2

extension FetchCallbacks {
    /// Called for every encrypted connection, before anything is sent over it.
    func checkServer(
        _ certificate: UnsafeMutablePointer<git_cert>?, isValid: Bool, host: String?
    ) throws(GitError) {
        guard let certificate, host?.lowercased() == url.host else {
            throw GitError(.certificate, operation, "the connection went to \(host ?? "an unnamed host")")
        }
        switch (certificate.pointee.cert_type, url.transport) {
        case (GIT_CERT_HOSTKEY_LIBSSH2, .ssh):
            try certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) {
                key throws(GitError) in
                try checkHostKey(key.pointee)
            }
        case (GIT_CERT_X509, .https):
            guard !isValid else { return }
            let file = request.caFile ?? ServerCertificates.systemFile
            throw GitError(
                .certificate, operation,
                "no certificate in \(file) vouches for the server's; name the file with its issuer as CA file"
            )
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
