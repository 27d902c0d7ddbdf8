import Planning
import Reconciliation

/// What a watcher does with a push, as the pusher reads it behind git's `remote:`.
struct PushReport {
    private var hasPlan = false
    private var repository = ""

    /// The lines that say what a message does; empty for what only a terminal on this host shows.
    mutating func lines(for message: ControlMessage) -> [String] {
        switch message.event {
        case .accepted:
            repository = "\(message.repository ?? "-") branch \(message.branch ?? "-")"
            return []
        case .planned:
            hasPlan = true
            return message.plan.map { Self.lines($0) } ?? []
        case .stepFinished:
            // What succeeds is as planned, and the outcome counts it.
            guard let step = message.step, let error = step.error else { return [] }
            return ["\(step.party): \(step.action) \(step.object) failed: \(error)"]
        case .outcome:
            guard let outcome = message.outcome else { return [] }
            guard message.contains == true else { return [stranger(outcome)] }
            return Self.lines(outcome, after: hasPlan)
        case .note: return [message.text ?? ""]
        case .fetching, .stepStarted, .pulling, .refused: return []
        }
    }

    /// One line per object: a recreate is one change, whatever calls it takes.
    private static func lines(_ plan: PlanDocument) -> [String] {
        PlanChange.all(in: plan).map { change in
            let within = change.disruptions.map(\.description).joined(separator: ", ")
            let fields = change.changes.map { "\($0.field): \($0.old) -> \($0.new)" }.prefix(3)
            let what = "\(change.party): \(change.rung.name) \(change.object)"
            return what + (within.isEmpty ? "" : " (\(within))")
                + (fields.isEmpty ? "" : ", \(fields.joined(separator: ", "))")
                + (change.changes.count > 3 ? " and \(change.changes.count - 3) more" : "")
        }
    }

    private static func lines(_ outcome: PassDocument, after hasPlan: Bool) -> [String] {
        var lines = outcome.plan.held.map { "held: \($0.text)" }
        for (party, reasons) in outcome.failures.sorted(by: { $0.key < $1.key }) {
            lines += reasons.map { "\(party): \($0)" }
        }
        let count = { (rungs: Set<Rung>) in
            PlanChange.all(in: outcome.plan).count { rungs.contains($0.rung) }
        }
        let verdict = PassReport.verdict(of: outcome)
        guard hasPlan, outcome.isReached else { return lines + [verdict] }
        return lines + [
            "\(verdict): \(count([.writeFile])) files, \(count([.restart])) restarts, \(count([.recreate])) recreates"
        ]
    }

    /// The pass was of something else than what was pushed.
    private func stranger(_ outcome: PassDocument) -> String {
        let reason = outcome.reason ?? outcome.fetchError ?? "it does not follow what was pushed here"
        return "the watcher of \(repository) has not come to this commit: \(reason); the push stands"
    }
}
