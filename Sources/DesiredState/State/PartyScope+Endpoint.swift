extension PartyFile {
    /// How the others reach the party, once it is known where they dial it.
    func route(_ endpoint: Endpoint?, _ federation: FederationFile?) -> PartyRoute {
        let isBehindExchange = self.endpoint?.way.map { $0.value == .exchange }
        return PartyRoute(
            party: id, endpoint: endpoint, host: host,
            isBehindExchange: isBehindExchange ?? (federation?.exchange?.traffic == .all),
            isExchange: federation?.exchange?.party == id)
    }

    /// Reports a way through an exchange that there is not.
    func checkWay(_ federation: FederationFile?, into diagnostics: inout [Diagnostic]) {
        guard let way = endpoint?.way, way.value == .exchange, let federation, federation.exchange == nil
        else { return }
        let message = "\"via: exchange\" needs an \"exchange\" in \(FederationFile.path)"
        diagnostics.append(Diagnostic(code: "E-ROUTE", at: way.location, message))
    }
}

extension PartyScope {
    /// How the others reach the party: its own statement, completed by the blueprint's; `nil` after a report.
    func route(published: [PortBinding]?, into diagnostics: inout [Diagnostic]) -> PartyRoute? {
        guard let declared = party.endpoint else { return nil }
        party.checkWay(federation, into: &diagnostics)
        var route = party.route(nil, federation)
        route.isExchange = route.isExchange || blueprint.routeTables.contains { $0.role == .exchange }
        guard let address = declared.address else { return route }
        var ports = declared.ports
        for (port, template) in blueprint.endpointPorts where ports[port] == nil {
            let node = fill(template, &diagnostics)
            let what = "\"endpoint.\(port.key)\""
            guard let value = node.integer(what, in: 1...65535, into: &diagnostics) else { return nil }
            ports[port] = Located(Int(value), at: blame.origin(of: node.location) ?? node.location)
        }
        guard !ports.isEmpty else {
            let message = "\"endpoint\" needs \"port\": the blueprint \(blueprint.name) states none"
            diagnostics.append(Diagnostic(code: "E-REQUIRED", at: declared.location, message))
            return nil
        }
        let isSecure =
            declared.isSecure
            ?? blueprint.endpointSecure.map { fill($0, &diagnostics) }?
            .boolean("\"endpoint.secure\"", into: &diagnostics) ?? false
        for port in EndpointPort.allCases {
            guard let dialled = ports[port], let published else { continue }
            warn(port, dialled, isSecure: isSecure, published, into: &diagnostics)
        }
        route.endpoint = Endpoint(address, ports.mapValues(\.value), isSecure: isSecure)
        return route
    }

    /// Warns of a port that leads to nothing that answers there; a router in between may translate ports.
    private func warn(
        _ port: EndpointPort, _ dialled: Located<Int>, isSecure: Bool, _ published: [PortBinding],
        into diagnostics: inout [Diagnostic]
    ) {
        let bindings = published.filter { $0.hostPort == dialled.value && $0.proto == "tcp" }
        guard let binding = bindings.first else {
            let known = Set(published.filter { $0.hostPort > 0 }.map(\.hostPort)).sorted()
            let list = known.isEmpty ? "none" : known.map(String.init).joined(separator: ", ")
            let message =
                "others dial port \(dialled.value), which no service of the party publishes (published: \(list))"
            return diagnostics.append(
                Diagnostic(.warning, code: "W-ENDPOINT", at: dialled.location, message))
        }
        guard let listener = listener(at: port, isSecure: isSecure),
            !bindings.contains(where: { $0.containerPort == listener.port })
        else { return }
        let message =
            "others dial port \(dialled.value), which leads to port \(binding.containerPort) of a container, "
            + "but \(listener.program) listens on \(listener.port)"
        diagnostics.append(Diagnostic(.warning, code: "W-ENDPOINT", at: dialled.location, message))
    }

    /// What answers at a port of the endpoint, and on which port of its container.
    private func listener(at port: EndpointPort, isSecure: Bool) -> (program: String, port: Int)? {
        // A mistake in it is reported with the route table.
        var reportedElsewhere: [Diagnostic] = []
        for table in blueprint.routeTables {
            let own = table.format.ownPorts.first {
                $0.dialledAs == port && (port != .port || $0.isSecure == isSecure)
            }
            guard let own, let node = table.own?.ports[own.key] else { continue }
            let value = fill(node, &reportedElsewhere)
                .integer("", in: 1...65535, into: &reportedElsewhere)
            return value.map { (table.format.program, Int($0)) }
        }
        return nil
    }
}
