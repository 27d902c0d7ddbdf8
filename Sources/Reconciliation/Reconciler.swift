import AuditJournal
import DesiredState
public import DockerEngine
import GitSource
import Planning

/// One pass after another: fetch, decode, observe, plan, guard, execute, read back, record.
///
/// All blocking work runs on the actor's own queue. Only a fetch, which is a child process, is awaited.
public actor Reconciler {
    let configuration: WatcherConfiguration
    let report: ProgressReport
    let docker: DockerClient
    private let isRecording: Bool
    private var openWriter: JournalWriter?
    /// Whether the journal may have steps without an end: after a start, and after an attempt that was cut short.
    var mustRecover = true
    /// The fetch that is under way.
    var fetch: Task<Result<String, GitError>, Never>?
    var memory = HostState()
    /// Commits whose refusal or hold stands in the journal, so that it is recorded once.
    var recorded: Set<String> = []
    /// The last valid commit as it was decoded, so that a pass without a new one decodes nothing.
    var decoded: DecodedCommit?
    /// Directories of the config files that the last comparison looked at.
    var watched: Set<String> = []
    /// Images that are not asked for at each pass.
    var pullBackoff = PullBackoff()
    /// When the journal was told last that the daemon lives.
    var lastHeartbeat = ContinuousClock.now
    private let queue = SerialQueueExecutor(label: "io.fatesync.reconcile")
    let clock = ContinuousClock()
    /// Interrupts waits for the engine; for signals.
    public nonisolated let waker: EngineWaker

    public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Prepares a reconciler.
    ///
    /// - Parameters:
    ///   - recording: Whether it may change anything. Who passes `true` holds the lock of the state directory.
    ///   - report: Takes progress.
    public init(
        _ configuration: WatcherConfiguration, recording: Bool, report: @escaping ProgressReport
    ) throws {
        self.configuration = configuration
        self.report = report
        docker = try DockerClient(endpoint: configuration.docker)
        waker = docker.waker
        try configuration.stateDirectory.prepare()
        isRecording = recording
    }

    /// The journal, opened when there is something to record.
    func writer() throws(JournalError) -> JournalWriter {
        precondition(isRecording, "only a recording reconciler changes anything")
        if let openWriter, openWriter.failure == nil { return openWriter }
        var options = JournalWriter.Options()
        options.interruption = openWriter?.unrecordedFailure
        options.onCheckpoint = { [report] in report(.checkpoint(size: $0.size, note: $0.note)) }
        let writer = try JournalWriter(
            directory: configuration.stateDirectory.journal, host: configuration.host,
            version: configuration.version, options: options)
        openWriter = writer
        return writer
    }

    /// Ends a fetch that is under way; the pass then goes on with what it has.
    public func cancelFetch() { fetch?.cancel() }

    /// Records that the daemon started.
    public func recordBoot() throws {
        try configuration.stateDirectory.prepareOperatorOrders()
        var record = JournalRecord(.boot)
        record.cause = JournalCause(Trigger.start.journalWord)
        _ = try writer().append([record], sync: true)
    }

    /// Compares and carries out what differs.
    ///
    /// - Parameter saved: The plan that it has to be; another one is not carried out.
    public func sync(
        _ trigger: Trigger, as saved: SavedPlan? = nil, isStopping: @escaping @Sendable () -> Bool
    ) async -> PassOutcome {
        await timed(trigger) { reconciler in
            try await reconciler.pass(trigger, as: saved, isStopping: isStopping)
        }
    }

    /// Compares, and answers what `sync` would do.
    public func preview() async -> PassOutcome {
        await timed(.command) { reconciler in
            let comparison = try await reconciler.compare(.command)
            var outcome = comparison.outcome ?? PassOutcome(.planned, comparison)
            if comparison.outcome == nil { outcome.saved = comparison.savedPlan }
            return outcome
        }
    }

    func timed(
        _ trigger: Trigger, _ body: @Sendable (isolated Reconciler) async throws -> PassOutcome
    ) async -> PassOutcome {
        let started = clock.now
        var outcome: PassOutcome
        do {
            outcome = try await body(self)
        } catch {
            outcome = PassOutcome(.failed("\(error)"), trigger: trigger)
        }
        outcome.milliseconds = started.duration(to: clock.now).milliseconds
        report(.finished(outcome))
        return outcome
    }

    private func pass(
        _ trigger: Trigger, as saved: SavedPlan?, isStopping: @escaping () -> Bool
    ) async throws -> PassOutcome {
        try recordActs()
        try endSuspensions()
        var comparison = try await compare(trigger)
        if mustRecover {
            try recover(&comparison)
            mustRecover = false
        }
        try recordSource(comparison)
        try noteSuspects(comparison)
        try noteHeldSince(comparison)
        if let outcome = comparison.outcome { return outcome }
        try acceptHistory(comparison)
        if let reason = saved?.objection(to: comparison) { return PassOutcome(.held(reason), comparison) }
        if comparison.suspension == nil { try adopt(comparison) }
        if comparison.plan.held != nil { return PassOutcome(comparison.standstill, comparison) }
        guard !comparison.plan.isEmpty else {
            try remember(comparison, now: comparison.live, failures: [:])
            return PassOutcome(comparison.standstill, comparison)
        }
        report(.planned(comparison.plan, revision: comparison.revision))
        try consume(comparison.confirmed, comparison)
        var outcome = try carryOut(comparison) { isStopping() || self.isSuspended }
        if isSuspended,
            let order = try OperatorOrders.read(from: configuration.stateDirectory).suspension(
                of: nil, at: 0)
        {
            outcome.result = .held(order.text)
            outcome.isSuspended = true
        }
        return outcome
    }
}
