import ArgumentParser
import Glibc
import Logging
import Reconciliation
import ServiceLifecycle
import UnixSignals

/// `fatesync run`: the daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Watch the repository and Docker, and keep this host as desired.",
        discussion: """
            SIGHUP looks for new commits at once; SIGTERM ends after the current steps and touches no container.

            Examples:
              fatesync run
              fatesync run --repository /srv/state.git --host demo --interval 10s
            """)

    @Option(help: "Time between looks for new commits. Default: 60s.")
    var interval: String?

    @Option(help: "Time between full comparisons, whatever events say. Default: 5m.")
    var resync: String?

    @Option(help: "Time between records in the journal that the watcher lives. Default: 1h.")
    var heartbeat: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var flags: [String: String] = [:]
        flags["interval"] = interval
        flags["resync"] = resync
        flags["heartbeat"] = heartbeat
        let settings = try Settings(places, flags: flags)
        let configuration = try settings.watcherConfiguration()
        let schedule = Watcher.Schedule(
            interval: try settings.seconds("interval", default: 60),
            resync: try settings.seconds("resync", default: 300),
            heartbeat: try settings.seconds("heartbeat", default: 3600))
        let lock = try configuration.stateDirectory.lock(orAdvise: nil)
        var logger = Logger(label: "fatesync") { label -> any LogHandler in
            let stream = Settings.environment("JOURNAL_STREAM")
            if let journal = SystemJournalHandler(label: label, stream: stream) { return journal }
            return StreamLogHandler.standardError(label: label)
        }
        logger.logLevel = output.verbose ? .debug : output.quiet ? .warning : .info
        let triggers = TriggerQueue()
        let control = listen(settings.listeningSocket, configuration, triggers, logger)
        let reconciler = try Reconciler(configuration, recording: true) { [logger] event in
            switch event {
            case .note(let text): Terminal.complain(text)
            case .checkpoint(let size, let note):
                logger.notice(
                    "the audit journal has a checkpoint of \(size) records",
                    metadata: ["checkpoint": "\(note)"])
            default: break
            }
            control?.report(event)
        }
        let watcher = Watcher(
            configuration, reconciler: reconciler, schedule: schedule, triggers: triggers, logger: logger,
            manager: ServiceManager(Settings.environment), control: control)
        let hangup = SignalWatch([SIGHUP]) { triggers.raise(.signal) }
        logger.notice(
            "watching \(configuration.repository) branch \(configuration.branch) for host \(configuration.host)"
        )
        let group = ServiceGroup(
            services: [watcher], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
        withExtendedLifetime((lock, hangup)) {}
    }

    /// A socket that cannot be had costs the answers to a push, not the watcher.
    private func listen(
        _ path: String, _ configuration: WatcherConfiguration, _ triggers: TriggerQueue, _ logger: Logger
    ) -> ControlServer? {
        do throws(HostFileError) {
            return try ControlServer(at: path, configuration, triggers: triggers)
        } catch {
            logger.warning("no control socket: \(error); `fatesync sync` cannot ask this watcher")
            return nil
        }
    }
}
