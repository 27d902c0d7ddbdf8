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
            Beside a running watcher it asks that watcher to sync, and follows it; Ctrl-C then ends the following
            and not the sync.

            With --wait it goes on until this host has come to a commit or a descendant of it, or says why it does
            not: for pipelines that push to a forge and want to know what came of it.

            A plan that `fatesync plan -o json` has written is carried out with --plan, and only as long as it is
            what a sync would do: otherwise nothing is changed, and the exit code is 6.

            Examples:
              fatesync sync
              fatesync plan -o json > plan.json; fatesync sync --plan plan.json
              fatesync sync --repository /srv/state.git --host demo -q
              fatesync sync --wait 4f2c1a9be001 --timeout 5m
            """)

    @Option(help: "Wait until this host has come to this commit: 7 to 40 hexadecimal digits.")
    var wait: String?

    @Option(help: "How long to wait. Default: 10m.")
    var timeout: String?

    @Option(help: "Carry out exactly the plan in this file.")
    var plan: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let wait, !ControlCommand.isRevision(wait) {
            throw ValidationError("--wait takes a commit: 7 to 40 lower-case hexadecimal digits")
        }
        guard wait == nil || plan == nil else {
            throw ValidationError(
                "--plan is carried out once, and --wait may need many passes: use one of them")
        }
        guard let timeout else { return }
        guard wait != nil else { throw ValidationError("--timeout is for --wait") }
        do {
            _ = try Settings.seconds(timeout, of: "timeout")
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() async throws {
        let settings = try Settings(places)
        let configuration = try settings.watcherConfiguration()
        let goal = try wait.map { commit in
            SyncGoal(
                commit: commit, seconds: try timeout.map { try Settings.seconds($0, of: "timeout") } ?? 600)
        }
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
            let watcher = WatcherFollower(output: output, goal: goal)
            return try watcher.follow(settings.controlSocket, besides: error)
        }
        let display = ProgressDisplay(output)
        let stopping = StopFlag()
        let reconciler = try Reconciler(configuration, recording: true) { display.show($0) }
        let signals = SignalWatch([SIGINT, SIGTERM]) {
            stopping.set()
            reconciler.waker.wake()
            Task { await reconciler.cancelFetch() }
        }
        while true {
            let outcome = await reconciler.sync(.command, as: saved) { stopping.isSet }
            await reconciler.publish(outcome)
            let document = PassDocument(outcome)
            guard let goal else { return try end(document, document.exitCode, lock, signals) }
            let contained = await reconciler.contained([goal.commit], in: outcome.revision)
            if let code = goal.verdict(document, contains: contained[goal.commit]) {
                return try end(document, code, lock, signals)
            }
            if stopping.isSet { throw ExitStatus.error }
            guard ContinuousClock.now + Self.pause < goal.deadline else {
                throw goal.failure(after: document)
            }
            // A signal is noticed after the pause; it is short.
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Between two looks for the commit that is waited for.
    private static let pause = Duration.seconds(1)

    private func end(
        _ outcome: PassDocument, _ code: Int32, _ lock: StateLock, _ signals: SignalWatch
    ) throws {
        let report = PassReport(outcome, output)
        report.printDiagnostics()
        try report.printResult()
        withExtendedLifetime((lock, signals)) {}
        if code != 0 { throw ExitCode(code) }
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
}
