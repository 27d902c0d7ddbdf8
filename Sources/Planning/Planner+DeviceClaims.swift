import DesiredState

/// Devices go from one container to another, although the engine would give them to both.
extension Planner {
    /// A running container with devices that its successor does not have.
    private struct Giver {
        let container: LiveContainer
        /// The name of its service's container.
        let name: String
        let party: String
        let successor: ContainerSpec?
        let devices: [DeviceSelection]
    }

    /// Lets a container that takes a device wait until the one that gives it up has been replaced for good.
    ///
    /// Until then the old one may come back. Where containers exchange devices, both are stopped before either starts.
    mutating func orderByDevices() {
        let takers = builder.plan.steps.compactMap(taker)
        guard !takers.isEmpty else { return }
        let givers = givers()
        let sources = takers.reduce(into: [String: Set<String>]()) { result, taker in
            for giver in givers where gives(giver, to: taker.spec, named: taker.step.object) {
                result[taker.step.object, default: []].insert(giver.name)
            }
        }
        for (step, spec) in takers {
            for giver in givers where gives(giver, to: spec, named: step.object) {
                let isExchange = Self.reaches(step.object, from: giver.name, by: sources)
                wait(step, for: giver, untilRemoved: !isExchange)
            }
        }
    }

    /// The container that a step starts, if it has devices.
    private func taker(_ step: Plan.Step) -> (step: Plan.Step, spec: ContainerSpec)? {
        var spec: ContainerSpec?
        switch step.action {
        case .startContainer(.id(let id)): spec = live.containers[id]?.spec
        case .startContainer(.created(let maker)):
            if case .createContainer(let wanted, _) = builder.plan.steps[maker].action { spec = wanted }
        default: break
        }
        guard let spec, !spec.deviceRequests.isEmpty else { return nil }
        return (step, spec)
    }

    private mutating func wait(_ start: Plan.Step, for giver: Giver, untilRemoved: Bool) {
        // The old container of the one that takes serves until its turn has come.
        let first = builder.plan.steps.first { step in
            guard case .checkContainer = step.action else { return false }
            return step.recreate != nil && step.recreate == start.recreate
        }
        let taking = first?.id ?? start.id
        let old = ContainerReference.id(giver.container.id)
        let end = builder.plan.steps.first { step in
            switch step.action {
            case .removeContainer(let container, _), .discardContainer(let container): container == old
            default: false
            }
        }
        let stop = builder.plan.steps.first { step in
            if case .stopContainer(let container, _) = step.action { container == old } else { false }
        }
        if untilRemoved, let end, !builder.isReachable(taking, from: end.id) {
            builder.wait(taking, for: end.id)
        } else if let release = stop ?? end {
            builder.wait(start.id, for: release.id)
        }
    }

    /// Whether a device that the container is to have stays with another one for now; then a warning says so.
    mutating func awaitsDevices(_ spec: ContainerSpec, party: String) -> Bool {
        guard !spec.deviceRequests.isEmpty,
            let giver = givers().first(where: { isKept($0) && gives($0, to: spec, named: spec.name) }),
            let device = giver.devices.first(where: { device in isWanted(device, by: spec) })
        else { return false }
        builder.hold(
            back: spec.name, of: party,
            because: "\(giver.container.spec.name) of party \(giver.party) still has \(device) and cannot be "
                + "replaced now; it follows as soon as that one gives it up")
        return true
    }

    private func givers() -> [Giver] {
        let services = desired.parties.flatMap(\.services).map { ($0.container.name, $0.container) }
        let specs = Dictionary(services) { first, _ in first }
        return ours.values.sorted { $0.id < $1.id }.compactMap { container in
            guard container.status.holdsResources, !container.spec.deviceRequests.isEmpty else { return nil }
            let own = container.spec.name
            let name = misnamed.first { $0.value.id == container.id }?.key ?? PlanNames.lasting(own) ?? own
            let kept = specs[name]?.deviceRequests.flatMap(\.selections) ?? []
            let devices = container.spec.deviceRequests.flatMap(\.selections).filter { !kept.contains($0) }
            guard !devices.isEmpty else { return nil }
            return Giver(
                container: container, name: name, party: party(of: container), successor: specs[name],
                devices: devices)
        }
    }

    private func gives(_ giver: Giver, to spec: ContainerSpec, named name: String) -> Bool {
        giver.name != name && giver.devices.contains { isWanted($0, by: spec) }
    }

    private func isWanted(_ device: DeviceSelection, by spec: ContainerSpec) -> Bool {
        let inventory = live.devices ?? DeviceInventory()
        return spec.deviceRequests.flatMap(\.selections).contains { inventory.overlaps($0, device) }
    }

    /// Whether nothing of this plan takes the devices from the container.
    private func isKept(_ giver: Giver) -> Bool {
        if desired.frozen.union(desired.waiting).contains(giver.party) { return true }
        guard let successor = giver.successor else { return false }
        return missingImage(of: successor) != nil
            || live.devices?.obstacle(to: successor.deviceRequests) != nil
    }

    private static func reaches(_ name: String, from start: String, by edges: [String: Set<String>]) -> Bool {
        var waiting = [start]
        var seen: Set<String> = []
        while let next = waiting.popLast() {
            if next == name { return true }
            if seen.insert(next).inserted { waiting += edges[next] ?? [] }
        }
        return false
    }
}
