import AuditJournal
import DesiredState
import DockerEngine
import GitSource
import Glibc
import Planning

extension Reconciler {
    /// Carries the plan out, and plans again where live state was not as it had been read.
    ///
    /// So it is after a crash: the engine goes on with the last call and shows its effect only at the end.
    func carryOut(_ comparison: Comparison, isStopping: @escaping () -> Bool) throws -> PassOutcome {
        var (outcome, next) = try attempt(comparison, isStopping: isStopping)
        for _ in 1...2 {
            guard let again = next, !isStopping() else { break }
            report(.planned(again.plan, revision: again.revision))
            (outcome, next) = try attempt(again, isStopping: isStopping)
            outcome.plan = comparison.plan
        }
        return outcome
    }

    /// Carries the plan out once, reads live state again, and remembers what came of it.
    ///
    /// - Returns: The outcome, and what is to be carried out now if the plan had been outdated.
    private func attempt(
        _ comparison: Comparison, isStopping: @escaping () -> Bool
    ) throws -> (PassOutcome, next: Comparison?) {
        let clock = ContinuousClock()
        let started = clock.now
        let journal = PlanJournal(
            writer: try writer(), cause: comparison.cause, source: source(of: comparison),
            plan: comparison.plan)
        mustRecover = true
        try noteOwed(by: comparison)
        try noteMade(comparison.plan)
        try journal.made(comparison.plan, despite: comparison.overruled)
        var executor = PlanExecutor(
            comparison.plan, from: comparison.live, client: docker, journal: journal,
            apiVersion: comparison.live.engine.apiVersion,
            secrets: comparison.desired.parties.reduce(into: []) { $0.formUnion($1.secrets) },
            namespaceService: configuration.namespaceService.map { NamespaceService(at: $0) },
            credential: registryCredential(for:),
            report: report, isStopping: isStopping)
        let (execution, journalError) = executor.run()
        if let journalError {
            let reason = "\(journalError); nothing is changed without a record"
            return (PassOutcome(.failed(reason), comparison), nil)
        }
        let outdated = execution.outdatedParties
        // Gives the engine time to end what it does on behalf of somebody else.
        if !outdated.isEmpty || executor.hasUnknown { usleep(500_000) }
        let pulls = judgePulls(executor, comparison)
        memory.deliver(execution, comparison.live)
        var applied = comparison
        applied.live = try observe(comparison.desired)
        if executor.hasUnknown { try settle(applied) }
        applied.desired.withoutUpdate.formUnion(executor.untakenUpdates)
        applied.desired.withoutStart.formUnion(executor.unstartable)
        applied.plan = Planner.plan(from: applied.live, to: applied.desired)
        var failures = execution.reasons(unmet: isStopping() ? Plan() : applied.plan, of: comparison.plan)
        for (party, reason) in pulls.condemned { failures[party, default: []].insert(reason, at: 0) }
        let condemned = execution.rolledBackParties.union(pulls.condemned.keys)
        // One that never had anything has nothing to go back to.
        let rolledBack = condemned.filter { memory.parties[$0]?.applied != nil || pulls.condemned[$0] == nil }
        try remember(
            comparison, now: applied.live, failures: failures, condemned: condemned,
            broken: execution.brokenParties,
            unfinished: applied.plan,
            retryable: execution.harmlessParties.union(pulls.waiting).union(executor.waitedForHosts))
        mustRecover = false
        // The old containers of every party that failed serve again.
        let isRolledBack = !failures.isEmpty && Set(failures.keys).isSubset(of: rolledBack)
        let reason = failures.sorted { $0.key < $1.key }.first.map { "party \($0.key): \($0.value[0])" }
        try journal.done(
            failures.isEmpty ? .ok : isRolledBack ? .rolledBack : .failed, error: reason,
            milliseconds: started.duration(to: clock.now).milliseconds, outages: executor.measuredOutages,
            rolledBack: rolledBack)
        let failure = reason.map { isRolledBack ? PassOutcome.Result.rolledBack($0) : .failed($0) }
        var outcome = PassOutcome(failure ?? applied.pending ?? .applied, applied)
        outcome.plan = comparison.plan
        outcome.parties = applied.partyRows(failures: failures, rolledBack: rolledBack)
        outcome.failures = failures
        outcome.rolledBack = rolledBack
        outcome.outages = executor.measuredOutages
        guard !outdated.isEmpty, outdated == Set(failures.keys) else { return (outcome, nil) }
        // What is held now may not be what was held before.
        applied.desired.waiting = []
        applied.desired.busy = []
        try replan(&applied)
        try holdUnconfirmed(&applied)
        try holdForJobs(&applied)
        applied.held += applied.suspendedParts
        return (outcome, applied.plan.held == nil && !applied.plan.isEmpty ? applied : nil)
    }

