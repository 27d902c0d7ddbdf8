import ArgumentParser
import DockerEngine
import FoundationEssentials
import Glibc
import Reconciliation

/// `fatesync sync`: one pass now.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Fetch, plan and apply now, with progress.",
        discussion: """
            Beside a running watcher it asks that watcher to sync, and follows it.

            A plan that `fatesync plan -o json` has written is carried out with --plan, and only as long as it is
            what a sync would do: otherwise nothing is changed, and the exit code is 6.

            Examples:
              fatesync sync
              fatesync plan -o json > plan.json; fatesync sync --plan plan.json
              fatesync sync --repository /srv/state.git --host demo -q
            """)

    @Option(help: "Carry out exactly the plan in this file.")
    var plan: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let configuration = try Settings(places).watcherConfiguration()
        let saved = try plan.map(Self.read)
        let lock: StateLock
        do {
            lock = try configuration.stateDirectory.lock()
        } catch let error as LockError {
            guard saved == nil else {
                Terminal.complain(
                    "\(error); a watcher makes its own plans, so stop it to carry out a saved one")
                throw ExitStatus.locked
            }
            return try await follow(error, configuration)
        }
        let display = ProgressDisplay(output)
        let stopping = StopFlag()
        let reconciler = try Reconciler(configuration, recording: true) { display.show($0) }
        let signals = SignalWatch([SIGINT, SIGTERM]) {
            stopping.set()
            reconciler.waker.wake()
            Task { await reconciler.cancelFetch() }
        }
        let outcome = await reconciler.sync(.command, as: saved) { stopping.isSet }
        await reconciler.publish(outcome)
        let report = PassReport(outcome, output)
        report.printDiagnostics()
        try report.printResult()
        withExtendedLifetime((lock, signals)) {}
        if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
    }

    private static func read(_ path: String) throws -> SavedPlan {
        guard let bytes = LocalFiles.read(path) else {
            throw SettingsError("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        do {
            return try JSONDecoder().decode(SavedPlan.self, from: Data(bytes))
        } catch {
            throw SettingsError("cannot read \(path): it is no plan that `fatesync plan -o json` has written")
        }
    }

    /// Asks the watcher that holds the lock for a pass and waits until it has made one.
    private func follow(_ lock: LockError, _ configuration: WatcherConfiguration) async throws {
        let before = try WatcherStatus.read(from: configuration.stateDirectory)
        guard let watcher = before?.watcher ?? lock.owner, watcher == lock.owner, kill(watcher, SIGHUP) == 0
        else {
            Terminal.complain("\(lock)")
            throw ExitStatus.locked
        }
        if !output.quiet { Terminal.complain("watcher \(watcher) is asked to sync") }
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(600)
        while clock.now < deadline {
            try await Task.sleep(for: .milliseconds(100))
            guard let status = try WatcherStatus.read(from: configuration.stateDirectory),
                status.watcher == watcher, status.pass > (before?.pass ?? 0), status.trigger == .signal
            else { continue }
            try StatusReport(status, output).print()
            if status.exitCode != 0 { throw ExitCode(status.exitCode) }
            return
        }
        Terminal.complain(
            "watcher \(watcher) has not finished a pass within 10 minutes; see `fatesync status`")
        throw ExitStatus.error
    }
}
