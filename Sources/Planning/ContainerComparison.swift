import DesiredState

/// What differs between a live container and its spec, and the lowest rung that mends it.
struct ContainerComparison {
    /// Differing fields of the container itself.
    private(set) var changes: [FieldChange] = []
    /// The highest rung that any of `changes` needs; `nil` when the container itself is right.
    private(set) var rung: Rung?
    private(set) var update = ResourceUpdate()
    /// Networks to join anew, sorted by name, each with what differs.
    private(set) var connects: [(network: String, endpoint: EndpointSpec, change: FieldChange)] = []
    /// Networks to leave, sorted by name.
    private(set) var disconnects: [(network: String, change: FieldChange)] = []

    init(live: LiveContainer, desired: ContainerSpec, images: [String: LiveImage]) {
        let image = images[desired.image]
        let left = live.spec.normalised(image: nil, containerID: live.id)
        let right = desired.normalised(image: image, containerID: nil)
        for field in ContainerField.all {
            // Without a desired driver the daemon's own default holds, which only the daemon knows.
            if field.name == "logging", right.logging == nil { continue }
            let found = field.value(left).changes(to: field.value(right), field: field.name)
            guard !found.isEmpty else { continue }
            changes += found
            raise(to: field.rung)
        }
        if let image, left.image == right.image, image.id != live.imageID {
            changes.append(FieldChange("image id", live.imageID, image.id))
            raise(to: .recreate)
        }
        fillUpdate(from: left, to: right)
        compareNetworks(live: live, desired: desired)
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

    /// Joins `network` anew without leaving it first, because it is a new one of the same name.
    mutating func reconnect(_ network: String, _ endpoint: EndpointSpec) {
        disconnects.removeAll { $0.network == network }
        guard !connects.contains(where: { $0.network == network }) else { return }
        connects.append((network, endpoint, FieldChange("networks.\(network)", "-", endpoint.text)))
    }

    private mutating func compareNetworks(live: LiveContainer, desired: ContainerSpec) {
        for (name, endpoint) in desired.networks.sorted(by: { $0.key < $1.key }) {
            let current = live.spec.networks[name]
            guard current != endpoint else { continue }
            let change = FieldChange("networks.\(name)", current?.text ?? "-", endpoint.text)
            connects.append((name, endpoint, change))
            if current != nil { disconnects.append((name, change)) }
        }
        for (name, endpoint) in live.spec.networks.sorted(by: { $0.key < $1.key })
        where desired.networks[name] == nil && desired.networkMode != name {
            disconnects.append((name, FieldChange("networks.\(name)", endpoint.text, "-")))
        }
    }
}

extension [FieldChange] {
    /// The same changes without the values that hold a secret.
    func masking(_ secrets: Set<String>) -> [FieldChange] {
        guard !secrets.isEmpty else { return self }
        let holdsSecret = { (text: String) in secrets.contains { !$0.isEmpty && text.contains($0) } }
        return map { change in
            guard holdsSecret(change.new) || holdsSecret(change.old) else { return change }
            return FieldChange(change.field, "(secret)", "(secret)")
        }
    }
}
