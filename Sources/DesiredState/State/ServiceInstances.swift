/// Services of party.yaml laid beside those of compose.yaml: further instances of one, each on a host of its own.
struct ServiceInstances {
    private let party: PartyFile
    private let known: [String]
    private(set) var diagnostics: [Diagnostic] = []

    init(of party: PartyFile, known: [String]) {
        self.party = party
        self.known = known
    }

    /// compose.yaml with every instance that party.yaml adds; what cannot be added is reported and left out.
    mutating func adding(to compose: YAMLNode) -> YAMLNode {
        guard let services = compose["services"] else { return compose }
        var added: [YAMLEntry] = []
        for service in party.services {
            guard let base = service.extended else {
                if !known.contains(service.name.value) {
                    diagnostics.append(
                        .unknownReference(
                            "service", service.name.value, in: known, at: service.name.location))
                }
                continue
            }
            guard let original = services[base.value] else {
                diagnostics.append(
                    .unknownReference("service", base.value, in: known, at: base.location))
                continue
            }
            guard !known.contains(service.name.value) else {
                let message =
                    "\(service.name.value.inQuotes) is a service of the blueprint; \"extends\" makes another one, "
                    + "so give it a name of its own"
                diagnostics.append(Diagnostic(code: "E-NAME", at: service.name.location, message))
                continue
            }
            checkHost(of: service, base)
            let node = original.instance(of: base.value, as: service.name)
            added.append(
                YAMLEntry(key: service.name.value, keyLocation: service.name.location, value: node))
        }
        guard !added.isEmpty else { return compose }
        let node = YAMLNode(location: services.location, content: .map(added))
        let section = YAMLEntry(key: "services", keyLocation: services.location, value: node)
        return compose.merging(YAMLNode(location: compose.location, content: .map([section])))
    }

    /// Instances have the same directories and ports, so one host has room for one of them.
    private mutating func checkHost(of service: PlacedService, _ base: Located<String>) {
        guard let host = service.host else { return }
        let others = party.services.filter {
            $0.name.value != service.name.value
                && ($0.name.value == base.value || $0.extended?.value == base.value)
        }
        let own = others.contains { $0.name.value == base.value } ? nil : party.host.map { (base.value, $0) }
        let places = others.compactMap { other in other.host.map { (other.name.value, $0.value) } }
        guard let other = (places + [own].compactMap(\.self)).first(where: { $0.1 == host.value }) else {
            return
        }
        let message =
            "service \(other.0.inQuotes) runs on host \(host.value) already, and both have the same directories; "
            + "each instance of \(base.value.inQuotes) needs a host of its own"
        diagnostics.append(Diagnostic(code: "E-HOST", at: host.location, message))
    }
}

extension PartyFile {
    /// The services that the party adds, by the one of the blueprint that each is another instance of.
    var instances: [String: [String]] {
        services.reduce(into: [:]) { result, service in
            guard let base = service.extended else { return }
            result[base.value, default: []].append(service.name.value)
        }
    }
}

extension YAMLNode {
    /// The service under another name: nothing else may answer to the names and addresses of the original.
    fileprivate func instance(of base: String, as name: Located<String>) -> YAMLNode {
        guard var entries else { return self }
        for index in entries.indices {
            switch entries[index].key {
            case "container_name": entries[index].value = entries[index].value.renamed(base, name.value)
            case "networks": entries[index].value = entries[index].value.withOwnAddress(base, name.value)
            default: continue
            }
        }
        var node = self
        node.content = .map(entries)
        return node
    }

    /// A container name that ends with the service's, or else gets the new name as its end.
    private func renamed(_ base: String, _ name: String) -> YAMLNode {
        guard case .string(let text) = content else { return self }
        let stem = text.hasSuffix(base) ? String(text.dropLast(base.count)) : text + "_"
        var node = self
        node.content = .string(stem + name)
        node.raw = stem + name
        return node
    }

    private func withOwnAddress(_ base: String, _ name: String) -> YAMLNode {
        guard case .map(let networks) = content else { return self }
        var node = self
        node.content = .map(
            networks.map { network in
                guard let keys = network.value.entries else { return network }
                var network = network
                network.value.content = .map(
                    keys.compactMap { entry in
                        if entry.key == "ipv4_address" { return nil }
                        guard entry.key == "aliases", let elements = entry.value.elements else {
                            return entry
                        }
                        var entry = entry
                        entry.value.content = .list(elements.filter { $0.raw != base })
                        return entry
                    })
                return network
            })
        return node
    }
}
