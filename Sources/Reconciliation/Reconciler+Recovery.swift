import AuditJournal
import DesiredState
import Glibc
import Planning

extension Reconciler {
    /// Gives every step an end in the journal that a crash or a lost answer left without one.
    ///
    /// What to do now follows from live state alone; this only closes the books. A call that seems not done may
    /// still be on its way through the engine, which goes on without its client: then live state is read once
    /// more, and the plan made anew.
    func recover(_ comparison: inout Comparison) throws {
        let open = try openSteps()
        guard !open.isEmpty else { return }
        var outcomes = open.map { inspection(of: comparison).outcome(of: $0) }
        if outcomes.contains(where: { $0.outcome == .notDone }) {
            usleep(500_000)
            let adopted = comparison.adoption.adopted
            comparison.live = try observe(comparison.desired).claiming(adopted, host: configuration.host)
            if comparison.outcome == nil { plan(&comparison) }
            outcomes = open.map { inspection(of: comparison).outcome(of: $0) }
        }
        try record(open, outcomes)
    }

    /// Gives an end to the steps of the plan that is being carried out whose answers were lost.
    func settle(_ comparison: Comparison) throws {
        let open = try openSteps()
        try record(open, open.map { inspection(of: comparison).outcome(of: $0) })
    }

    private func openSteps() throws -> [JournalEntry] {
        let directory = configuration.stateDirectory.journal
        guard try HostFiles.read(directory) == .directory else { return [] }
        return try JournalReader(directory: directory).openSteps()
    }

    private func inspection(of comparison: Comparison) -> StepInspection {
        let services = comparison.desired.parties.flatMap(\.services)
        return StepInspection(live: comparison.live, images: Set(services.map(\.container.image)))
    }

    private func record(
        _ open: [JournalEntry], _ outcomes: [(outcome: JournalOutcome, id: String?)]
    ) throws(JournalError) {
        let records = zip(open, outcomes).map { entry, found in
            var record = JournalRecord(.recover)
            record.cause = entry.record.cause
            record.party = entry.record.party
            record.plan = entry.record.plan
            record.step = entry.record.step
            record.action = entry.record.action
            record.object = entry.record.object
            record.object?.id = found.id ?? entry.record.object?.id
            record.outcome = found.outcome
            record.details = ["intent": .int(Int64(entry.seq))]
            return record
        }
        if !records.isEmpty { _ = try writer().append(records, sync: true) }
    }
}
