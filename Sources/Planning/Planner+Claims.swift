public import DesiredState

extension Planner {
    /// Lets each step that takes a host port, a fixed address or a subnet wait for the step that frees it.
    mutating func orderByClaims() {
        let services = parties.flatMap(\.services).map { ($0.container.name, $0.container) }
        let specs = Dictionary(services) { first, _ in first }
        let holders = live.containers.values.filter { $0.status.holdsResources && $0.spec.claimsSomething }
            .sorted { $0.id < $1.id }
        let releases = releases()
        for step in builder.plan.steps {
            switch step.action {
            case .createNetwork(let network):
                for removal in removals(of: network) { builder.wait(step.id, for: removal) }
            case .startContainer(let container):
                guard let spec = specs[step.object], spec.claimsSomething else { continue }
                let own = container.id ?? step.recreate.map { builder.plan.recreates[$0].oldID }
                for holder in holders where holder.id != own {
                    let addresses = spec.networks.filter { $0.value.claims(the: holder, on: $0.key) }.map(
                        \.key)
                    let isPortHeld = spec.ports.contains { port in
                        holder.spec.ports.contains { $0.collides(with: port) }
                    }
                    guard isPortHeld || !addresses.isEmpty else { continue }
                    wait(step.id, for: releases[holder.id], toLeave: isPortHeld ? [] : addresses)
                }
            case .connectNetwork(.id(let id), let network, let endpoint) where stopped[id] == nil:
                for holder in holders where holder.id != id && endpoint.claims(the: holder, on: network) {
                    wait(step.id, for: releases[holder.id], toLeave: [network])
                }
            default: break
            }
        }
    }

    /// Steps that take something off a container: a network, or everything (`nil`).
    private typealias Release = (step: Int, network: String?)

    /// Waits until the holder is off one of `networks`, or has stopped.
    private mutating func wait(_ step: Int, for releases: [Release]?, toLeave networks: [String]) {
        let release = releases?.first { $0.network.map { networks == [$0] } ?? true }
        if let release { builder.wait(step, for: release.step) }
    }

    /// The releases of each container, in the order in which they were planned.
    private func releases() -> [String: [Release]] {
        var result: [String: [Release]] = [:]
        for step in builder.plan.steps {
            switch step.action {
            case .stopContainer(.id(let id), _), .removeContainer(.id(let id), _):
                result[id, default: []].append((step.id, nil))
            case .disconnectNetwork(.id(let id), let network):
                result[id, default: []].append((step.id, network))
            default: break
            }
        }
        return result
    }

    /// The steps that remove a network whose subnet overlaps one of the new network's.
    private func removals(of network: NetworkSpec) -> [Int] {
        builder.plan.steps.compactMap { step in
            guard case .removeNetwork(let id) = step.action, let old = live.networks[id] else { return nil }
            return network.overlaps(old.spec) ? step.id : nil
        }
    }
}

extension ContainerReference {
    /// The full id of a container that exists before the plan runs.
    fileprivate var id: String? {
        guard case .id(let id) = self else { return nil }
        return id
    }
}

extension ContainerSpec {
    /// Whether the container takes something that only one can have.
    fileprivate var claimsSomething: Bool {
        !ports.isEmpty || networks.values.contains { $0.ipv4Address != nil }
    }
}

extension EndpointSpec {
    /// Whether the fixed address is the one that `holder` has on the network.
    fileprivate func claims(the holder: LiveContainer, on network: String) -> Bool {
        ipv4Address != nil && holder.spec.networks[network]?.ipv4Address == ipv4Address
    }
}

extension PortBinding {
    /// Whether both cannot be bound at the same time; an empty or zero address means every address.
    public func collides(with other: PortBinding) -> Bool {
        guard hostPort != 0, hostPort == other.hostPort, proto == other.proto else { return false }
        let every: Set<String> = ["", "0.0.0.0", "::"]
        return hostAddress == other.hostAddress || !every.isDisjoint(with: [hostAddress, other.hostAddress])
    }
}

extension NetworkSpec {
    /// Whether the engine refuses to have both networks at the same time.
    func overlaps(_ other: NetworkSpec) -> Bool {
        pools.contains { pool in other.pools.contains { pool.overlaps($0) } }
    }
}

extension AddressPool {
    /// Whether the engine refuses to have both at the same time.
    func overlaps(_ other: AddressPool) -> Bool {
        guard let own = Subnet(subnet), let others = Subnet(other.subnet) else {
            return subnet == other.subnet
        }
        let shift = UInt32(32 - min(own.length, others.length))
        return own.bits >> shift == others.bits >> shift
    }
}

/// An IPv4 subnet such as `192.168.136.0/24`.
private struct Subnet {
    let bits: UInt32
    let length: Int

    init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        let bytes = halves[0].split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        guard halves.count == 2, let length = Int(halves[1]), 0...32 ~= length, bytes.count == 4 else {
            return nil
        }
        bits = bytes.reduce(0) { $0 << 8 | UInt32($1) }
        self.length = length
    }
}
