/// A network of compose.yaml.
struct ComposeNetwork: Sendable, Equatable {
    /// The key in compose.yaml; `spec.name` is the name in Docker.
    var key: String
    var spec: NetworkSpec
    /// Where the name is written, or the key when it has none.
    var location: SourceLocation
    /// The subnets with their places.
    var subnets: [Located<IPv4Block>] = []
    /// Whether a subnet could not be read, so that nothing can be said about addresses.
    var hasUnreadSubnet = false

    static func decode(
        _ entry: YAMLEntry, project: String, into diagnostics: inout [Diagnostic]
    ) -> ComposeNetwork? {
        guard entry.isResourceKey("network", into: &diagnostics) else { return nil }
        var network = ComposeNetwork(
            key: entry.key, spec: NetworkSpec(name: "\(project)_\(entry.key)"), location: entry.keyLocation)
        if entry.value.isNull { return network }
        return MapReader.read(entry.value, as: "network \(entry.key.inQuotes)", into: &diagnostics) {
            reader in
            network.readKeys(&reader)
            return network
        }
    }

    private mutating func readKeys(_ reader: inout MapReader) {
        if let name = reader.located("name", YAMLNode.dockerName) {
            spec.name = name.value
            location = name.location
        }
        spec.driver = reader.word("driver") ?? spec.driver
        spec.driverOptions = reader.options("driver_opts")
        spec.attachable = reader.boolean("attachable") ?? false
        spec.isInternal = reader.boolean("internal") ?? false
        spec.labels = reader.labels()
        _ = reader.map("ipam") { readAddressing(&$0) }
        // The engine's own words are "bridge driver doesn't support multiple subnets".
        if spec.driver == "bridge", subnets.count > 1 {
            reader.report("E-SUBNET", at: subnets[1].location, "a bridge network has only one subnet")
        }
    }

    private mutating func readAddressing(_ reader: inout MapReader) {
        if let driver = reader.node("driver"), driver.raw != "default" {
            let message = "only the \"driver\" default of \"ipam\" is supported, found \(driver.shown)"
            reader.report("E-VALUE", at: driver.location, message)
        }
        for element in reader.list("config") ?? [] {
            let what = "an element of \"config\""
            _ = reader.collect { diagnostics in
                MapReader.read(element, as: what, into: &diagnostics) { readPool(&$0) }
            }
        }
    }

    private mutating func readPool(_ reader: inout MapReader) {
        let subnet = reader.value("subnet", YAMLNode.subnet, .required)
        let gateway = reader.value("gateway") { node throws(ComposeMistake) in
            try node.address(in: subnet)
        }
        let range = reader.value("ip_range") { node throws(ComposeMistake) in
            try node.range(in: subnet)
        }
        guard let subnet else {
            hasUnreadSubnet = true
            return
        }
        let node = reader.node("subnet")
        let place = node?.location ?? location
        subnets.append(Located(subnet, at: place))
        // The declaration of a variable has its own warning.
        if !subnet.isPrivate, node?.isSubstituted == false {
            let message =
                "\(subnet.text) is public address space, so its real owner cannot be reached from "
                + "the containers"
            reader.collect { $0.append(Diagnostic(.warning, code: "W-SUBNET", at: place, message)) }
        }
        spec.pools.append(AddressPool(subnet: subnet.text, gateway: gateway?.text, range: range?.text))
    }
}

extension AddressPool {
    /// The address that the engine keeps for itself.
    ///
    /// Without `gateway` it takes the first one that it may give away; with `ip_range` that is the first of
    /// the range.
    var gatewayAddress: IPv4Number? {
        if let gateway { return IPv4Number(gateway) }
        guard let block = IPv4Block(subnet) else { return nil }
        guard let range = range.flatMap(IPv4Block.init), range.base != block.base else {
            return IPv4Number(value: block.base + 1)
        }
        return IPv4Number(value: range.base)
    }
}
