import DesiredState

/// Compares what a host should run with what it runs, and plans the smallest change set.
///
/// The plan depends on the arguments alone, and its order does not depend on the order of the inputs.
public struct Planner {
    let desired: DesiredHost
    /// The parties that are planned, by id.
    let parties: [PartyResources]
    let live: LiveState
    let mask: SecretMask
    var builder: PlanBuilder
    /// Containers of fatesync by name; a name held by somebody else is in `foreign`.
    let ours: [String: LiveContainer]
    let foreign: [String: LiveContainer]
    /// Containers of fatesync that stand for a service under another name, by the name that it desires.
    let misnamed: [String: LiveContainer]
    let networksByName: [String: LiveNetwork]
    let networkIDs: [String: String]
    /// Networks that every container of fatesync leaves before anything else.
    var vacated: Set<String> = []
    /// Steps that take a container off such networks, by its id.
    var departed: [String: Set<Int>] = [:]
    /// Steps that start a container which this plan makes, by name.
    var replaced: [String: Int] = [:]
    /// Containers in a restart loop that the plan stops before it changes their networks.
    var stopped: [String: Int] = [:]

    /// Plans the way from `live` to `desired`.
    public static func plan(from live: LiveState, to desired: DesiredHost) -> Plan {
        var planner = Planner(live: live, desired: desired)
        planner.planAll()
        return planner.builder.plan
    }

    private init(live: LiveState, desired: DesiredHost) {
        self.live = live
        self.desired = desired
        parties = desired.parties.filter { !desired.frozen.contains($0.party) }.sorted { $0.party < $1.party }
        mask = SecretMask(parties.reduce(into: []) { $0.formUnion($1.secrets) })
        builder = PlanBuilder(mask: mask)
        // What the engine is removing is as good as gone: nothing can be done with it any more.
        let containers = live.containers.values.filter { $0.status != .removing }.sorted { $0.id < $1.id }
        let isOurs = { (container: LiveContainer) in
            container.spec.labels[Labels.host] == desired.host
        }
        ours = Dictionary(containers.filter(isOurs).map { ($0.spec.name, $0) }) { first, _ in first }
        foreign = Dictionary(containers.filter { !isOurs($0) }.map { ($0.spec.name, $0) }) { first, _ in first
        }
        misnamed = Self.misnamed(in: ours, foreign: foreign, parties)
        let networks = live.networks.values.sorted { $0.id < $1.id }
        networksByName = Dictionary(networks.map { ($0.spec.name, $0) }) { first, _ in first }
        networkIDs = networksByName.mapValues(\.id)
    }

    private mutating func planAll() {
        guardRemovals()
        planContainerRemovals()
        let standing = resolveLeftovers()
        let going = planVacating()
        for party in parties {
            var host: Set<Int> = []
            if !desired.waiting.contains(party.party) {
                host = planHost(of: party)
                planNetworks(of: party, going: going)
                planVolumes(of: party)
                checkFirstStart(of: party)
            }
            planContainers(of: party, host: host, standing: standing)
        }
        planNetworkRemovals(going: going)
        orderByClaims()
        orderByDevices()
        guardReleases()
        checkHost()
        builder.finish()
        estimateDisruptions()
    }

    /// Holds a plan that would remove the last party or more than half of the host's containers.
    private mutating func guardRemovals() {
        let liveParties = Set(ours.values.compactMap { $0.spec.labels[Labels.party] })
        guard !liveParties.isEmpty else { return }
        let wanted = Set(desired.parties.flatMap { $0.services.map(\.container.name) })
        let standing = ours.values.filter { PlanNames.lasting($0.spec.name) == nil }
        let removed = standing.filter {
            !wanted.contains($0.spec.name) && !desired.frozen.contains(party(of: $0)) && !isMisnamed($0)
        }
        if liveParties.isDisjoint(with: desired.frozen.union(desired.parties.map(\.party))) {
            let names = liveParties.sorted().joined(separator: ", ")
            builder.hold("it would remove the last party of this host (\(names))")
        } else if removed.count * 2 > standing.count {
            builder.hold(
                "it would remove \(removed.count) of this host's \(standing.count) containers, more than half"
            )
        }
    }

    func party(of container: LiveContainer) -> String { container.spec.labels[Labels.party] ?? "-" }
}

/// The names that containers have while one replaces the other.
public enum PlanNames {
    /// The new container before it takes over.
    public static func next(_ name: String) -> String { name + nextSuffix }
    /// The old container until the new one has proved itself.
    public static func old(_ name: String) -> String { name + oldSuffix }
    /// The name that a container with a temporary one stands in for; `nil` for any other name.
    public static func lasting(_ name: String) -> String? {
        [nextSuffix, oldSuffix].first(where: name.hasSuffix).map { String(name.dropLast($0.count)) }
    }

    private static let nextSuffix = ".next"
    private static let oldSuffix = ".old"
}
