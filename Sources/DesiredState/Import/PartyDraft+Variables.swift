extension PartyDraft {
    /// Makes variables of what differs between parties: ports, subnet, addresses.
    mutating func nameValues() {
        nameSubnet()
        nameFlowAddress()
        nameServingHost()
        namePorts()
    }

    private mutating func nameSubnet() {
        let subnets = (compose["networks"]?.entries ?? []).flatMap { network in
            (network.value["ipam"]?["config"]?.elements ?? []).compactMap { $0["subnet"]?.raw }
        }
        guard subnets.count == 1, IPv4Block(subnets[0]) != nil else { return }
        let name = declare(
            Variable(name: "SUBNET", type: .subnet, value: subnets[0], summary: "the party's Docker network"))
        compose.edit("networks") { network in
            network.edit(key: "ipam") { ipam in
                ipam.edit("config") { pool in pool.edit(key: "subnet") { $0.setText("${\(name)}") } }
            }
        }
    }

    /// FATE Flow's address stands in the Compose file, in its healthcheck and in its own config file.
    private mutating func nameFlowAddress() {
        let networks = FATEService.flow.compactMap { compose["services"]?[$0]?["networks"] }.first
        let addresses = (networks?.entries ?? []).compactMap { $0.value["ipv4_address"]?.raw }
        guard addresses.count == 1, let address = addresses.first, IPv4Number(address) != nil else { return }
        let name = declare(
            Variable(
                name: "FLOW_IP", type: .address, value: address,
                summary: "address of FATE Flow inside SUBNET; a change orphans jobs"))
        compose.edit(key: "services") { services in
            services.editStrings { $0.replacing(number: address, with: "${\(name)}") }
        }
    }

    private mutating func nameServingHost() {
        let texts = services.compactMap { $0.value["environment"]?["FATE_SERVING_HOST"]?.raw }
        guard let text = texts.first, text.hasSuffix(":8059") else { return }
        let host = String(text.dropLast(5))
        guard NetworkAddress.mistake(in: host) == nil else { return }
        let name = declare(
            Variable(
                name: "SERVING_HOST", type: .address, value: host,
                summary: "host of FATE-Serving (ports 8000 and 8059)"))
        compose.edit("services") { service in
            service.edit(key: "environment") { environment in
                environment.edit(key: "FATE_SERVING_HOST") {
                    if $0.raw == text { $0.setText("${\(name)}:8059") }
                }
            }
        }
    }

    private mutating func namePorts() {
        for service in services {
            let elements = service.value["ports"]?.elements ?? []
            let named = elements.map { element in namePort(element, of: service.key, among: elements.count) }
            compose.edit(key: "services") { services in
                services.edit(key: service.key) { service in
                    service.edit(key: "ports") { $0.content = .list(named) }
                }
            }
        }
    }

    /// The mapping of one published port with a variable for the host's.
    private mutating func namePort(_ element: YAMLNode, of service: String, among count: Int) -> YAMLNode {
        var element = element
        if element.entries != nil {
            guard let published = element["published"]?.raw, Int(published) != nil,
                let target = element["target"].flatMap({ Int($0.raw) })
            else { return element }
            let name = portVariable(published, target, of: service, among: count)
            element.edit(key: "published") { $0.setText("${\(name)}") }
            return element
        }
        guard let bindings = try? PortMapping.bindings(of: element), bindings.count == 1,
            let binding = bindings.first, binding.hostPort > 0, !binding.hostAddress.contains(":")
        else { return element }
        let name = portVariable("\(binding.hostPort)", binding.containerPort, of: service, among: count)
        let address = binding.hostAddress.isEmpty ? "" : binding.hostAddress + ":"
        let proto = binding.proto == "tcp" ? "" : "/" + binding.proto
        element.setText("\(address)${\(name)}:\(binding.containerPort)\(proto)")
        return element
    }

    private mutating func portVariable(
        _ port: String, _ target: Int, of service: String, among count: Int
    ) -> String {
        let word = String(service.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
        let own = "PORT_\(word)" + (count > 1 ? "_\(target)" : "")
        let isFlow = FATEService.flow.contains(service)
        let known = FATEService.portVariables[target].flatMap { name in
            isFlow || name == own || service == "rollsite" ? name : nil
        }
        return declare(
            Variable(
                name: known ?? own, type: .port, value: port,
                summary: "host port of \(service) (\(target))"))
    }

    /// The variable for the port that other parties dial; `nil` when nothing of the kind is published.
    var endpointPort: String? {
        for (service, port) in FATEService.gates {
            for element in compose["services"]?[service]?["ports"]?.elements ?? [] {
                if let target = element["target"]?.raw, target == "\(port)" {
                    return element["published"]?.raw
                }
                let parts = element.raw.prefix { $0 != "/" }.split(separator: ":")
                if parts.count > 1, parts.last == "\(port)" { return String(parts[parts.count - 2]) }
            }
        }
        return nil
    }
}
