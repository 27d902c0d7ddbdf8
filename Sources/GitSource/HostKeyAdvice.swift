/// What to tell an operator about the key that an ssh server showed.
enum HostKeyAdvice {
    /// The reason to refuse the connection, or nil if the key is trusted.
    static func reason(
        _ verdict: KnownHosts.Verdict, url: RepositoryURL, key: [UInt8], file: String
    ) -> String? {
        let shown = "\(KnownHosts.type(of: key)) \(KnownHosts.fingerprint(of: key))"
        let host = url.knownHostsName
        switch verdict {
        case .trusted: return nil
        case .revoked: return "\(file) lists the key that \(host) showed (\(shown)) as revoked"
        case .unknownHost: return "\(file) has no key for \(host), which showed \(shown); \(scan(url))"
        case .otherTypes(let types):
            return
                "\(file) has only \(types.joined(separator: ", ")) keys for \(host), which showed \(shown); "
                + scan(url)
        case .changed:
            return
                "\(host) showed \(shown), and \(file) has another key of that type: somebody may be intercepting"
                + " the connection; if the server really has a new key, replace the old line"
        }
    }

    /// How to pin the keys of the server.
    static func scan(_ url: RepositoryURL) -> String {
        let port = url.port.map { "-p \($0) " } ?? ""
        return
            "add what `ssh-keyscan \(port)\(url.host)` prints, after comparing the fingerprint with the server's"
    }
}
