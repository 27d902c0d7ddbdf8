/// Finds TLS settings of rollsite that silently leave traffic in plaintext.
///
/// rollsite serves TLS beside its plain port once it has a certificate and a key, on a port of its own that somebody
/// has to publish. It dials with TLS only if it has a certificate authority for that and the route table says
/// `is_secure` of the other party. Whatever is missing, it says nothing and uses the plain port.
struct RollsiteSecurity {
    /// Where rollsite listens without TLS.
    let port: Int
    let compose: PartyCompose

    private static let prefix = "eggroll.core.security."
    /// Where rollsite listens with TLS unless it is told otherwise.
    private static let defaultPort = 9380

    /// How rollsite dials others.
    struct Client: Sendable {
        /// The properties file below `confs/`.
        var file: String
        /// Whether it knows whom to trust, without which it uses no TLS.
        var hasAuthority: Bool
        /// Whether anything of TLS is set.
        var isConfigured: Bool
        var location: SourceLocation
    }

    /// Reports what is missing for serving TLS; what is missing for dialling depends on the other parties.
    func check(_ files: RenderedFiles, into diagnostics: inout [Diagnostic]) -> Client? {
        var client: Client?
        for (path, tree) in files.trees.sorted(by: { $0.key < $1.key }) where path.hasSuffix(".properties") {
            guard let port = tree["eggroll.rollsite.port"] else { continue }
            checkServer(path, tree, into: &diagnostics)
            let authority = setting("client.ca.crt.path", tree)
            let others = ["ca.crt.path", "crt.path", "key.path", "client.crt.path", "client.key.path"]
            let first = authority ?? others.lazy.compactMap { setting($0, tree) }.first
            client = Client(
                file: path, hasAuthority: authority != nil, isConfigured: first != nil,
                location: (first ?? port).location)
        }
        return client
    }

    private func checkServer(_ path: String, _ tree: YAMLNode, into diagnostics: inout [Diagnostic]) {
        let keys = ["crt.path", "key.path"]
        let set = keys.compactMap { setting($0, tree) }
        guard let first = set.first else { return }
        if set.count < keys.count {
            let missing = keys.first { setting($0, tree) == nil } ?? ""
            let message =
                "rollsite serves no TLS: \(path) does not set \(Self.prefix)\(missing); what others send "
                + "arrives in plaintext"
            return diagnostics.append(Diagnostic(code: "E-TLS", at: first.location, message))
        }
        let node = tree["eggroll.rollsite.secure.port"]
        let port = node.flatMap { Int($0.raw) } ?? Self.defaultPort
        guard let rollsite = compose.ports(besides: self.port) else { return }
        guard !rollsite.bindings.contains(where: { $0.containerPort == port }) else { return }
        let message =
            "rollsite serves TLS on port \(port) of its container, which service "
            + "\(rollsite.service.inQuotes) does not publish, so others reach its plain port only; publish "
            + "it, or set eggroll.rollsite.secure.port"
        diagnostics.append(
            Diagnostic(.warning, code: "W-TLS", at: (node ?? first).location, message))
    }

    /// The value of a setting that is not blank.
    private func setting(_ name: String, _ tree: YAMLNode) -> YAMLNode? {
        guard let node = tree[Self.prefix + name], node.raw.contains(where: { $0 != " " }) else { return nil }
        return node
    }
}

extension RollsiteSecurity.Client {
    /// What is set for TLS and comes to nothing; `nil` when nothing is, or when some other party or the exchange
    /// expects TLS: what is missing then is said where the ways are known.
    func warning(isExpected: Bool) -> Diagnostic? {
        guard isConfigured, !isExpected else { return nil }
        let reason =
            hasAuthority
            ? "the endpoint of no other party says \"secure: true\""
            : "\(file) does not set eggroll.core.security.client.ca.crt.path"
        return Diagnostic(
            .warning, code: "W-TLS", at: location,
            "rollsite sends in plaintext to every party, because \(reason)")
    }
}
