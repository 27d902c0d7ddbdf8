import DesiredState

extension Planner {
    /// Removes containers of fatesync that nothing desires any more; volumes always stay.
    mutating func planContainerRemovals() {
        let services = parties.flatMap(\.services).map(\.container.name)
        let kept = Set(services + services.flatMap { [PlanNames.next($0), PlanNames.old($0)] })
        for (name, container) in ours.sorted(by: { $0.key < $1.key }) where !kept.contains(name) {
            var last: Set<Int> = []
            if container.status.holdsResources {
                last = [
                    builder.add(
                        .stopContainer(.id(container.id)), of: name, party: party(of: container),
                        rung: .remove, cause: "not desired")
                ]
            }
            _ = builder.add(
                .removeContainer(.id(container.id), force: false), of: name, party: party(of: container),
                rung: .remove, cause: "not desired", after: last)
        }
    }

    /// Removes networks of fatesync that nothing desires any more, once their containers have left them.
    mutating func planNetworkRemovals(going: [String: GoingNetwork]) {
        for (name, network) in going.sorted(by: { $0.key < $1.key }) where network.changes.isEmpty {
            _ = builder.add(
                .removeNetwork(id: network.live.id), of: name,
                party: network.live.spec.labels[Labels.party] ?? "-",
                rung: .remove, cause: "not desired", after: departures(from: network.live))
        }
    }

    /// The steps after which no container of fatesync needs the network any more.
    ///
    /// An old container that is being replaced needs it until it is removed, because it may have to come back.
    func departures(from network: LiveNetwork) -> Set<Int> {
        let members = Set(
            ours.values.filter { $0.spec.networks[network.spec.name] != nil }.map(\.id))
        let steps = builder.plan.steps.filter { step in
            switch step.action {
            case .disconnectNetwork(.id(let id), network.spec.name), .removeContainer(.id(let id), _):
                members.contains(id)
            default: false
            }
        }
        return Set(steps.map(\.id))
    }

    /// Whether a step planned so far removes the container.
    func isRemoved(_ container: LiveContainer) -> Bool {
        builder.plan.steps.contains { step in
            guard case .removeContainer(.id(container.id), _) = step.action else { return false }
            return true
        }
    }
}