    /// The commit as the journal names it.
    func source(of comparison: Comparison) -> RevisionSource {
        RevisionSource(
            remote: configuration.repository.description, ref: "refs/heads/\(configuration.branch)",
            commit: comparison.revision.commit, previous: comparison.previous,
            author: comparison.revision.author, subject: comparison.revision.subject)
    }

    /// Records a commit that is new, refused or held: once for each commit and reason.
    func recordSource(_ comparison: Comparison) throws(JournalError) {
        var records: [JournalRecord] = []
        let before = recorded
        func add(_ kind: JournalKind, _ reason: String?) {
            guard recorded.insert("\(kind.rawValue) \(comparison.revision.commit) \(reason ?? "")").inserted
            else { return }
            var record = JournalRecord(kind)
            record.cause = JournalCause(comparison.trigger.journalWord)
            record.source = source(of: comparison)
            record.error = reason
            if reason != nil { record.outcome = .refused }
            records.append(record)
        }
        if comparison.revision.commit != comparison.previous { add(.sourceSeen, nil) }
        let mistakes = comparison.resolved.diagnostics.filter { $0.severity == .error }
        if !mistakes.isEmpty {
            add(.sourceRefused, mistakes.prefix(20).map(\.description).joined(separator: "\n"))
        }
        switch comparison.outcome?.result {
        case .untrusted(let reason)?: add(.sourceRefused, reason)
        case .held(let reason)?: add(.sourceHeld, reason)
        default: break
        }
        for part in comparison.held { add(.sourceHeld, part.text) }
        for (party, reason) in comparison.overruled.sorted(by: { $0.key < $1.key }) {
            var record = JournalRecord(.sourceHeld)
            record.cause = JournalCause(comparison.trigger.journalWord)
            record.source = source(of: comparison)
            record.party = party
            record.outcome = .ok
            record.error = "goes on: \(reason)"
            records.append(record)
        }
        guard !records.isEmpty else { return }
        do throws(JournalError) {
            _ = try writer().append(records, sync: true)
        } catch {
            recorded = before
            throw error
        }
    }

    private func registryCredential(for reference: String) throws(DockerError) -> RegistryCredential? {
        guard let path = configuration.registryConfig else { return nil }
        // A config file that is absent or unreadable means that no credential is configured; the registry
        // then says what it misses.
        guard case .file(let content, _, _)? = try? HostFiles.read(path) else { return nil }
        return try RegistryCredential.find(for: reference, inDockerConfig: content)
    }
}

extension Execution {
    /// Parties all of whose failures leave everything as it was.
    fileprivate var harmlessParties: Set<String> {
        Set(failures.filter { $0.value.allSatisfy { $0.step.action.changesNothingByFailing } }.keys)
    }

    /// What went wrong, by party: the steps that failed, and where none did what the plan did not reach.
    fileprivate func reasons(unmet: Plan, of plan: Plan) -> [String: [String]] {
        var reasons = failures.mapValues { steps in
            steps.map { "\($0.step.action.name) \($0.step.object): \($0.reason)" }
        }
        for step in unmet.steps where reasons[step.party] == nil && plan.repeats(step) {
            reasons[step.party] = [
                "not as desired after the sync: \(step.action.name) \(step.object), \(step.cause)"
            ]
        }
        return reasons
    }
}

extension Plan {
    /// Set when live state differs in a way that no step mends, so that nobody calls it in sync.
    var obstacle: PassOutcome.Result? {
        warnings.first.map { .held("party \($0.party): \($0.object) \($0.message)") }
    }

    /// Whether the step stood in this plan too; one that did not mends what somebody changed meanwhile.
    fileprivate func repeats(_ step: Step) -> Bool {
        steps.contains {
            $0.party == step.party && $0.object == step.object && $0.action.name == step.action.name
        }
    }
}

extension Action {
    /// Whether a refusal leaves everything as it was, so that trying again at the next pass loops nothing.
    ///
    /// A start that fails is not among them: it joins and leaves networks, and so causes the next pass.
    fileprivate var changesNothingByFailing: Bool {
        switch self {
        case .pullImage, .createContainer, .createNetwork, .createVolume, .makeDirectory, .writeFile: true
        default: false
        }
    }
}

extension PlanJournal {
    /// Names one party's part of a plan at a commit.
    static func attempt(_ plan: Plan, of party: String, at commit: String) -> String {
        var part = Plan()
        part.steps = plan.steps.filter { $0.party == party }
        return "\(commit) \(digest(of: part))"
    }
}

extension Trigger {
    /// Whether a person asked, who may want a failed attempt repeated.
    var isManual: Bool { self == .command || self == .signal }
}
