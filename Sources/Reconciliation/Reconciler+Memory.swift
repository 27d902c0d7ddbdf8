import DesiredState
import Glibc
import Planning

/// What a pass writes down for the next one.
extension Reconciler {
    /// Keeps which containers are about to reread files, so that the next pass knows it after a crash.
    func noteOwed(by comparison: Comparison) throws(HostFileError) {
        let before = memory
        memory.owe(comparison.plan, comparison.desired, comparison.live)
        if memory != before { try memory.write(configuration.stateDirectory.hostState) }
    }

    /// Keeps which containers may have stopped rereading a file, until they have started again.
    func noteSuspects(_ comparison: Comparison) throws(HostFileError) {
        let before = memory
        memory.suspect(comparison.desired.parties, comparison.live)
        if memory != before { try memory.write(configuration.stateDirectory.hostState) }
    }

    /// Keeps what each party has reached; written only when it differs from what is on disk.
    ///
    /// - Parameters:
    ///   - condemned: Parties for which the revision is bad, so that only another commit is tried.
    ///   - broken: Parties with a container that does not run, whatever the engine does.
    ///   - unfinished: What is still to be done.
    ///   - retryable: Parties whose failure leaves no reason to wait for a person.
    func remember(
        _ comparison: Comparison, now live: LiveState, failures: [String: [String]],
        condemned: Set<String> = [], broken: Set<String> = [], unfinished: Plan = Plan(),
        retryable: Set<String> = []
    ) throws(HostFileError) {
        let before = memory
        memory.keepAdopted(in: live)
        let waiting = Set(unfinished.parties).union(comparison.frozen.keys).union(comparison.desired.waiting)
            .union(comparison.postponing).union(comparison.held.compactMap(\.party))
        let unreached = comparison.plan.unreached.union(unfinished.unreached)
        let fallbacks = comparison.resolved.fallbacks
        for resources in comparison.desired.parties {
            let party = resources.party
            var state = memory.parties[party] ?? .init()
            if let reasons = failures[party] {
                if condemned.contains(party) {
                    state.failed = comparison.revision.commit
                    state.failure = reasons.first
                }
                // Noted after the attempt: one that a crash cut short is simply made again.
                let attempt = PlanJournal.attempt(comparison.plan, of: party, at: comparison.revision.commit)
                // Where no container is at fault the engine was in trouble, which one more attempt may outlast.
                let isLast = broken.contains(party) || state.failedOnce == attempt
                state.attempted = retryable.contains(party) || !isLast ? nil : attempt
                state.failedOnce = attempt
            } else if !waiting.contains(party), !unreached.contains(party) {
                state.attempted = nil
                state.failedOnce = nil
                if comparison.rejected[party] == nil {
                    state.failed = nil
                    state.failure = nil
                }
                if !fallbacks.contains(.party(party)) {
                    state.applied = comparison.revision
                } else if let pin = comparison.orders.pin(of: party) {
                    state.applied = pin.revision
                }
                state.blueprint = resources.release?.blueprint
            }
            memory.parties[party] = state
        }
        let settled = comparison.desired.parties.filter {
            failures[$0.party] == nil && !waiting.contains($0.party)
        }
        memory.settle(settled, live)
        let kept = Set(comparison.resolved.state.partyHosts.keys)
        for party in memory.parties.keys where !kept.contains(party) && !waiting.contains(party) {
            memory.parties[party] = nil
        }
        let isValid = !comparison.resolved.diagnostics.contains { $0.severity == .error }
        let isWhole = comparison.frozen.isEmpty && comparison.rejected.isEmpty && comparison.held.isEmpty
        if failures.isEmpty, isValid, isWhole, unfinished.isEmpty, unreached.isEmpty {
            // A host that went back has still accepted what came after: the branch must go on containing it.
            if comparison.orders.pin(of: nil) == nil { memory.accepted = comparison.revision.commit }
            memory.reach(comparison.revision)
        }
        memory.pruneReplaced()
        if memory != before { try memory.write(configuration.stateDirectory.hostState) }
    }

    /// Remembers the containers that are about to be made, so that a crash does not forget them.
    func noteMade(_ plan: Plan) throws(HostFileError) {
        let brake = RecreateBrake(limit: configuration.recreateLimit, now: Int64(time(nil)))
        let made = brake.noting(plan, in: memory.made ?? [:])
        guard made != memory.made ?? [:] else { return }
        memory.made = made
        try memory.write(configuration.stateDirectory.hostState)
    }
}
