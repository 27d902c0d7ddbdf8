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
    var standstill: PassOutcome.Result {
        guard let reason = frozen.sorted(by: { $0.key < $1.key }).first else {
            return plan.obstacle ?? .inSync
        }
        return .held("party \(reason.key): \(reason.value)")
    }
}

extension PassOutcome {
    init(_ result: Result, _ comparison: Comparison) {
        self.init(result, trigger: comparison.trigger, revision: comparison.revision)
        diagnostics = comparison.resolved.diagnostics
        plan = comparison.plan
        fetchError = comparison.fetchError
        adoption = comparison.adoption
        parties = comparison.partyRows()
    }
}

extension Comparison {
    /// The parties of this host for `status`, as they stood when live state was read.
    func partyRows(failures: [String: [String]] = [:]) -> [WatcherStatus.Party] {
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
            if let reason = frozen[id] ?? failures[id]?.first {
                row.condition = "failed"
                row.reason = reason
            }
            return row
        }
    }
}
