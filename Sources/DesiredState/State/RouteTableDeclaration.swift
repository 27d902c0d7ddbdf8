/// A file of a blueprint that is derived from the endpoints of all parties.
struct RouteTableDeclaration: Sendable {
    /// Whose table it is.
    enum Role: String, Sendable, CaseIterable {
        case party
        /// It passes messages on to every party, and none is for it.
        case exchange
    }

    /// An address inside the party's own network; its variables are not filled in.
    struct Hop: Sendable {
        var address: YAMLNode
        /// By the key in blueprint.yaml.
        var ports: [String: YAMLNode]

        var nodes: [YAMLNode] { [address] + ports.values }
    }

    /// Path below the directory for config files.
    var path: String
    var pathLocation: SourceLocation
    var format: RouteTableFormat
    var role: Role
    /// Where the party's own reader of the table listens.
    var own: Hop?
    /// Where the party's messages go in the end: FATE Flow, or the server of FATE-Serving.
    var backend: Hop?
    /// What OSX needs to dial with TLS, by the key in its table.
    var tls: [String: YAMLNode]
    /// Under which the proxy of a Pulsar exchange knows the parties.
    var domain: YAMLNode?

    /// Every node that may use variables.
    var templates: [YAMLNode] {
        let hops = [own, backend].flatMap { $0?.nodes ?? [] }
        return hops + tls.values + (domain.map { [$0] } ?? [])
    }

    /// Reads `routeTable`: one table, or a list of tables.
    static func readAll(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> [RouteTableDeclaration] {
        guard let elements = node.elements else {
            return [read(node, as: "\"routeTable\"", into: &diagnostics)].compactMap(\.self)
        }
        var tables: [RouteTableDeclaration] = []
        for element in elements {
            guard let table = read(element, as: "the route table", into: &diagnostics) else { continue }
            if let first = tables.first(where: { $0.path == table.path }) {
                let message =
                    "\(table.path.inQuotes) is listed twice, first in line \(first.pathLocation.line)"
                diagnostics.append(Diagnostic(code: "E-DUP", at: table.pathLocation, message))
            } else {
                tables.append(table)
            }
        }
        return tables
    }

    private static func read(
        _ node: YAMLNode, as what: String, into diagnostics: inout [Diagnostic]
    ) -> RouteTableDeclaration? {
        MapReader.read(node, as: what, into: &diagnostics) { read(&$0) } ?? nil
    }

    private static func read(_ reader: inout MapReader) -> RouteTableDeclaration? {
        let pathNode = reader.node("path", .required)
        let path = reader.relativePath(pathNode)
        let format = readFormat(&reader)
        let role = readRole(&reader, format)
        let isParty = role == .party
        let isOwnRequired = isParty && format.listsItself
        let own =
            reader.map("self", isOwnRequired ? .required : .optional) { reader in
                readHop(&reader, format.ownPorts.map { ($0.key, $0.isRequired ? .required : .optional) })
            } ?? nil
        var backend: Hop?
        if isParty, let key = format.backend {
            backend =
                reader.map(key, .required) { reader in
                    readHop(&reader, format.backendPorts.map { ($0, .required) })
                } ?? nil
        }
        let tls = format == .osx ? readTLS(&reader) : [:]
        let domain = format == .pulsar ? reader.node("domain") : nil
        guard let pathNode, let path, own != nil || !isOwnRequired,
            backend != nil || !isParty || format.backend == nil
        else { return nil }
        return RouteTableDeclaration(
            path: path, pathLocation: pathNode.location, format: format, role: role, own: own,
            backend: backend, tls: tls, domain: domain)
    }

    /// The format; after a report the likeliest, so that the other keys are judged by it.
    private static func readFormat(_ reader: inout MapReader) -> RouteTableFormat {
        guard let node = reader.node("format", .required),
            let text = reader.collect({ node.string("\"format\"", into: &$0) })
        else { return .rollsite }
        if let format = RouteTableFormat(rawValue: text) { return format }
        let known = RouteTableFormat.allCases.map(\.rawValue)
        reader.reportChoice("format", text, of: known, at: node.location)
        return nearest(text, in: known).flatMap(RouteTableFormat.init) ?? .rollsite
    }

    private static func readRole(_ reader: inout MapReader, _ format: RouteTableFormat) -> Role {
        guard let node = reader.node("role"),
            let text = reader.collect({ node.string("\"role\"", into: &$0) })
        else { return .party }
        guard let role = Role(rawValue: text) else {
            reader.reportChoice("role", text, of: Role.allCases.map(\.rawValue), at: node.location)
            return .party
        }
        if role == .exchange, !format.servesExchanges {
            let able = RouteTableFormat.allCases.filter(\.servesExchanges).map(\.rawValue)
            let message =
                "an exchange has no table of format \(format.rawValue), only of \(able.joined(separator: " and "))"
            reader.report("E-VALUE", at: node.location, message)
        }
        return role
    }

    private static func readHop(
        _ reader: inout MapReader, _ keys: [(String, MapReader.Presence)]
    ) -> Hop? {
        let address = reader.node("address", .required)
        var ports: [String: YAMLNode] = [:]
        var isWhole = true
        for (key, presence) in keys {
            ports[key] = reader.node(key, presence)
            if presence == .required, ports[key] == nil { isWhole = false }
        }
        guard let address, isWhole else { return nil }
        return Hop(address: address, ports: ports)
    }

    private static func readTLS(_ reader: inout MapReader) -> [String: YAMLNode] {
        reader.map("tls") { reader in
            var nodes: [String: YAMLNode] = [:]
            for key in RouteTable.tlsKeys { nodes[key] = reader.node(key) }
            return nodes
        } ?? [:]
    }
}
