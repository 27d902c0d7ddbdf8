extension ServiceDecoder {
    /// Networks, published ports and names.
    mutating func readNetworking(_ reader: inout MapReader) {
        let hasMode = readMode(&reader)
        readNetworks(&reader, hasMode: hasMode)
        readPorts(&reader)
        container.hostname = reader.value("hostname", YAMLNode.hostName)
        container.extraHosts = reader.extraHosts()
        refuseWithoutNetwork(&reader)
    }

    private mutating func readPorts(_ reader: inout MapReader) {
        for element in reader.list("ports") ?? [] {
            let bindings =
                if element.entries != nil {
                    reader.collect { PortMapping.longForm(element, into: &$0) }.map { [$0] }
                } else {
                    reader.attempt("an element of \"ports\"", element, PortMapping.bindings)
                }
            for binding in bindings ?? [] {
                container.ports.insert(binding)
                service.ports.append(Located(binding, at: element.location))
            }
        }
        for ports in reader.values("expose", PortMapping.exposed) {
            container.exposedPorts.formUnion(ports.value)
        }
    }

    /// Whether `network_mode` is given.
    private mutating func readMode(_ reader: inout MapReader) -> Bool {
        guard let node = reader.node("network_mode") else { return false }
        let modes = ["bridge", "none", "host"]
        container.networkMode = reader.attempt("\"network_mode\"", node) { node throws(ComposeMistake) in
            if let shared = try sharedNamespace(node) { return shared }
            let text = try node.openWord()
            if modes.contains(text) { return text }
            if scope.network(text) != nil {
                throw ComposeMistake("cannot be the network \(text.inQuotes); list it under \"networks\"")
            }
            return try node.choice(of: modes + ["service:NAME", "container:NAME"])
        }
        if reader.node("networks") != nil {
            let message = "\"network_mode\" and \"networks\" exclude each other; remove one of them"
            reader.report("E-EXCLUSIVE", at: reader.location(of: "network_mode"), message)
        }
        return true
    }

    /// `container:NAME` for a namespace of another service or container; `nil` for any other text.
    mutating func sharedNamespace(_ node: YAMLNode) throws(ComposeMistake) -> String? {
        let text = try node.openWord()
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard halves.count == 2 else { return nil }
        switch halves[0] {
        case "service":
            return "container:" + (try reference(node, to: halves[1]))
        case "container":
            guard halves[1].isDockerName else {
                throw node.mistake("must name a container behind container:")
            }
            if let owner = scope.service(ofContainer: halves[1]) { _ = try reference(node, to: owner) }
            return text
        default:
            return nil
        }
    }

    private mutating func readNetworks(_ reader: inout MapReader, hasMode: Bool) {
        guard let node = reader.node("networks") else {
            if !hasMode { join("default") }
            return
        }
        switch node.content {
        case .list(let elements):
            for element in elements {
                let what = "an element of \"networks\""
                guard let network = reader.attempt(what, element, network) else { continue }
                join(network.key)
            }
        case .map(let entries):
            for entry in entries { readNetwork(entry, &reader) }
        default:
            reader.report(
                "E-TYPE", at: node.location, "\"networks\" must be a list or a map, found \(node.typeName)")
        }
        if container.networks.isEmpty, !hasMode, node.elements?.isEmpty ?? node.entries?.isEmpty ?? false {
            join("default")
        }
    }

    private func network(of node: YAMLNode) throws(ComposeMistake) -> ComposeNetwork {
        let key = try node.openWord()
        if let network = scope.network(key) { return network }
        throw scope.unknown("network", key, in: scope.networks.map(\.key))
    }

    /// Like Compose, lets a service be found by its name on every network that it is on.
    private mutating func join(_ key: String, aliases: [String] = [], address: String? = nil) {
        guard let network = scope.network(key) else { return }
        container.networks[network.spec.name] = EndpointSpec(
            aliases: Set(aliases + [name]), ipv4Address: address)
    }

    private mutating func readNetwork(_ entry: YAMLEntry, _ reader: inout MapReader) {
        let key = YAMLNode.quoted(entry.key, at: entry.keyLocation)
        guard let network = reader.attempt("\"networks\"", key, network) else { return }
        guard !entry.value.isNull else { return join(entry.key) }
        var diagnostics: [Diagnostic] = []
        _ = MapReader.read(entry.value, as: entry.key.inQuotes, into: &diagnostics) { reader in
            let aliases = reader.values("aliases", YAMLNode.alias).map(\.value)
            var address: String?
            if let node = reader.node("ipv4_address") {
                address = reader.attempt("\"ipv4_address\"", node, network.hostAddress)
                if let address {
                    service.addresses.append(
                        ComposeAddress(
                            network: network.spec.name, address: Located(address, at: node.location)))
                }
            }
            join(entry.key, aliases: aliases, address: address)
        }
        reader.collect { $0 += diagnostics }
    }

    /// Reports keys that the engine ignores or refuses where the network is not the container's own.
    private func refuseWithoutNetwork(_ reader: inout MapReader) {
        guard let mode = container.networkMode, mode != "bridge" else { return }
        let isShared = mode.hasPrefix("container:")
        for key in ["ports"] + (isShared ? ["expose", "hostname", "extra_hosts"] : [])
        where reader.node(key) != nil {
            let message =
                "\(key.inQuotes) cannot be given with this \"network_mode\": the container has no "
                + "network of its own"
            reader.report("E-EXCLUSIVE", at: reader.location(of: key), message)
        }
    }
}

