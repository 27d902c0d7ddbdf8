import DesiredState

/// What differs between a live container and its spec, and the lowest rung that mends it.
struct ContainerComparison {
    let desired: ContainerSpec
    /// Differing fields of the container itself.
    private(set) var changes: [FieldChange] = []
    /// The highest rung that any of `changes` needs; `nil` when the container itself is right.
    private(set) var rung: Rung?
    private(set) var update = ResourceUpdate()
    /// Networks to join anew, sorted by name, each with what differs.
    var connects: [(network: String, endpoint: EndpointSpec, change: FieldChange)] = []
    /// Networks to leave, sorted by name; those that are joined anew among them.
    var disconnects: [(network: String, change: FieldChange)] = []

    /// - Parameter networkIDs: Ids of the networks that exist, by name.
    init(
        live: LiveContainer, desired: ContainerSpec, images: [String: LiveImage],
        networkIDs: [String: String]
    ) {
        self.desired = desired
        let pair = ContainerPair(live: live, desired: desired, images: images)
        // Making the texts of all fields takes long, and most containers are as they should be.
        for field in pair.live == pair.desired ? [] : ContainerField.all {
            var found = field.changes(from: pair.live, to: pair.desired)
            // What an image that is not here yet will bring is not known; it is another one in any case.
            if !pair.knowsImage { found.removeAll { $0.new == "-" } }
            guard !found.isEmpty, let rung = field.rung else { continue }
            changes += found
            let isTaken = field.update?(pair.desired, &update) ?? true
            raise(to: isTaken ? rung : .recreate)
        }
        var networks = pair.live.networks
        for (name, address) in live.overlayAddresses where desired.networks[name]?.ipv4Address != nil {
            networks[name]?.ipv4Address = address
        }
        compareNetworks(
            networks, pair.desired.networks, pinned: live.networkIDs, networkIDs: networkIDs)
    }

    /// Demands a new container for a reason that lies outside it.
    mutating func force(_ change: FieldChange) {
        changes.append(change)
        raise(to: .recreate)
    }

    /// Demands a new container for what an update did not change.
    mutating func replaceInsteadOfUpdate() {
        if rung == .updateInPlace { raise(to: .recreate) }
    }

    /// Leaves only the networks to be mended, for a container that cannot be replaced now.
    mutating func keepOnlyNetworks() {
        changes = []
        rung = nil
    }

    private mutating func raise(to other: Rung) { rung = max(rung ?? other, other) }

    /// A container stays tied to the very network that it joined, so one that was removed and made again
    /// by somebody has to be joined anew, or the next start fails.
    private mutating func compareNetworks(
        _ live: [String: EndpointSpec], _ desired: [String: EndpointSpec], pinned: [String: String],
        networkIDs: [String: String]
    ) {
        for name in Set(live.keys).union(desired.keys).sorted() {
            let pin = pinned[name] ?? ""
            let current = live[name].map { ComparedEndpoint(spec: $0, networkID: pin) }
            let wanted = desired[name].map {
                ComparedEndpoint(spec: $0, networkID: pin.isEmpty ? "" : networkIDs[name] ?? "-")
            }
            guard current != wanted, EndpointField.first(where: current, differsFrom: wanted) != nil
            else { continue }
            let isLost = !pin.isEmpty && pin != networkIDs[name]
            let old =
                (current?.spec.text ?? "-") + (current != nil && isLost ? " (of a removed network)" : "")
            let change = FieldChange("networks.\(name)", old, wanted?.spec.text ?? "-")
            if current != nil { disconnects.append((name, change)) }
            if let endpoint = desired[name] { connects.append((name, endpoint, change)) }
        }
    }
}
