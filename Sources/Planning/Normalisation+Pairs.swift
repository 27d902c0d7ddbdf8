import DesiredState

/// The two sides of a container in the form in which fields are compared.
///
/// What the desired side leaves to the engine cannot differ: there the live side counts as right.
struct ContainerPair {
    private(set) var live: ComparedContainer
    private(set) var desired: ComparedContainer
    /// Whether the host has the desired image, so that what it brings along is known.
    let knowsImage: Bool

    init(live container: LiveContainer, desired spec: ContainerSpec, images: [String: LiveImage]) {
        // A reference can lose its image while a container runs from it; that alone is no reason to act.
        let image =
            images[spec.image] ?? (container.spec.image == spec.image ? images[container.imageID] : nil)
        live = ComparedContainer(
            spec: container.withoutForeignAliases(for: spec).normalised(
                image: nil, containerID: container.id),
            imageID: container.imageID)
        desired = ComparedContainer(
            spec: spec.normalised(image: image, containerID: nil), imageID: image?.id ?? container.imageID)
        knowsImage = image != nil || live.image == desired.image
        if live.image != desired.image { desired.imageID = live.imageID }
        // Labels cannot be added to a container, and to make a new one for them disturbs for nothing.
        if container.isAdopted { live.spec.labels = desired.labels }
        // What an image that is not here yet will bring is not known.
        if !knowsImage, (spec.stopSignal ?? "").isEmpty { desired.spec.stopSignal = live.stopSignal }
        leaveToTheEngine(swap: spec.memory > 0 && spec.memorySwap == 0)
    }

    private mutating func leaveToTheEngine(swap leavesSwap: Bool) {
        // Without a driver the daemon's own default holds, which only the daemon knows.
        if desired.logging == nil { live.spec.logging = nil }
        // The name of the host or of the other container, whichever it is.
        if desired.hostname == nil, desired.spec.sharesNetworkNamespace { live.spec.hostname = nil }
        // A kernel without swap accounting has no such limit, whatever the engine was told.
        if leavesSwap, live.memorySwap == -1 { desired.spec.memorySwap = -1 }
        let published = Set(live.ports.map(\.exposed)).symmetricDifference(desired.ports.map(\.exposed))
        live.spec.exposedPorts.subtract(published)
        desired.spec.exposedPorts.subtract(published)
    }
}

extension NetworkSpec {
    /// The fields that differ.
    func changes(to desired: NetworkSpec) -> [FieldChange] {
        let live = leavingToTheEngine(what: desired)
        return NetworkField.all.flatMap { $0.changes(from: live, to: desired) }
    }

    private func leavingToTheEngine(what desired: NetworkSpec) -> NetworkSpec {
        var live = self
        if desired.pools.isEmpty { live.pools = [] }
        let wanted = Dictionary(desired.pools.map { ($0.subnet, $0) }) { first, _ in first }
        for index in live.pools.indices where wanted[live.pools[index].subnet]?.gateway == nil {
            live.pools[index].gateway = nil
        }
        live.driverOptions = driverOptions.filter { key, _ in
            desired.driverOptions[key] != nil || !key.hasPrefix("com.docker.network.driver.overlay")
        }
        if labels[Labels.host] == nil || labels[Labels.host] != desired.labels[Labels.host] {
            live.labels = labels.filter { desired.labels[$0.key] != nil }
        }
        return live
    }
}

extension VolumeSpec {
    /// The fields that differ.
    func changes(to desired: VolumeSpec) -> [FieldChange] {
        var live = self
        // Another maker's labels are his.
        if labels[Labels.host] == nil || labels[Labels.host] != desired.labels[Labels.host] {
            live.labels = desired.labels
        }
        return VolumeField.all.flatMap { $0.changes(from: live, to: desired) }
    }
}
