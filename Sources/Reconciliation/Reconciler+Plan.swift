import AuditJournal
import DesiredState
import DockerEngine
import Glibc
import Planning

extension Reconciler {
    /// Plans, and leaves out what failed before, what did not help before, and what waits for a person.
    func plan(_ comparison: inout Comparison) throws {
        let commit = comparison.revision.commit
        comparison.frozen = [:]
        comparison.rejected = [:]
        comparison.desired.waiting = []
        // A person wants to know now whether the registry has it.
        comparison.desired.withoutPull =
            comparison.trigger.isManual ? [:] : pullBackoff.waiting(at: commit, now: clock.now)
        comparison.desired.busy = []
        for (party, state) in memory.parties where state.failed == commit {
            let reason = state.failure ?? "this revision failed before"
            // With a last good state the party is kept as that says; without one nothing can be said about it.
            if comparison.resolved.fallbacks.contains(.party(party)) {
                comparison.rejected[party] = reason
            } else {
                comparison.frozen[party] = reason
            }
        }
        freezeRefused(&comparison)
        freezeUnpinnable(&comparison)
        comparison.suspended = [:]
        try replan(&comparison)
        if try holdSuspended(&comparison) { return }
        if !comparison.trigger.isManual {
            let before = comparison.frozen.count
            brake(&comparison)
            if comparison.frozen.count > before { try replan(&comparison) }
        }
        try holdUnconfirmed(&comparison)
        try holdForJobs(&comparison)
        comparison.held += comparison.suspendedParts
    }

    /// Makes the plan, and makes it again once it is known what the containers that it replaces have written.
    func replan(_ comparison: inout Comparison) throws {
        comparison.desired.frozen = Set(comparison.frozen.keys).union(comparison.suspended.keys)
        comparison.plan = Planner.plan(from: comparison.live, to: comparison.desired)
        let unread = comparison.plan.unread
        guard !unread.isEmpty else { return }
        let services = comparison.desired.parties.flatMap(\.services)
        let data = Dictionary(services.map { ($0.container.name, $0.data) }) { first, _ in first }
        for (id, paths) in try docker.readChanges(of: unread) {
            let name = comparison.live.containers[id]?.spec.name ?? ""
            comparison.live.writtenData[id] = (data[PlanNames.lasting(name) ?? name] ?? []).filter { place in
                paths.contains { $0.hasPrefix(place + "/") }
            }
        }
        comparison.plan = Planner.plan(from: comparison.live, to: comparison.desired)
    }

    /// Freezes parties whose plan did not help before, or whose containers are made too often.
    private func brake(_ comparison: inout Comparison) {
        let brake = RecreateBrake(limit: configuration.recreateLimit, now: Int64(time(nil)))
        for party in comparison.plan.parties {
            let attempt = PlanJournal.attempt(comparison.plan, of: party, at: comparison.revision.commit)
            if memory.parties[party]?.attempted == attempt {
                comparison.frozen[party] =
                    "the same plan was carried out before and did not reach its goal; look at "
                    + "`fatesync audit list --party \(party)`, then push a new commit or run `fatesync sync`"
            } else if let reason = brake.objection(to: comparison.plan, of: party, made: memory.made ?? [:]) {
                comparison.frozen[party] = reason
            }
        }
    }

    /// Takes out of the plan what only a person may let pass; the containers of such a party are kept running.
    func holdUnconfirmed(_ comparison: inout Comparison) throws {
        comparison.held = []
        comparison.confirmed = []
        holdForApproval(&comparison)
        let plan = comparison.plan
        guard plan.held != nil || !plan.holds.isEmpty || !plan.refusals.isEmpty else { return }
        let confirmations = try Confirmation.all(in: configuration.stateDirectory)
        let whole = comparison.plan.held.map { HeldPart(comparison.plan, party: nil, reasons: [$0]) }
        if let whole {
            guard let confirmation = confirmations[whole.plan] else {
                comparison.held = [whole]
                return
            }
            comparison.confirmed.append((whole, confirmation))
        }
        for (party, reasons) in plan.refusals.sorted(by: { $0.key < $1.key }) {
            comparison.held.append(HeldPart(plan, party: party, refusals: reasons))
        }
        for (party, reasons) in comparison.plan.holds.sorted(by: { $0.key < $1.key })
        where plan.refusals[party] == nil {
            let part = HeldPart(comparison.plan, party: party, reasons: reasons)
            if let confirmation = confirmations[part.plan] {
                comparison.confirmed.append((part, confirmation))
            } else {
                comparison.held.append(part)
            }
        }
        comparison.desired.waiting = Set(comparison.held.compactMap(\.party))
        if !comparison.held.isEmpty {
            comparison.plan = Planner.plan(from: comparison.live, to: comparison.desired)
        }
        comparison.plan.held = nil
    }

    /// Records who confirmed what is about to run, and uses the confirmations up.
    func consume(_ confirmed: [(part: HeldPart, by: Confirmation)], _ comparison: Comparison) throws {
        let records = confirmed.map { part, confirmation in
            var record = JournalRecord(.manual)
            record.cause = JournalCause("manual", uid: confirmation.uid, pid: confirmation.pid)
            record.source = source(of: comparison)
            record.party = part.party
            record.plan = part.plan
            record.action = "confirm"
            record.details = [
                "user": .string(confirmation.user), "confirmed": .int(confirmation.time),
                "reasons": .array(part.reasons.map { .string($0) }),
            ]
            if let reason = confirmation.reason { record.details["why"] = .string(reason) }
            return record
        }
        if !records.isEmpty { _ = try writer().append(records, sync: true) }
        for (_, confirmation) in confirmed { confirmation.remove(from: configuration.stateDirectory) }
    }
}
