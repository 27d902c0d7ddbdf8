/// The labels of a party's containers, networks and volumes.
///
/// They hold nothing that changes while the thing itself stays the same, neither a revision nor a digest:
/// a container's labels cannot be changed in place.
struct PartyLabels {
    let party: String
    let host: String
    let project: String
    /// Labels of federation.yaml; a label of compose.yaml wins over one of these.
    let shared: [String: String]

    func container(service: String, _ own: [String: String]) -> [String: String] {
        var labels = merged(own)
        labels[Labels.service] = service
        labels[Labels.composeService] = service
        labels[Labels.composeContainerNumber] = "1"
        labels[Labels.composeOneOff] = "False"
        // Compose lists only containers that have one. It never equals Compose's own, so `compose up` knows
        // that it did not make the container.
        labels[Labels.composeConfigHash] = "fatesync"
        labels[Labels.composeConfigFiles] = PartyFile.directory(of: party) + "/party.yaml"
        return labels
    }

    func network(key: String, _ own: [String: String]) -> [String: String] {
        var labels = merged(own)
        labels[Labels.composeNetwork] = key
        return labels
    }

    func volume(key: String, _ own: [String: String]) -> [String: String] {
        var labels = merged(own)
        labels[Labels.composeVolume] = key
        return labels
    }

    private func merged(_ own: [String: String]) -> [String: String] {
        var labels = shared.merging(own) { _, own in own }
        labels[Labels.host] = host
        labels[Labels.party] = party
        labels[Labels.composeProject] = project
        return labels
    }
}
