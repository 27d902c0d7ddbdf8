public import DesiredState

extension Plan {
    /// Something that is left out of the plan while jobs run, because it would end them.
    public struct Postponed: Sendable, Equatable {
        public var party: String
        /// Full id of the container; `nil` for a network or a file.
        public var containerID: String?
        public var object: String
        /// What is put off, such as `restart`.
        public var action: String
        public var cause: String
    }

    /// The parties whose part would end running jobs, with the containers that it would disturb.
    public func disturbances(of guarded: [String: Set<String>]) -> [String: Set<String>] {
        steps.reduce(into: [:]) { result, step in
            guard let id = step.action.disturbedContainer else { return }
            for (party, ids) in guarded where ids.contains(id) { result[party, default: []].insert(id) }
        }
    }
}

extension Plan.Postponed: CustomStringConvertible {
    /// One line, in the words of a plan's step.
    public var description: String { "\(party) \(action) \(object): \(cause)" }
}

extension LiveState {
    /// The running containers whose absence ends jobs, by party: their full ids.
    public func guarded(of parties: [PartyResources], host: String) -> [String: Set<String>] {
        var result: [String: Set<String>] = [:]
        for party in parties {
            guard let jobs = party.jobs else { continue }
            result[party.party] = Set(
                containers.values.filter { container in
                    container.status.holdsResources
                        && container.isOne(of: jobs.guards, party: party.party, host: host)
                }.map(\.id))
        }
        return result
    }

    /// The running container of a party's service; `nil` when none runs.
    public func running(_ service: String, of party: String, host: String) -> LiveContainer? {
        containers.values.filter {
            $0.status == .running && $0.isOne(of: [service], party: party, host: host)
        }.min { $0.id < $1.id }
    }
}

extension LiveContainer {
    fileprivate func isOne(of services: Set<String>, party: String, host: String) -> Bool {
        spec.labels[Labels.host] == host && spec.labels[Labels.party] == party
            && services.contains(spec.labels[Labels.service] ?? "")
    }
}

extension Action {
    /// The running container that the action stops, or takes off a network.
    fileprivate var disturbedContainer: String? {
        switch self {
        case .restartContainer(.id(let id), _), .stopContainer(.id(let id), _),
            .disconnectNetwork(.id(let id), _), .removeContainer(.id(let id), force: true):
            id
        default: nil
        }
    }
}

// MARK: - Leaving out what would end jobs

extension Planner {
    /// Whether jobs depend on the container, so that it must be left alone.
    func isBusy(_ container: LiveContainer) -> Bool { desired.busy.contains(container.id) }

    mutating func postpone(
        _ action: String, of object: String, _ party: String, container: String? = nil, cause: String
    ) {
        let entry = Plan.Postponed(
            party: party, containerID: container, object: object, action: action, cause: cause)
        if !builder.plan.postponed.contains(entry) { builder.postpone(entry) }
    }

    /// Leaves a container on its networks, and as it is but for what an update in place mends.
    mutating func spare(
        _ container: LiveContainer, _ comparison: inout ContainerComparison, named name: String, party: String
    ) {
        guard isBusy(container) else { return }
        if comparison.rung == .recreate {
            let fields = comparison.changes.map(\.field).joined(separator: ", ")
            postpone("recreate", of: name, party, container: container.id, cause: "\(fields) changed")
            comparison.keepOnlyNetworks()
        }
        if comparison.changesNetworks {
            let networks = Set(comparison.disconnects.map(\.network) + comparison.connects.map(\.network))
            let names = networks.sorted().joined(separator: ", ")
            postpone(
                "reconnect", of: name, party, container: container.id, cause: "networks \(names) changed")
            comparison.disconnects = []
            comparison.connects = []
        }
    }

    /// Whether a changed file has to wait for a restart that is put off.
    ///
    /// New processes of the services would read it at once and differ from those that run. A file that is missing
    /// is written all the same: without it nothing new starts at all.
    ///
    /// - Parameter effects: What the keys that differ need; empty when that cannot be told, and then any rule may hold.
    mutating func waitsForJobs(
        _ file: FileSpec, of party: PartyResources, cause: String, _ effects: [ChangeEffect]
    ) -> Bool {
        guard live.files[file.path] != nil else { return false }
        let known = effects.isEmpty ? ([file.wholeRule] + file.rules).map(\.effect) : effects
        let services = Set(
            known.flatMap { effect -> [String] in
                if case .restart(let services) = effect { services } else { [] }
            })
        let readers = party.services.filter { services.contains($0.name) }
        let isRead = readers.contains { service in
            (ours[service.container.name] ?? misnamed[service.container.name]).map(isBusy) ?? false
        }
        if isRead { postpone("file.write", of: file.path, party.party, cause: cause) }
        return isRead
    }

    /// Takes networks that a busy container is on out of those that go.
    mutating func keepBusy(_ going: inout [String: GoingNetwork]) {
        for (name, network) in going.sorted(by: { $0.key < $1.key }) {
            guard ours.values.contains(where: { $0.spec.networks[name] != nil && isBusy($0) }) else {
                continue
            }
            let fields = network.changes.map(\.field).joined(separator: ", ")
            postpone(
                "recreate network", of: name, network.live.spec.labels[Labels.party] ?? "-",
                cause: fields.isEmpty ? "not desired" : "\(fields) changed")
            going[name] = nil
        }
    }
}
