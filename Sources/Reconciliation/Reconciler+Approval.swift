import DesiredState
import Glibc
import Planning

extension Reconciler {
    /// Adds the holds of this host's own configuration: closed sync windows, and kinds of change that need approval.
    ///
    /// What only keeps containers running is never held.
    func holdForApproval(_ comparison: inout Comparison) {
        let now = Int64(time(nil))
        let closure = configuration.syncWindows?.closure(at: now)
        guard closure != nil || !configuration.approvals.isEmpty else { return }
        let opening = closure == nil ? nil : configuration.syncWindows?.opening(after: now)
        var keeping = comparison.desired
        keeping.waiting = Set(comparison.plan.parties)
        let upkeep = Planner.plan(from: comparison.live, to: keeping)
        for party in comparison.plan.parties {
            guard comparison.plan.lines(of: party) != upkeep.lines(of: party) else { continue }
            var reasons: [String] = []
            if let closure {
                reasons.append(closure + (opening.map { ", until \(moment($0))" } ?? ""))
            }
            let services = comparison.desired.parties.first { $0.party == party }?.services ?? []
            reasons += comparison.plan.approvals(
                of: party, among: configuration.approvals, services: services)
            if !reasons.isEmpty { comparison.plan.holds[party, default: []] += reasons }
        }
    }
}

extension Plan {
    /// What is done for a party, one line for each step.
    fileprivate func lines(of party: String) -> [String] {
        steps.filter { $0.party == party }.map { "\($0.action.name) \($0.object)" }
    }
}
