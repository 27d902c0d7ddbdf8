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
        try journal.made(comparison.plan)
        var executor = PlanExecutor(
            comparison.plan, from: comparison.live, client: docker, journal: journal,
            apiVersion: comparison.live.engine.apiVersion,
            secrets: comparison.desired.parties.reduce(into: []) { $0.formUnion($1.secrets) },
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
        memory.deliver(execution, comparison.live)
        var applied = comparison
        applied.live = try observe(comparison.desired)
        if executor.hasUnknown { try settle(applied) }
        applied.desired.withoutUpdate.formUnion(executor.untakenUpdates)
        applied.plan = Planner.plan(from: applied.live, to: applied.desired)
        let failures = execution.reasons(unmet: isStopping() ? Plan() : applied.plan, of: comparison.plan)
        let harmless = Set(
            execution.failures.filter { $0.value.allSatisfy { $0.step.action.changesNothingByFailing } }.keys)
        try remember(
            comparison, now: applied.live, failures: failures, rolledBack: execution.rolledBackParties,
            broken: execution.brokenParties, unfinished: applied.plan, retryable: harmless)
        mustRecover = false
        let rolledBack = execution.rolledBackParties
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
        try replan(&applied)
        try holdUnconfirmed(&applied)
        return (outcome, applied.plan.held == nil && !applied.plan.isEmpty ? applied : nil)
    }

    /// Keeps which containers are about to reread files, so that the next pass knows it after a crash.
    private func noteOwed(by comparison: Comparison) throws(HostFileError) {
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
    func remember(
        _ comparison: Comparison, now live: LiveState, failures: [String: [String]],
        rolledBack: Set<String> = [], broken: Set<String> = [], unfinished: Plan = Plan(),
        retryable: Set<String> = []
    ) throws(HostFileError) {
        let before = memory
        memory.keepAdopted(in: live)
        let waiting = Set(unfinished.parties).union(comparison.frozen.keys).union(comparison.desired.waiting)
        let fallbacks = comparison.resolved.fallbacks
        for resources in comparison.desired.parties {
            let party = resources.party
            var state = memory.parties[party] ?? .init()
            if let reasons = failures[party] {
                if rolledBack.contains(party) {
                    state.failed = comparison.revision.commit
                    state.failure = reasons.first
                }
                // Noted after the attempt: one that a crash cut short is simply made again.
                let attempt = PlanJournal.attempt(comparison.plan, of: party, at: comparison.revision.commit)
                // Where no container is at fault the engine was in trouble, which one more attempt may outlast.
                let isLast = broken.contains(party) || state.failedOnce == attempt
                state.attempted = retryable.contains(party) || !isLast ? nil : attempt
                state.failedOnce = attempt
            } else if !waiting.contains(party) {
                state.attempted = nil
                state.failedOnce = nil
                if comparison.rejected[party] == nil {
                    state.failed = nil
                    state.failure = nil
                }
                if !fallbacks.contains(.party(party)) { state.applied = comparison.revision }
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
        if failures.isEmpty, isValid, isWhole, unfinished.isEmpty {
            memory.accepted = comparison.revision.commit
        }
        if memory != before { try memory.write(configuration.stateDirectory.hostState) }
    }

    /// Remembers the containers that are about to be made, so that a crash does not forget them.
    private func noteMade(_ plan: Plan) throws(HostFileError) {
        let brake = RecreateBrake(limit: configuration.recreateLimit, now: Int64(time(nil)))
        let made = brake.noting(plan, in: memory.made ?? [:])
        guard made != memory.made ?? [:] else { return }
        memory.made = made
        try memory.write(configuration.stateDirectory.hostState)
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
        if !records.isEmpty { _ = try writer().append(records, sync: true) }
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
