import AuditJournal
import DesiredState
import Glibc
import Planning

extension Reconciler {
    /// Writes what people have asked for into the journal; the caller holds the lock.
    public func recordActs() throws {
        let acts = try OperatorAct.unrecorded(in: configuration.stateDirectory)
        guard !acts.isEmpty else { return }
        _ = try writer().append(acts.map { $0.act.record(configuration) }, sync: true)
        for (path, _) in acts { unlink(path) }
    }

    /// Removes suspensions whose time is over; the journal says that nobody had to.
    func endSuspensions() throws {
        let orders = try OperatorOrders.read(from: configuration.stateDirectory)
        let over = orders.suspensions.filter { $0.isOver(at: Int64(time(nil))) }
        guard !over.isEmpty else { return }
        let records = over.map { order in
            var record = JournalRecord(.manual)
            record.cause = JournalCause("timer", detail: "the suspension was for a limited time")
            record.party = order.party
            record.action = "resume"
            record.details = ["user": .string(order.by.user), "why": .string(order.reason)]
            return record
        }
        _ = try writer().append(records, sync: true)
        for order in over { unlink(configuration.stateDirectory.suspension(of: order.party)) }
    }

    /// When the next suspension ends, in seconds since 1970; `nil` when nothing ends by itself.
    func nextEnd() -> Int64? {
        // What cannot be read now is an error of the next pass.
        try? OperatorOrders.read(from: configuration.stateDirectory).nextEnd
    }

    /// Whether somebody has suspended the host; asked between any two steps.
    nonisolated var isSuspended: Bool {
        access(configuration.stateDirectory.suspension(of: nil), F_OK) == 0
    }

    /// Takes out of the plan what is suspended, and says what waits.
    ///
    /// - Returns: Whether all of the host is suspended; the plan is then only to be looked at.
    func holdSuspended(_ comparison: inout Comparison) throws -> Bool {
        let now = Int64(time(nil))
        comparison.suspendedParts = []
        if let order = comparison.orders.suspension(of: nil, at: now) {
            comparison.suspension = order
            (comparison.held, comparison.confirmed) = ([], [])
            (comparison.jobHolds, comparison.overruled) = ([:], [:])
            comparison.plan.held = order.text
            if !comparison.plan.isEmpty {
                comparison.held = [HeldPart(comparison.plan, suspension: order)]
            }
            return true
        }
        let orders = comparison.orders.suspensions.filter { $0.party != nil && !$0.isOver(at: now) }
        guard !orders.isEmpty else { return false }
        for order in orders.sorted(by: { ($0.party ?? "") < ($1.party ?? "") }) {
            guard let party = order.party else { continue }
            comparison.suspended[party] = order
            if comparison.plan.parties.contains(party) {
                comparison.suspendedParts.append(HeldPart(comparison.plan, suspension: order))
            }
        }
        try replan(&comparison)
        return false
    }

    /// Leaves alone what is pinned to a revision that this host cannot be kept at.
    func freezeUnpinnable(_ comparison: inout Comparison) {
        for pin in comparison.partyPins where pin.revision.commit != comparison.revision.commit {
            guard let party = pin.party else { continue }
            if comparison.resolved.state.partyHosts[party] == nil {
                comparison.frozen[party] = "\(pin.text); the branch does not have the party any more"
            } else if !comparison.resolved.fallbacks.contains(.party(party)) {
                comparison.frozen[party] = "\(pin.text); the party has mistakes there"
            }
        }
    }

    /// Remembers that a person has accepted a rewritten history, and uses the acceptance up.
    func acceptHistory(_ comparison: Comparison) throws {
        guard !comparison.forsaken.isEmpty else {
            // The word was for one tip; where it is not needed it is not kept for later.
            for tip in comparison.orders.acceptedTips {
                unlink(configuration.stateDirectory.acceptance(of: tip))
            }
            return
        }
        for commit in comparison.forsaken { memory.replaced[commit] = comparison.branchTip.commit }
        try memory.write(configuration.stateDirectory.hostState)
        for tip in comparison.orders.acceptedTips {
            unlink(configuration.stateDirectory.acceptance(of: tip))
        }
    }
}

extension Comparison {
    /// The pins of single parties; one for the host does not touch them.
    var partyPins: [OperatorOrders.Pin] { orders.pins.filter { $0.party != nil } }

    /// Set when a pin keeps a newer commit from being applied.
    var pinHold: PassOutcome.Result? {
        guard let pin = orders.pins.first(where: { $0.revision.commit != branchTip.commit }) else {
            return nil
        }
        return .held("\(pin.text); \(branchTip.branch) is at \(branchTip.short)")
    }

    /// Set when something is suspended, whether or not it differs.
    var suspensionHold: PassOutcome.Result? {
        let order = suspension ?? suspended.min { $0.key < $1.key }?.value
        return order.map { .held($0.text) }
    }
}

extension HeldPart {
    /// What waits for the end of a suspension.
    init(_ plan: Plan, suspension order: OperatorOrders.Suspension) {
        self.init(plan, party: order.party, reasons: [order.text])
        isSuspended = true
    }
}
