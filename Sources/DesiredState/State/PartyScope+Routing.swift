extension PartyScope {
    /// The derived files of the party, without the ways to others.
    func routeTables(in confs: String?, into diagnostics: inout [Diagnostic]) -> [RouteTable] {
        blueprint.routeTables.compactMap { routeTable($0, in: confs, into: &diagnostics) }
    }

    private func routeTable(
        _ declaration: RouteTableDeclaration, in confs: String?, into diagnostics: inout [Diagnostic]
    ) -> RouteTable? {
        let errors = diagnostics.errorCount
        let own = declaration.own.flatMap { hop($0, "\"self\"", into: &diagnostics) }
        let backend = declaration.backend.flatMap { hop in
            self.hop(hop, (declaration.format.backend ?? "").inQuotes, into: &diagnostics)
        }
        var tls: [String: String] = [:]
        for (key, node) in declaration.tls {
            tls[key] = fill(node, &diagnostics).string(key.inQuotes, into: &diagnostics)
        }
        let domain = declaration.domain.flatMap { node in
            fill(node, &diagnostics).string("\"domain\"", into: &diagnostics)
        }
        guard let confs, diagnostics.errorCount == errors else { return nil }
        let listed = blueprint.files.first { $0.path == declaration.path }
        return RouteTable(
            party: party.id, format: declaration.format, role: declaration.role,
            path: "\(confs)/\(declaration.path)", name: declaration.path,
            effect: listed?.rule.effect ?? declaration.format.effect, own: own, backend: backend,
            exchangePlace: exchangePlace, tls: tls, domain: domain)
    }

    private var exchangePlace: RouteTable.Exchange? {
        switch federation?.exchange?.place {
        case .endpoint(let endpoint)?: .endpoint(endpoint)
        case .party(let id)?: .party(id.value)
        case nil: nil
        }
    }

    private func hop(
        _ hop: RouteTableDeclaration.Hop, _ what: String, into diagnostics: inout [Diagnostic]
    ) -> RouteTable.Hop? {
        let node = fill(hop.address, &diagnostics)
        var ports: [String: Int] = [:]
        for (key, port) in hop.ports {
            let name = key == "port" ? "the port of \(what)" : "\(key.inQuotes) of \(what)"
            let value = fill(port, &diagnostics).integer(name, in: 1...65535, into: &diagnostics)
            ports[key] = value.map(Int.init)
        }
        guard let address = node.string("the address of \(what)", into: &diagnostics) else { return nil }
        // A name on the party's own network may have underscores, which a DNS name may not.
        guard !address.isEmpty, address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
        else {
            let message =
                "the address of \(what) must be a host name or an IPv4 address, found \(address.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-HOST", at: node.location, message))
            return nil
        }
        return ports.count == hop.ports.count ? RouteTable.Hop(address: address, ports: ports) : nil
    }
}
