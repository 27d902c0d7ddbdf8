import DesiredState

extension Planner {
    /// Removes containers and networks of fatesync that nothing desires any more; volumes always stay.
    mutating func planRemovals(keeping parties: [PartyResources]) {
        let services = parties.flatMap(\.services).map(\.container.name)
        let kept = Set(services + services.flatMap { [PlanNames.next($0), PlanNames.old($0)] })
        var removals: [String: Set<Int>] = [:]
        for (name, container) in ours.sorted(by: { $0.key < $1.key })
        where !kept.contains(name) && !isFrozen(container.spec.labels) {
            var last: Set<Int> = []
            let party = party(of: container)
            if container.status.holdsResources {
                last = [
                    builder.add(
                        .stopContainer(.id(container.id)), of: name, party: party, rung: .remove,
                        cause: "not desired")
                ]
            }
            let remove = builder.add(
                .removeContainer(.id(container.id), force: false), of: name, party: party, rung: .remove,
                cause: "not desired", after: last)
            for network in container.spec.networks.keys { removals[network, default: []].insert(remove) }
        }
        let wanted = Set(parties.flatMap { $0.networks.map(\.name) })
        for (name, network) in networksByName.sorted(by: { $0.key < $1.key })
        where network.spec.labels[Labels.host] == desired.host && !wanted.contains(name)
            && !isFrozen(network.spec.labels)
        {
            _ = builder.add(
                .removeNetwork(id: network.id), of: name, party: network.spec.labels[Labels.party] ?? "-",
                rung: .remove, cause: "not desired", after: removals[name] ?? [])
        }
    }
}
