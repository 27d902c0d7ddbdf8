import DesiredState
import DockerEngine
import GitSource
import Glibc
public import Logging
import Planning
public import ServiceLifecycle
import Synchronization

/// The daemon: passes on a timer, on Docker's events, on changed files and on request.
public struct Watcher: Service {
    private let configuration: WatcherConfiguration
    private let reconciler: Reconciler
    private let schedule: Schedule
    private let triggers: TriggerQueue
    private let logger: Logger
    private let manager: ServiceManager?
    private let control: ControlServer?
    private let isStopping = StopFlag()

    /// How often the watcher looks by itself.
    public struct Schedule: Sendable {
        /// Seconds between looks for new commits.
        public var interval: Int
        /// Seconds between full comparisons, whatever events say.
        public var resync: Int
        /// Seconds between records which say that the watcher lives.
        public var heartbeat: Int

        public init(interval: Int, resync: Int, heartbeat: Int) {
            self.interval = interval
            self.resync = resync
            self.heartbeat = heartbeat
        }
    }

    /// Prepares a watcher; the caller holds the lock of the state directory.
    ///
    /// - Parameters:
    ///   - manager: Hears when the watcher is ready, what it does and that it lives.
    ///   - control: Takes requests from other programs; the reconciler reports to it.
    public init(
        _ configuration: WatcherConfiguration, reconciler: Reconciler, schedule: Schedule,
        triggers: TriggerQueue, logger: Logger, manager: ServiceManager? = nil, control: ControlServer? = nil
    ) {
        self.configuration = configuration
        self.reconciler = reconciler
        self.schedule = schedule
        self.triggers = triggers
        self.logger = logger
        self.manager = manager
        self.control = control
    }

    /// Runs passes until graceful shutdown; a pass that is under way ends after its current steps.
    public func run() async throws {
        try await reconciler.recordBoot()
        let listener = EventListener(endpoint: configuration.docker, triggers: triggers, logger: logger)
        let files = FileWatcher(triggers: triggers)
        if files == nil { logger.warning("no inotify: edited files are noticed at the next resync") }
        let control = control
        let threads = [
            PlainThread { listener.run() }, PlainThread { files?.run() }, PlainThread { control?.run() },
        ]
        var timers = [
            timer(.poll, every: schedule.interval), timer(.resync, every: schedule.resync),
        ]
        timers.append(heartbeat(every: .seconds(schedule.heartbeat)))
        if let interval = manager?.watchdogInterval { timers.append(heartbeat(every: interval)) }
        // What somebody asks for during the first pass is noticed, too.
        files?.watch(await reconciler.watchedDirectories())
        manager?.tellReady()
        triggers.raise(.start)
        await withGracefulShutdownHandler {
            await loop(files)
        } onGracefulShutdown: {
            isStopping.set()
            manager?.tellStopping()
            reconciler.waker.wake()
            triggers.finish()
            Task { await reconciler.cancelFetch() }
        }
        for timer in timers { timer.cancel() }
        listener.stop()
        files?.stop()
        control?.stop()
        for thread in threads { thread.join() }
    }

    private func loop(_ files: FileWatcher?) async {
        var pass = 0
        var logged = ""
        var end: Task<Void, Never>?
        defer { end?.cancel() }
        for await _ in triggers.wakes {
            guard !isStopping.isSet else { return }
            manager?.tellAlive()
            await reconciler.tendJournal(every: .seconds(schedule.heartbeat))
            guard let (trigger, calls) = triggers.take() else { continue }
            if trigger == .signal { manager?.tellReloading() }
            // One cause makes several events; a short wait merges them into one pass.
            if trigger == .event { try? await Task.sleep(for: .milliseconds(200)) }
            pass += 1
            control?.follow(calls)
            await reconciler.record(calls)
            let outcome = await reconciler.sync(trigger) {
                // Asked between any two steps, so that a long rollout is no hung loop.
                manager?.tellAlive()
                return isStopping.isSet
            }
            await reconciler.publish(outcome, pass: pass, next: schedule.interval)
            if let control {
                let contained = await reconciler.contained(control.revisions, in: outcome.revision)
                control.finish(outcome, contained: contained)
            }
            if trigger == .signal { manager?.tellReady() }
            // A state that lasts is logged when it begins, not at each pass.
            let text = lines(of: outcome)
            let summary = text.map { "\($0.message)" }.joined(separator: "\n")
            let fields: Logger.Metadata = [
                "revision": "\(outcome.revision?.commit ?? "-")", "trigger": "\(trigger.rawValue)",
                "milliseconds": "\(outcome.milliseconds)",
            ]
            for line in text where summary != logged {
                logger.log(level: line.level, line.message, metadata: fields)
            }
            manager?.tell(status: text.last.map { "\($0.message)" } ?? "")
            logged = summary
            files?.watch(await reconciler.watchedDirectories())
            end?.cancel()
            end = await reconciler.nextEnd().map(wake(at:))
        }
    }

    /// Compares again when a suspension ends.
    private func wake(at seconds: Int64) -> Task<Void, Never> {
        let triggers = triggers
        return Task {
            // Cancellation ends the sleep early, and then nobody is woken.
            try? await Task.sleep(for: .seconds(max(0, seconds - Int64(time(nil))) + 1))
            if !Task.isCancelled { triggers.raise(.poll) }
        }
    }

    /// A tenth of jitter keeps many hosts from asking one git server in the same second.
    private func timer(_ trigger: Trigger, every seconds: Int) -> Task<Void, Never> {
        let triggers = triggers
        return Task {
            while !Task.isCancelled {
                let milliseconds = seconds * 1000
                let jitter = Int.random(in: -milliseconds / 10...milliseconds / 10)
                // Cancellation ends the sleep early, and the loop's condition then ends the task.
                try? await Task.sleep(for: .milliseconds(milliseconds + jitter))
                if !Task.isCancelled { triggers.raise(trigger) }
            }
        }
    }

    /// Wakes the loop without a reason for a pass: a loop that hangs does not come to say that it lives.
    private func heartbeat(every interval: Duration) -> Task<Void, Never> {
        let triggers = triggers
        return Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                triggers.nudge()
            }
        }
    }

    private func lines(of outcome: PassOutcome) -> [(level: Logger.Level, message: Logger.Message)] {
        var lines: [(level: Logger.Level, message: Logger.Message)] = outcome.diagnostics.map { diagnostic in
            (diagnostic.severity == .error ? .error : .warning, "\(diagnostic)")
        }
        if let error = outcome.fetchError { lines.append((.warning, "\(error)")) }
        let revision = outcome.revision?.short ?? "-"
        switch outcome.result {
        case .inSync, .planned: lines.append((.notice, "in sync with \(revision)"))
        case .applied:
            let steps = outcome.plan.steps.count
            let trigger = outcome.trigger.rawValue
            lines.append(
                (.notice, "applied \(steps) steps of \(revision) in \(outcome.milliseconds) ms (\(trigger))"))
        case .held(let reason): lines.append((.warning, "\(revision) is held: \(reason)"))
        case .untrusted(let reason), .failed(let reason), .rolledBack(let reason):
            lines.append((.error, "\(reason)"))
        }
        return lines
    }
}

/// Whether the daemon was asked to end.
public final class StopFlag: Sendable {
    private let flag = Atomic(false)

    public init() {}

    public var isSet: Bool { flag.load(ordering: .acquiring) }

    public func set() { flag.store(true, ordering: .releasing) }
}
