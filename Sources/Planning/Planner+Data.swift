import DesiredState

/// What a recreate takes along, and what it would lose.
extension Planner {
    /// The service with what the old container has and no file says: anonymous volumes, so that what is in them
    /// lives on, and chosen hardware addresses.
    ///
    /// While the new image is not here, nobody knows which places it makes volumes of; then all are taken along.
    func handingOver(_ service: ServiceSpec, from old: LiveContainer) -> ServiceSpec {
        var service = service
        service.container.takeAddresses(of: old)
        let image = live.images[service.container.image]
        let wanted = service.container.normalised(image: image, containerID: nil)
        let taken = Set(wanted.mounts.filter { !$0.source.isEmpty }.map(\.target)).union(
            wanted.tmpfs.keys.map(\.pathCleaned))
        for (place, volume) in old.anonymousVolumes.sorted(by: { $0.key < $1.key }) {
            let target = place.pathCleaned
            let own = wanted.mounts.first { $0.source.isEmpty && $0.target == target }
            guard own != nil || image == nil, !taken.contains(target) else { continue }
            service.container.mounts = service.container.mounts.filter { $0.target.pathCleaned != target }
            service.container.mounts.insert(
                Mount(.volume, from: volume, to: target, readOnly: own?.readOnly ?? false))
        }
        return service
    }

    /// Holds the party's part when a new container would lose what the old one has written.
    mutating func guardData(of service: ServiceSpec, replacing old: LiveContainer, in party: String) {
        if !service.data.isEmpty {
            if let written = live.writtenData[old.id] {
                if !written.isEmpty {
                    builder.hold(
                        party,
                        "a recreate of \(service.container.name) would lose what it has written below "
                            + written.sorted().joined(separator: ", "))
                }
            } else {
                builder.ask(about: old.id)
            }
        }
        let kept = Set(service.container.mounts.filter { $0.kind == .volume }.map(\.source))
        let named = old.spec.mounts.filter { $0.kind == .volume && !$0.source.isEmpty }.map {
            ($0.target, $0.source)
        }
        let all = named + old.anonymousVolumes.map { ($0.key, $0.value) }
        for (place, volume) in all.sorted(by: { $0 < $1 }) where !kept.contains(volume) {
            builder.hold(
                party,
                "\(service.container.name) would no longer have volume \(volume) at \(place); "
                    + "the volume stays, but nothing would use what is in it")
        }
    }

    /// The host ports that the container wants and no container of fatesync's has: nobody else may have them.
    ///
    /// One that has stopped counts too, because its stop may still be under way when the plan is made.
    func newPorts(of container: ContainerSpec) -> [PortBinding] {
        let held = ours.values.flatMap(\.spec.ports)
        return container.ports.filter { port in
            port.hostPort != 0 && !held.contains { $0.collides(with: port) }
        }.sorted { ($0.hostPort, $0.proto, $0.hostAddress) < ($1.hostPort, $1.proto, $1.hostAddress) }
    }
}

extension ContainerSpec {
    /// Keeps the hardware addresses on the networks that both are on.
    fileprivate mutating func takeAddresses(of old: LiveContainer) {
        if let address = old.macAddresses["bridge"], networks.isEmpty, (networkMode ?? "bridge") == "bridge" {
            networks["bridge"] = EndpointSpec()
            networks["bridge"]?.macAddress = address
        }
        for (network, address) in old.macAddresses { networks[network]?.macAddress = address }
    }
}

extension ContainerComparison {
    /// Demands a new container where joining a network anew would lose a hardware address that somebody chose.
    ///
    /// Before API 1.44 the address belongs to the container and comes back; from then on to the endpoint, and a
    /// `connect` in a version of the API that fatesync speaks does not take one.
    mutating func keepAddresses(of container: LiveContainer, _ engine: EngineIdentity) {
        guard EngineIdentity.describesEndpoints(engine.apiVersion) else { return }
        for (network, _, _) in connects {
            guard let address = container.macAddresses[network] else { continue }
            force(FieldChange("networks.\(network).mac_address", address, "lost by joining anew"))
        }
    }
}
