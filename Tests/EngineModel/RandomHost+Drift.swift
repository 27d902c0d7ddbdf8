import DesiredState
import Planning

extension RandomHost {
    /// Something that happens to a host without fatesync.
    package mutating func drift(_ host: inout ModelHost) {
        host.clock += 1
        guard let container = random.pick(host.live.containers.values.sorted(by: { $0.id < $1.id })) else {
            return
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: driftStatus(container, &host)
        case 1: driftNetworks(container, &host)
        case 2: driftHost(&host)
        case 3: driftLimits(container, &host)
        default: makeAnew(container, &host)
        }
    }

    private mutating func driftStatus(_ container: LiveContainer, _ host: inout ModelHost) {
        let id = container.id
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: if container.isUp { host.live.containers[id]?.status = .exited }
        case 2: if container.isUp { host.live.containers[id]?.status = .paused }
        case 3: if container.isUp { host.live.containers[id]?.status = .restarting }
        case 4: host.live.containers[id]?.status = .dead
        case 5: host.live.containers[id]?.status = .removing
        case 6: if container.isUp { host.live.containers[id]?.health = "unhealthy" }
        default: host.live.containers[id] = nil
        }
    }

    private mutating func driftNetworks(_ container: LiveContainer, _ host: inout ModelHost) {
        let joined = random.pick(container.spec.networks.keys.sorted())
        let known = random.pick(host.live.networks.values.map(\.spec.name).sorted()) ?? "bridge"
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            // What the engine refuses does not happen.
            if let joined { _ = try? host.disconnect(container, joined) }
        case 1:
            guard !["host", "none"].contains(known) else { return }
            _ = try? host.connect(container, known, EndpointSpec(aliases: ["hand"]))
        case 2:
            guard let joined, let endpoint = container.spec.networks[joined] else { return }
            _ = try? host.disconnect(container, joined)
            guard let left = host.live.containers[container.id] else { return }
            let other = EndpointSpec(aliases: endpoint.aliases.union(["hand"]))
            _ = try? host.connect(left, joined, other)
        default:
            // Only a network without running containers can be replaced.
            guard let joined, let network = host.network(named: joined), !network.spec.labels.isEmpty else {
                return
            }
            for (id, member) in host.live.containers where member.networkIDs[joined] == network.id {
                if member.isUp { host.live.containers[id]?.status = .exited }
            }
            host.live.networks[network.id] = nil
            if random.oneIn(2) {
                var spec = network.spec
                if random.oneIn(2) { spec.isInternal.toggle() }
                _ = try? host.createNetwork(spec)
            }
        }
    }

    private mutating func driftHost(_ host: inout ModelHost) {
        guard let path = random.pick(host.live.files.keys.sorted()) else { return }
        let image = random.pick(place.images.keys.sorted()) ?? "none"
        let now = ModelHost.nanoseconds(host.clock)
        switch (Int.random(in: 0..<7, using: &random), host.live.files[path]) {
        case (0, .file(let content, _, _)?):
            host.live.files[path] = .file(content: content, mode: 0o666, modified: now)
        case (1, .file(_, let mode, _)?):
            host.live.files[path] = .file(content: [1, 2], mode: mode, modified: now)
        case (2, .file(let content, let mode, _)?):
            host.live.files[path] = .file(content: content, mode: mode, modified: now)
        case (3, .directory?): break
        case (3, _): host.live.files[path] = nil
        case (4, _): host.live.images[image]?.id += "-moved"
        case (5, _):
            // An image that containers use stays on the host when it loses its name.
            if let id = host.live.images[image]?.id {
                host.live.images[id] = host.live.images.removeValue(forKey: image)
            }
        case (6, .file?): host.live.files[path] = .other("a symbolic link")
        default: break
        }
    }

    /// `docker update` by hand.
    private mutating func driftLimits(_ container: LiveContainer, _ host: inout ModelHost) {
        var update = ResourceUpdate()
        switch Int.random(in: 0..<4, using: &random) {
        case 0: update.restart = RestartPolicy(name: random.oneIn(2) ? "unless-stopped" : "always")
        case 1: (update.memory, update.memorySwap) = (1 << 26, 1 << 27)
        case 2: update.nanoCPUs = 250_000_000
        default: update.pidsLimit = 7
        }
        _ = try? host.perform(.updateContainer(.id(container.id), update))
    }

    /// `docker rm -f` and `docker run` by hand with the same name and labels, and something else different.
    private mutating func makeAnew(_ container: LiveContainer, _ host: inout ModelHost) {
        for (index, party) in desired.parties.enumerated() {
            guard
                let number = party.services.firstIndex(where: {
                    $0.container.name == container.spec.name
                })
            else { continue }
            var spec = party.services[number].container
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                change(&spec, of: desired.parties[index], number: number)
            }
            let before = host
            do throws(ModelHost.Refusal) {
                _ = try host.perform(.removeContainer(.id(container.id), force: true))
                let new = try host.perform(.createContainer(spec, name: spec.name)) ?? ""
                let joined = host.live.containers[new]?.spec.networks ?? [:]
                for (name, endpoint) in spec.networks.sorted(by: { $0.key < $1.key })
                where joined[name] == nil {
                    _ = try host.perform(.connectNetwork(.id(new), network: name, endpoint))
                }
                if random.oneIn(3) { return }
                _ = try host.perform(.startContainer(.id(new)))
            } catch {
                host = before
            }
            return
        }
    }
}
