import DesiredState

extension Planner {
    /// Keeps a container running whose party's change waits for a person; answers the step that starts it.
    mutating func planUpkeep(
        of standing: StandingContainer, in context: PartyContext, dependencies: Set<Int>
    ) -> Int? {
        guard let current = standing.container else { return nil }
        let action: Action
        switch current.status {
        case .created, .exited: action = .startContainer(.id(current.id))
        case .paused: action = .unpauseContainer(.id(current.id))
        case .running, .restarting, .removing, .dead: return nil
        }
        return builder.add(
            action, of: current.spec.name, party: context.party.party, rung: .start,
            cause: current.status.rawValue, after: standing.steps.union(dependencies))
    }
}
