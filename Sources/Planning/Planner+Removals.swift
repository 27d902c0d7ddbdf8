import DesiredState

extension Planner {
    /// Removes containers of fatesync that nothing desires any more; volumes always stay.
    mutating func planContainerRemovals() {
        let services = parties.flatMap(\.services).map(\.container.name)
        let kept = Set(services + services.flatMap { [PlanNames.next($0), PlanNames.old($0)] })
        for (name, container) in ours.sorted(by: { $0.key < $1.key })
        where !kept.contains(name) && !isMisnamed(container)
            && !desired.frozen.union(desired.waiting).contains(party(of: container))
        {
            let cause = newHost(of: container).map { "it runs on host \($0) now" } ?? "not desired"
            guard !isBusy(container) else {
                postpone("remove", of: name, party(of: container), container: container.id, cause: cause)
                continue
            }
            guardNode(container)
            var last: Set<Int> = []
            if container.status.holdsResources {
                last = [
                    builder.add(
                        container.stop, of: name, party: party(of: container), rung: .remove,
                        cause: cause)
                ]
            }
            _ = builder.add(
                .removeContainer(.id(container.id), force: false), of: name, party: party(of: container),
                rung: .remove, cause: cause, after: last)
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
    /// An old container that is being replaced and was not taken off it needs the network until it is removed,
    /// because it may have to come back.
    func departures(from network: LiveNetwork) -> Set<Int> {
        let name = network.spec.name
        let members = Set(ours.values.filter { $0.spec.networks[name] != nil }.map(\.id))
        var departures: [String: Int] = [:]
        for step in builder.plan.steps {
            switch step.action {
            case .disconnectNetwork(.id(let id), let other) where other == name:
                departures[id] = departures[id] ?? step.id
            case .removeContainer(.id(let id), _), .discardContainer(.id(let id)):
                departures[id] = departures[id] ?? step.id
            default: break
            }
        }
        return Set(departures.filter { members.contains($0.key) }.values)
    }

    /// Whether a step planned so far removes the container.
    func isRemoved(_ container: LiveContainer) -> Bool {
        builder.plan.steps.contains { step in
            switch step.action {
            case .removeContainer(.id(let id), _), .discardContainer(.id(let id)): id == container.id
            default: false
            }
        }
    }
}
