import DesiredState
import Planning

extension ModelHost {
    /// Something that happens to a host without fatesync.
    package mutating func drift(_ random: inout SeededRandom) {
        clock += 1
        guard let container = random.pick(live.containers.values.sorted(by: { $0.id < $1.id })) else {
            return
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: driftStatus(container, &random)
        case 1: driftNetworks(container, &random)
        case 2: driftHost(&random)
        default: driftSpec(container, &random)
        }
    }

    private mutating func driftStatus(_ container: LiveContainer, _ random: inout SeededRandom) {
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: if container.isUp { live.containers[container.id]?.status = .exited }
        case 2: if container.isUp { live.containers[container.id]?.status = .paused }
        case 3: if container.isUp { live.containers[container.id]?.status = .restarting }
        case 4: live.containers[container.id]?.status = .dead
        case 5: live.containers[container.id]?.status = .removing
        default: live.containers[container.id] = nil
        }
    }

    private mutating func driftNetworks(_ container: LiveContainer, _ random: inout SeededRandom) {
        let joined = random.pick(container.spec.networks.keys.sorted())
        let known = random.pick(live.networks.values.map(\.spec.name).sorted()) ?? "bridge"
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            // What the engine refuses does not happen.
            if let joined { _ = try? disconnect(container, joined) }
        case 1:
            guard !["host", "none"].contains(known) else { return }
            _ = try? connect(container, known, EndpointSpec(aliases: ["hand"]))
        default:
            // Only a network without running containers can be replaced.
            guard let joined, let network = network(named: joined), !network.spec.labels.isEmpty else {
                return
            }
            for id in live.containers.keys where live.containers[id]?.networkIDs[joined] == network.id {
                if live.containers[id]?.isUp == true { live.containers[id]?.status = .exited }
            }
            live.networks[network.id] = nil
            if random.oneIn(2) { _ = try? createNetwork(network.spec) }
        }
    }

    private mutating func driftHost(_ random: inout SeededRandom) {
        guard let path = random.pick(live.files.keys.sorted()) else { return }
        let image = random.pick(RandomHost.images.keys.sorted()) ?? "none"
        switch (Int.random(in: 0..<6, using: &random), live.files[path]) {
        case (0, .file(let content, _, _)?):
            live.files[path] = .file(content: content, mode: 0o666, modified: Self.nanoseconds(clock))
        case (1, .file(_, let mode, _)?):
            live.files[path] = .file(content: [1, 2], mode: mode, modified: Self.nanoseconds(clock))
        case (2, .file(let content, let mode, _)?):
            live.files[path] = .file(content: content, mode: mode, modified: Self.nanoseconds(clock))
        case (3, .directory?): break
        case (3, _): live.files[path] = nil
        case (4, _): live.images[image]?.id += "-moved"
        case (5, _):
            // An image that containers use stays on the host when it loses its name.
            if let id = live.images[image]?.id { live.images[id] = live.images.removeValue(forKey: image) }
        default: break
        }
    }

    private mutating func driftSpec(_ container: LiveContainer, _ random: inout SeededRandom) {
        var spec = container.spec
        switch Int.random(in: 0..<9, using: &random) {
        case 0: spec.restart = RestartPolicy(name: random.oneIn(2) ? "unless-stopped" : "always")
        case 1: (spec.memory, spec.memorySwap) = (1 << 26, 1 << 27)
        case 2: spec.nanoCPUs = 250_000_000
        case 3: spec.pidsLimit = 7
        case 4: spec.environment["MODE"] = .some("hand")
        case 5: spec.labels["tier"] = "hand"
        case 6: spec.mounts.insert(Mount(.bind, from: "/etc", to: "/hand"))
        case 7: spec.command = ["hand"]
        default: spec.user = "hand"
        }
        live.containers[container.id]?.spec = spec
    }
}
