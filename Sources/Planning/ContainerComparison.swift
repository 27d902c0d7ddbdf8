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
        // A reference can lose its image while a container runs from it; that alone is no reason to act.
        let image = images[desired.image] ?? (live.spec.image == desired.image ? images[live.imageID] : nil)
        let left = live.withoutForeignAliases(for: desired).normalised(image: nil, containerID: live.id)
        let right = desired.normalised(image: image, containerID: nil)
        // Making the texts of all fields takes long, and most containers are as they should be.
        for field in left == right ? [] : ContainerField.all {
            // Labels cannot be added to a container, and to make a new one for them disturbs for nothing.
            if field.name == "labels", live.isAdopted { continue }
            // Without a desired driver the daemon's own default holds, which only the daemon knows.
            if field.name == "logging", right.logging == nil { continue }
            // The name of the host or of the other container, whichever it is.
            if field.name == "hostname", right.hostname == nil, right.sharesNetworkNamespace { continue }
            var found = field.value(left).changes(to: field.value(right), field: field.name)
            // What an image that is not here yet will bring is not known; it is another one in any case.
            if image == nil, left.image != right.image { found.removeAll { $0.new == "-" } }
            guard !found.isEmpty else { continue }
            changes += found
            raise(to: field.rung)
        }
        if let image, left.image == right.image, image.id != live.imageID {
            force(FieldChange("image id", live.imageID, image.id))
        }
        fillUpdate(from: left, to: right)
        compareNetworks(left.networks, right.networks, pinned: live.networkIDs, networkIDs: networkIDs)
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

    /// The engine takes 0 for "unchanged", so a limit that goes away needs a new container.
    private mutating func fillUpdate(from live: ContainerSpec, to desired: ContainerSpec) {
        if live.restart != desired.restart { update.restart = desired.restart }
        if live.memory != desired.memory || live.memorySwap != desired.memorySwap {
            update.memory = desired.memory
            update.memorySwap = desired.memorySwap
            if desired.memory == 0 { raise(to: .recreate) }
        }
        if live.nanoCPUs != desired.nanoCPUs {
            update.nanoCPUs = desired.nanoCPUs
            if desired.nanoCPUs == 0 { raise(to: .recreate) }
        }
        if live.pidsLimit != desired.pidsLimit { update.pidsLimit = desired.pidsLimit }
    }

    /// A container stays tied to the very network that it joined, so one that was removed and made again
    /// by somebody has to be joined anew, or the next start fails.
    private mutating func compareNetworks(
        _ live: [String: EndpointSpec], _ desired: [String: EndpointSpec], pinned: [String: String],
        networkIDs: [String: String]
    ) {
        for name in Set(live.keys).union(desired.keys).sorted() {
            let current = live[name]
            let pin = pinned[name] ?? ""
            let isLost = current != nil && !pin.isEmpty && pin != networkIDs[name]
            guard current != desired[name] || isLost else { continue }
            let old = (current?.text ?? "-") + (isLost ? " (of a removed network)" : "")
            let change = FieldChange("networks.\(name)", old, desired[name]?.text ?? "-")
            if current != nil { disconnects.append((name, change)) }
            if let endpoint = desired[name] { connects.append((name, endpoint, change)) }
        }
    }
}
