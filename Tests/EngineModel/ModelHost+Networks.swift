import DesiredState
import Planning

extension ModelHost {
    mutating func createNetwork(_ spec: NetworkSpec) throws(Refusal) {
        guard network(named: spec.name) == nil else { throw Refusal("network exists") }
        let taken = live.networks.values.flatMap { $0.spec.pools.map(\.subnet) }
        guard Set(taken).isDisjoint(with: spec.pools.map(\.subnet)) else {
            throw Refusal("pool overlaps with other one on this address space")
        }
        let id = makeID()
        var spec = spec
        if spec.pools.isEmpty { spec.pools = [AddressPool(subnet: "172.31.\(live.networks.count).0/24")] }
        if isNewEngine {
            spec.pools = spec.pools.map { pool in
                AddressPool(subnet: pool.subnet, gateway: pool.gateway ?? "chosen", range: pool.range)
            }
        }
        live.networks[id] = LiveNetwork(id: id, spec: spec)
    }

    mutating func removeNetwork(_ id: String) throws(Refusal) {
        guard let network = live.networks[id] else { throw Refusal("no such network") }
        let hasMembers = live.containers.values.contains { $0.isUp && $0.networkIDs[network.spec.name] == id }
        guard !hasMembers else { throw Refusal("network \(network.spec.name) has active endpoints") }
        live.networks[id] = nil
    }

    mutating func connect(
        _ container: LiveContainer, _ name: String, _ endpoint: EndpointSpec
    ) throws(Refusal) {
        // The engine looks at a network only when a process is to use it; until then it takes every wish.
        let network = network(named: name)
        let mode = container.spec.networkMode ?? ""
        let isAlone = ["host", "none"].contains(mode) || mode.hasPrefix("container:")
        guard !isAlone || network == nil else { throw Refusal("\(mode) has no networks") }
        guard container.status != .restarting else { throw Refusal("is restarting") }
        if container.isUp {
            guard let network else { throw Refusal("network \(name) not found") }
            guard container.spec.networks[name] == nil else { throw Refusal("already connected to \(name)") }
            try claim(endpoint, on: network, for: container)
        } else if container.spec.networks[name] != nil {
            // Accepted, and ignored.
            return
        }
        let shown = shown(endpoint, id: container.id)
        live.containers[container.id]?.spec.networks[name] = shown
        live.containers[container.id]?.networkIDs[name] = container.isUp ? network?.id : ""
    }

    mutating func disconnect(_ container: LiveContainer, _ name: String) throws(Refusal) {
        guard container.spec.networks[name] != nil else { throw Refusal("is not connected to \(name)") }
        guard container.status != .restarting else { throw Refusal("is restarting") }
        guard network(named: name) != nil || !container.isUp else { throw Refusal("network not found") }
        guard name != "host" || !container.isUp else { throw Refusal("cannot leave the host's network") }
        live.containers[container.id]?.spec.networks[name] = nil
        live.containers[container.id]?.networkIDs[name] = nil
    }

    /// Takes a fixed address: it must lie in the subnet and be free.
    func claim(
        _ endpoint: EndpointSpec, on network: LiveNetwork, for container: LiveContainer
    ) throws(Refusal) {
        guard let address = endpoint.ipv4Address else { return }
        let inside = network.spec.pools.contains { pool in
            let prefix = pool.subnet.split(separator: ".").prefix(3).joined(separator: ".")
            return address.hasPrefix(prefix + ".")
        }
        guard inside else { throw Refusal("no subnet contains \(address)") }
        let isTaken = live.containers.values.contains { other in
            other.isUp && other.id != container.id && other.networkIDs[network.spec.name] == network.id
                && other.spec.networks[network.spec.name]?.ipv4Address == address
        }
        guard !isTaken else { throw Refusal("address \(address) already in use") }
    }

    /// The endpoint as `inspect` shows it: before API 1.45 with the short id among the aliases.
    func shown(_ endpoint: EndpointSpec, id: String) -> EndpointSpec {
        guard !isNewEngine else { return endpoint }
        return EndpointSpec(
            aliases: endpoint.aliases.union([String(id.prefix(12))]), ipv4Address: endpoint.ipv4Address)
    }

    var isNewEngine: Bool { live.engine.apiVersion == "1.45" }
}
