import DesiredState

/// The container that counts as a service's, after what an interrupted recreate left is resolved.
struct StandingContainer {
    var container: LiveContainer?
    /// Steps that make it so.
    var steps: Set<Int> = []
    /// Whether it is an old container that comes back, so it served until it was interrupted.
    var isRestored = false
    /// The name that it has, where the service desires another one.
    var formerName: String?
}

extension Planner {
    /// Resolves what interrupted recreates left, from names and states alone; answers by container name.
    mutating func resolveLeftovers() -> [String: StandingContainer] {
        var result: [String: StandingContainer] = [:]
        for party in parties {
            for service in party.services.sorted(by: { $0.container.name < $1.container.name })
            where foreign[service.container.name] == nil && result[service.container.name] == nil {
                result[service.container.name] = resolve(service.container.name, party: party.party)
            }
        }
        return result
    }

    private mutating func resolve(_ name: String, party: String) -> StandingContainer {
        var standing = StandingContainer(container: ours[name])
        if var other = misnamed[name] {
            standing.formerName = other.spec.name
            other.spec.name = name
            standing.container = other
        }
        if let next = ours[PlanNames.next(name)] {
            standing.steps.insert(drop(next, party: party, "left by an interrupted recreate"))
        }
        if let dead = standing.container, dead.status == .dead {
            standing.steps.insert(drop(dead, party: party, "dead"))
            standing.container = nil
        }
        guard var old = ours[PlanNames.old(name)] else { return standing }
        if old.status == .dead {
            standing.steps.insert(drop(old, party: party, "dead"))
            return standing
        }
        if let current = standing.container {
            if current.status == .running, current.health != "unhealthy" {
                let wait = builder.add(
                    .awaitContainer(.id(current.id), seconds: PlanDefaults.graceSeconds), of: name,
                    party: party, rung: .recreate, cause: "its recreate was interrupted")
                standing.steps.insert(
                    drop(old, party: party, "replaced by a recreate that was interrupted", after: [wait]))
                return standing
            }
            standing.steps.insert(
                drop(current, party: party, "its start was interrupted; the old container comes back"))
        }
        let rename = builder.add(
            .renameContainer(.id(old.id), to: name), of: name, party: party, rung: .updateInPlace,
            cause: "an interrupted recreate left it as \(old.spec.name)", after: standing.steps)
        old.spec.name = name
        return StandingContainer(container: old, steps: [rename], isRestored: true)
    }

    private mutating func drop(
        _ container: LiveContainer, party: String, _ cause: String, after: Set<Int> = []
    ) -> Int {
        builder.add(
            .removeContainer(.id(container.id), force: true), of: container.spec.name, party: party,
            rung: .remove, cause: cause, after: after)
    }
}
