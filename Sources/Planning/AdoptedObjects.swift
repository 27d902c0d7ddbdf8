import DesiredState

/// Objects of one party that carry no labels of fatesync and are its own all the same.
///
/// Docker cannot add a label to what exists, so they are known by what identifies them for good.
public struct AdoptedObjects: Sendable, Equatable, Codable {
    /// The service that each container stands for, by the container's full id.
    public var containers: [String: String] = [:]
    /// The name of each network, by its full id.
    public var networks: [String: String] = [:]
    /// Names of volumes, sorted; a volume has no id.
    public var volumes: [String] = []

    public init() {}

    public var isEmpty: Bool { containers.isEmpty && networks.isEmpty && volumes.isEmpty }

    /// Takes over what another adoption has found.
    public mutating func add(_ other: AdoptedObjects) {
        containers.merge(other.containers) { _, new in new }
        networks.merge(other.networks) { _, new in new }
        volumes = Set(volumes + other.volumes).sorted()
    }

    /// Forgets what is not there any more; an id never comes again.
    public mutating func keepOnly(in live: LiveState) {
        containers = containers.filter { live.containers[$0.key] != nil }
        networks = networks.filter { live.networks[$0.key] != nil }
        volumes = volumes.filter { live.volumes[$0] != nil }
    }
}

extension LiveState {
    /// The state with the labels on adopted objects that Docker cannot give them.
    ///
    /// From here on they are found, planned and removed like everything else that is fatesync's.
    ///
    /// - Parameter adopted: What each party has adopted, by party id.
    public func claiming(_ adopted: [String: AdoptedObjects], host: String) -> LiveState {
        var state = self
        for (party, objects) in adopted {
            let labels = [Labels.host: host, Labels.party: party]
            for (id, service) in objects.containers {
                state.containers[id]?.isAdopted = true
                state.containers[id]?.spec.labels.merge(labels) { _, own in own }
                state.containers[id]?.spec.labels[Labels.service] = service
            }
            for id in objects.networks.keys {
                state.networks[id]?.isAdopted = true
                state.networks[id]?.spec.labels.merge(labels) { _, own in own }
            }
            for name in objects.volumes {
                state.volumes[name]?.isAdopted = true
                state.volumes[name]?.spec.labels.merge(labels) { _, own in own }
            }
        }
        return state
    }
}
