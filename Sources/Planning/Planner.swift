import DesiredState

/// Compares what a host should run with what it runs, and plans the smallest change set.
///
/// The plan depends on the arguments alone, and its order does not depend on the order of the inputs.
public struct Planner {
    let desired: DesiredHost
    let live: LiveState
    var builder = PlanBuilder()
    /// Containers of fatesync by name; a name held by somebody else is in `foreign`.
    let ours: [String: LiveContainer]
    let foreign: [String: LiveContainer]
    let networksByName: [String: LiveNetwork]

    /// Plans the way from `live` to `desired`.
    public static func plan(from live: LiveState, to desired: DesiredHost) -> Plan {
        var planner = Planner(live: live, desired: desired)
        planner.planAll()
        return planner.builder.plan
    }

    private init(live: LiveState, desired: DesiredHost) {
        self.live = live
        self.desired = desired
        let containers = live.containers.values.sorted { $0.id < $1.id }
        let isOurs = { (container: LiveContainer) in
            container.spec.labels[Labels.host] == desired.host
        }
        ours = Dictionary(containers.filter(isOurs).map { ($0.spec.name, $0) }) { first, _ in first }
        foreign = Dictionary(containers.filter { !isOurs($0) }.map { ($0.spec.name, $0) }) { first, _ in first
        }
        let networks = live.networks.values.sorted { $0.id < $1.id }
        networksByName = Dictionary(networks.map { ($0.spec.name, $0) }) { first, _ in first }
    }

    private mutating func planAll() {
        let parties = desired.parties.filter { !desired.frozen.contains($0.party) }
            .sorted { $0.party < $1.party }
        guardRemovals(of: parties)
        planRemovals(keeping: parties)
        for party in parties {
            planHost(of: party)
            let recreated = planNetworks(of: party)
            planVolumes(of: party)
            planContainers(of: party, networksRecreated: recreated)
        }
    }

    /// Holds a plan that would remove the last party or more than half of the host's containers.
    private mutating func guardRemovals(of parties: [PartyResources]) {
        let liveParties = Set(ours.values.compactMap { $0.spec.labels[Labels.party] })
        guard !liveParties.isEmpty else { return }
        let wanted = Set(parties.flatMap { $0.services.map(\.container.name) })
        let standing = ours.keys.filter { !PlanNames.isTemporary($0) }
        let removed = standing.filter { !wanted.contains($0) && !isFrozen(ours[$0]?.spec.labels) }
        if liveParties.isDisjoint(with: desired.frozen.union(parties.map(\.party))) {
            let names = liveParties.sorted().joined(separator: ", ")
            builder.hold("it would remove the last party of this host (\(names))")
        } else if removed.count * 2 > standing.count {
            builder.hold(
                "it would remove \(removed.count) of this host's \(standing.count) containers, more than half"
            )
        }
    }

    /// Whether the labels name a party that nothing is planned for.
    func isFrozen(_ labels: [String: String]?) -> Bool {
        labels?[Labels.party].map(desired.frozen.contains) ?? false
    }

    func party(of container: LiveContainer) -> String { container.spec.labels[Labels.party] ?? "-" }
}

/// The names that containers have while one replaces the other.
public enum PlanNames {
    /// The new container before it takes over.
    public static func next(_ name: String) -> String { name + ".next" }
    /// The old container until the new one has proved itself.
    public static func old(_ name: String) -> String { name + ".old" }
    static func isTemporary(_ name: String) -> Bool { name.hasSuffix(".next") || name.hasSuffix(".old") }
}
