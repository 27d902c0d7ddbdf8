extension PartyScope {
    /// The port that other parties dial: the party's own statement, or the blueprint's.
    func endpointPort(published: [PortBinding]?, into diagnostics: inout [Diagnostic]) -> Int? {
        guard let endpoint = party.endpoint else { return nil }
        var port = endpoint.port
        var location = endpoint.portLocation
        if port == nil {
            guard let template = blueprint.endpointPort else {
                let message = "\"endpoint\" needs \"port\": the blueprint \(blueprint.name) states none"
                diagnostics.append(Diagnostic(code: "E-REQUIRED", at: endpoint.location, message))
                return nil
            }
            let node = fill(template, &diagnostics)
            port = node.integer("\"endpoint.port\"", in: 1...65535, into: &diagnostics).map(Int.init)
            location = blame.origin(of: node.location) ?? node.location
        }
        if let port, let published { warn(port, published, at: location, into: &diagnostics) }
        return port
    }

    /// Warns of an endpoint that no rollsite of the party answers; a router in between may translate ports.
    private func warn(
        _ port: Int, _ published: [PortBinding], at location: SourceLocation,
        into diagnostics: inout [Diagnostic]
    ) {
        let wanted = ownHop?.port
        let bindings = published.filter { $0.hostPort == port && $0.proto == "tcp" }
        guard let binding = bindings.first else {
            let known = Set(published.filter { $0.hostPort > 0 }.map(\.hostPort)).sorted()
            let list = known.isEmpty ? "none" : known.map(String.init).joined(separator: ", ")
            let message =
                "others dial port \(port), which no service of the party publishes (published: \(list))"
            return diagnostics.append(Diagnostic(.warning, code: "W-ENDPOINT", at: location, message))
        }
        if let wanted, !bindings.contains(where: { $0.containerPort == wanted }) {
            let message =
                "others dial port \(port), which leads to port \(binding.containerPort) of a container, "
                + "but rollsite listens on \(wanted)"
            diagnostics.append(Diagnostic(.warning, code: "W-ENDPOINT", at: location, message))
        }
    }

    /// The derived file of the party, without the ways to others.
    func routeTable(in confs: String?, into diagnostics: inout [Diagnostic]) -> RouteTable? {
        guard let declaration = blueprint.routeTable else { return nil }
        let own = hop(declaration.own, "\"self\"", into: &diagnostics)
        let fateflow = hop(declaration.fateflow, "\"fateflow\"", into: &diagnostics)
        guard let confs, let own, let fateflow else { return nil }
        let listed = blueprint.files.first { $0.path == declaration.path }
        let exchange = federation?.exchange.flatMap { exchange in
            exchange.port.map { RouteTable.Hop(address: exchange.address, port: $0) }
        }
        return RouteTable(
            path: "\(confs)/\(declaration.path)", name: declaration.path,
            effect: listed?.effect ?? .reload(withinSeconds: 60), own: own, fateflow: fateflow,
            exchange: exchange)
    }

    /// Where the party's rollsite listens; a mistake in it is reported with the route table.
    private var ownHop: RouteTable.Hop? {
        var reportedElsewhere: [Diagnostic] = []
        return blueprint.routeTable.flatMap { hop($0.own, "\"self\"", into: &reportedElsewhere) }
    }

    private func hop(
        _ hop: RouteTableDeclaration.Hop, _ what: String, into diagnostics: inout [Diagnostic]
    ) -> RouteTable.Hop? {
        let node = fill(hop.address, &diagnostics)
        let port = fill(hop.port, &diagnostics)
            .integer("the port of \(what)", in: 1...65535, into: &diagnostics)
        guard let address = node.string("the address of \(what)", into: &diagnostics) else { return nil }
        // A name on the party's own network may have underscores, which a DNS name may not.
        guard !address.isEmpty, address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
        else {
            let message =
                "the address of \(what) must be a host name or an IPv4 address, found \(address.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-HOST", at: node.location, message))
            return nil
        }
        return port.map { RouteTable.Hop(address: address, port: Int($0)) }
    }
}
