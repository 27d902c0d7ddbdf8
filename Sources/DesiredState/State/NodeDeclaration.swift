/// `nodes` of a blueprint: the service that a party may have several instances of, each with data of its own.
///
/// eggroll 2.2 finds its nodemanagers by rows in its database and starts workers on every one of them, so a row
/// without a node fails every job, and a node without a row gets no work.
struct NodeDeclaration: Sendable {
    struct Place: Sendable {
        /// Path below `confs/`.
        var file: String
        var key: String
        var location: SourceLocation
    }

    var service: Located<String>
    /// Absolute path in the container.
    var directory: String
    /// Where the one port of all nodes is written.
    var port: Place?
    /// Where the number of nodes is written.
    var count: Place?
    /// Path below `confs/` of the SQL that registers the nodes; `nil` where they register themselves.
    var rows: Located<String>?

    static func read(_ reader: inout MapReader) -> NodeDeclaration? {
        let node = reader.node("service", .required)
        let service = node.flatMap { node in reader.collect { node.string("\"service\"", into: &$0) } }
        let directory = reader.value("directory", YAMLNode.containerPath, .required)
        let port = reader.map("port") { readPlace(&$0) } ?? nil
        let count = reader.map("count") { readPlace(&$0) } ?? nil
        let rows = reader.node("rows")
        let script = rows.flatMap { reader.relativePath($0) }
        guard let node, let service, let directory else { return nil }
        return NodeDeclaration(
            service: Located(service, at: node.location), directory: directory, port: port, count: count,
            rows: rows.flatMap { rows in script.map { Located($0, at: rows.location) } })
    }

    private static func readPlace(_ reader: inout MapReader) -> Place? {
        let file = reader.relativePath(reader.node("file", .required))
        guard let key = reader.string("key", .required), let file else { return nil }
        return Place(file: file, key: key, location: reader.location)
    }

    /// The config files that are named, with the places.
    var files: [(path: String, location: SourceLocation)] {
        let places = [port, count].compactMap(\.self).map { ($0.file, $0.location) }
        return places + [rows].compactMap(\.self).map { ($0.value, $0.location) }
    }
}

/// Compares the nodes of a party with what its config files say of them.
struct NodeCheck {
    let declaration: NodeDeclaration
    let party: PartyFile
    let files: RenderedFiles
    let compose: PartyCompose

    func check(into diagnostics: inout [Diagnostic]) {
        let nodes = party.instances[declaration.service.value, default: []]
        let names = [declaration.service.value] + nodes
        checkCount(names, into: &diagnostics)
        checkRows(names, into: &diagnostics)
    }

    private func checkCount(_ names: [String], into diagnostics: inout [Diagnostic]) {
        guard let place = declaration.count, let tree = files.trees[place.file],
            let value = tree.value(at: place.key), value.raw != String(names.count)
        else { return }
        let message =
            "\(place.key) of \(place.file) is \(value.shown), and the party has \(names.count) of service "
            + "\(declaration.service.value.inQuotes) (\(names.joined(separator: ", "))); both must be equal"
        diagnostics.append(Diagnostic(code: "E-NODE", at: value.location, message))
    }

    private func checkRows(_ names: [String], into diagnostics: inout [Diagnostic]) {
        guard let script = declaration.rows?.value, let file = files.specs.first(where: { $0.name == script })
        else { return }
        let source =
            party.confs[script] == nil
            ? "\(BlueprintFile.directory(of: party.blueprint ?? ""))/confs/\(script)"
            : "\(PartyFile.directory(of: party.id))/confs/\(script)"
        let rows = ServerNodeRow.all(in: String(decoding: file.content, as: UTF8.self), file: source)
            .filter { $0.kind == "NODE_MANAGER" }
        let port = declaration.port.flatMap { files.trees[$0.file]?.value(at: $0.key)?.raw }
        for name in names where !rows.contains(where: { compose.answers(to: $0.host, name) }) {
            let place = party.services.first { $0.name.value == name }?.name.location
            let row = "('\(name)', \(port ?? "4671"), 'NODE_MANAGER', 'HEALTHY')"
            let message =
                "service \(name.inQuotes) is a node, and \(script) has no row of server_node for it, so it gets no work: "
                + "add \(row) to \(PartyFile.directory(of: party.id))/confs/\(script)"
            diagnostics.append(
                Diagnostic(code: "E-NODE", at: place ?? SourceLocation(file: source), message))
        }
        for row in rows {
            if !names.contains(where: { compose.answers(to: row.host, $0) }) {
                let message =
                    "server_node has a row for \(row.host.inQuotes), and no service of the party answers to that name "
                    + "(nodes: \(names.joined(separator: ", "))); every job would wait for that node and fail"
                diagnostics.append(Diagnostic(code: "E-NODE", at: row.location, message))
            } else if let port, row.port != port, let place = declaration.port {
                let message =
                    "server_node has port \(row.port) for \(row.host.inQuotes), and \(place.key) of \(place.file) is "
                    + "\(port); all nodes listen on that one"
                diagnostics.append(Diagnostic(code: "E-NODE", at: row.location, message))
            }
        }
    }
}

extension PartyCompose {
    /// Whether a service can be found under the name on some network, or at it as an address.
    fileprivate func answers(to host: String, _ service: String) -> Bool {
        guard let container = project.services.first(where: { $0.spec.name == service })?.spec.container
        else { return false }
        return container.name == host
            || container.networks.values.contains { $0.aliases.contains(host) || $0.ipv4Address == host }
    }
}
