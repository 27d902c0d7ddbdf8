import AuditJournal
import DesiredState
import GitSource
import Planning

/// Desired and live state side by side, and the plan between them.
struct Comparison {
    var trigger: Trigger
    var revision: Revision
    var previous: String?
    var resolved: ResolvedDesiredState
    var desired: DesiredHost
    var live: LiveState
    var plan: Plan
    /// Parties that nothing is done for, with the reason.
    var frozen: [String: String]
    /// Parties that this revision failed for: they are kept at their last good state; with the reason.
    var rejected: [String: String] = [:]
    /// What does not run before a person confirms it.
    var held: [HeldPart] = []
    /// Parties whose change would end jobs, whether or not any run.
    var jobHolds: [String: JobHold] = [:]
    /// Parties whose change goes on although jobs run, with the reason.
    var overruled: [String: String] = [:]
    /// What a person has confirmed and this plan holds.
    var confirmed: [(part: HeldPart, by: Confirmation)] = []
    /// What people on this host have asked for.
    var orders = OperatorOrders()
    /// The newest commit of the branch; another one than `revision` while the host is pinned.
    var branchTip: Revision
    /// Commits that parties run and that the branch has lost, as a person accepted.
    var forsaken: Set<String> = []
    /// Set while nothing at all may be changed on this host.
    var suspension: OperatorOrders.Suspension?
    /// Parties that nothing is changed for.
    var suspended: [String: OperatorOrders.Suspension] = [:]
    /// What waits for them to be resumed.
    var suspendedParts: [HeldPart] = []
    var fetchError: GitError?
    /// What is taken over before the plan is carried out; `live` and `plan` count on it.
    var adoption = Adoption()
    /// Set when the pass ends before a plan could be made.
    var outcome: PassOutcome?

    /// The journal's word for why the pass changes something: without a new commit it is drift.
    var cause: JournalCause {
        if previous == revision.commit, !trigger.isManual, trigger != .start { return "drift" }
        return JournalCause(trigger.journalWord)
    }

    /// How a pass without a step ends.
    var standstill: PassOutcome.Result { pending ?? .inSync }

    /// Set when something is wanted that was left out of the plan.
    var pending: PassOutcome.Result? {
        if suspension != nil { return suspensionHold }
        if let part = held.first { return .held(part.text) }
        let left = frozen.merging(rejected) { first, _ in first }
        if let (party, reason) = left.min(by: { $0.key < $1.key }) {
            return .held("party \(party): \(reason)")
        }
        return plan.obstacle ?? suspensionHold ?? pinHold
    }
}

extension PassOutcome {
    init(_ result: Result, _ comparison: Comparison) {
        self.init(result, trigger: comparison.trigger, revision: comparison.revision)
        diagnostics = comparison.resolved.diagnostics
        plan = comparison.plan
        held = comparison.held
        orders = comparison.orders
        branchTip = comparison.branchTip
        isSuspended = comparison.suspension != nil
        fetchError = comparison.fetchError
        adoption = comparison.adoption
        parties = comparison.partyRows()
    }
}

extension Comparison {
    /// The parties of this host for `status`, as they stood when live state was read.
    func partyRows(
        failures: [String: [String]] = [:], rolledBack: Set<String> = []
    ) -> [WatcherStatus.Party] {
        var containers: [String: [LiveContainer]] = [:]
        for container in live.containers.values {
            guard let party = container.spec.labels[Labels.party] else { continue }
            guard container.spec.labels[Labels.host] == desired.host else { continue }
            containers[party, default: []].append(container)
        }
        let invalid = Set(
            resolved.diagnostics.filter { $0.severity == .error }.compactMap { diagnostic -> String? in
                if case .party(let id)? = SourceUnit(path: diagnostic.location.file) { id } else { nil }
            })
        let ids = Set(desired.parties.map(\.party)).union(containers.keys)
        return ids.sorted { ($0.count, $0) < ($1.count, $1) }.map { id in
            let own = containers[id] ?? []
            let waiting = plan.steps.filter { $0.party == id }
            var row = WatcherStatus.Party(
                id: id, containers: own.count, running: own.filter { $0.status == .running }.count,
                applied: nil, condition: waiting.isEmpty ? "in sync" : "out of sync", reason: nil)
            if invalid.contains(id) { row.condition = "invalid" }
            if let order = suspension ?? suspended[id] {
                row.condition = "suspended"
                row.reason = suspension == nil ? order.text : nil
            } else if let reason = frozen[id] ?? failures[id]?.first {
                row.condition = rolledBack.contains(id) ? "rolled back" : "failed"
                row.reason = reason
            } else if let reason = rejected[id] {
                row.condition = "rolled back"
                row.reason = reason
            } else if let part = held.first(where: { $0.party == id || $0.party == nil }) {
                row.condition = "held"
                row.reason = part.text
            }
            return row
        }
    }
}

extension Comparison {
    /// The parties of which something waits for jobs to end.
    var postponing: Set<String> {
        Set(plan.postponed.map(\.party)).union(held.filter { $0.until != nil }.compactMap(\.party))
    }
}