extension ComposeNetwork {
    /// An address that a container can have for itself.
    fileprivate func hostAddress(_ node: YAMLNode) throws(ComposeMistake) -> String {
        let address = try node.address()
        if hasUnreadSubnet { return address.text }
        guard let index = subnets.firstIndex(where: { $0.value.contains(address) }) else {
            if let only = subnets.first, subnets.count == 1 { _ = try node.address(in: only.value) }
            let known = subnets.map(\.value.text).joined(separator: ", ")
            throw subnets.isEmpty
                ? ComposeMistake(
                    "E-IP", "needs a network with a subnet; give \(key.inQuotes) one under \"ipam\"")
                : node.mistake("E-IP", "must be inside one of \(known)")
        }
        _ = try node.address(in: subnets[index].value)
        guard spec.pools[index].gatewayAddress != address else {
            throw node.mistake("E-IP", "cannot be the gateway of \(subnets[index].value.text)")
        }
        return address.text
    }
}

extension MapReader {
    /// `host:address` pairs.
    fileprivate mutating func extraHosts() -> Set<String> {
        guard let node = node("extra_hosts") else { return [] }
        guard case .map(let entries) = node.content else {
            return Set(values("extra_hosts", YAMLNode.hostAndAddress).map(\.value))
        }
        var hosts: Set<String> = []
        for entry in entries {
            for value in entry.value.elements ?? [entry.value] {
                let pair = attempt(entry.key.inQuotes, value) { node throws(ComposeMistake) in
                    try node.extraHost(entry.key, address: try node.openWord())
                }
                if let pair { hosts.insert(pair) }
            }
        }
        return hosts
    }
}

extension YAMLNode {
    fileprivate func hostName() throws(ComposeMistake) -> String {
        let text = try openWord()
        if let reason = NetworkAddress.hostNameMistake(in: text) {
            throw ComposeMistake(reason.code, reason.message)
        }
        guard text.utf8.count <= 64 else { throw mistake("E-HOST", "must have at most 64 letters") }
        return text
    }

    /// `host:address` or `host=address`.
    fileprivate func hostAndAddress() throws(ComposeMistake) -> String {
        let text = try openWord()
        guard let separator = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            throw mistake("must be HOST=ADDRESS")
        }
        return try extraHost(
            String(text[..<separator]), address: String(text[text.index(after: separator)...]))
    }

    fileprivate func extraHost(_ host: String, address: String) throws(ComposeMistake) -> String {
        if let reason = NetworkAddress.hostNameMistake(in: host) {
            throw ComposeMistake(reason.code, "has a name that \(reason.message)")
        }
        // The engine's own word for the address of its host.
        if address == "host-gateway" { return "\(host):\(address)" }
        let isBracketed = address.hasPrefix("[") && address.hasSuffix("]")
        let plain = isBracketed ? String(address.dropFirst().dropLast()) : address
        guard IPv6Text.isAddress(plain) || IPv4Number(plain) != nil && !isBracketed else {
            throw mistake("E-IP", "must have an IPv4 or IPv6 address or host-gateway")
        }
        return "\(host):\(plain)"
    }
}
