import ArgumentParser
import GitSource
import Glibc
import Reconciliation

/// The command line of fatesync.
@main
struct Fatesync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fatesync",
        abstract: "Keeps the FATE parties of a host as a git repository describes them.",
        discussion: """
            Deploy with git push: fatesync fetches new commits, compares them with live Docker state and carries
            out the smallest change set. Everything lands in an audit journal.

            Exit codes: 0 fine, 1 error, 2 'plan --exit-code' has changes, 3 invalid desired state, 4 refused by
            host policy, 5 commit not trusted, 6 suspended or held, 7 another watcher holds the lock,
            8 journal does not verify, 64 usage.

            Examples:
              fatesync init state                     an example state repository to start from
              fatesync init --bare /srv/git/state.git a repository whose pushes are checked and carried out
              fatesync validate state                 check it, all mistakes at once
              fatesync plan --repository /srv/state.git --host demo
              fatesync run                            the watcher, configured by /etc/fatesync/fatesync.yaml
            """,
        version: BuildVersion.text,
        subcommands: [
            InitCommand.self, ImportCommand.self, ValidateCommand.self, RenderCommand.self, PlanCommand.self,
            SyncCommand.self, AdoptCommand.self, RunCommand.self, StatusCommand.self, RoutesCommand.self,
            ConfirmCommand.self, SuspendCommand.self, ResumeCommand.self, PinCommand.self, UnpinCommand.self,
            RollbackCommand.self, AcceptHistoryCommand.self, DoctorCommand.self, ConfigCommand.self,
            ExplainCommand.self, AuditCommand.self, SchemaCommand.self, VersionCommand.self, HookCommand.self,
        ])

    /// Runs the command.
    ///
    /// Every pass starts a fetch child, so that child skips the reading of the command line. The others start
    /// libgit2 first, while the process has one thread and that is cheap.
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case FetchChild.command: Glibc.exit(FetchChild.main())
        case NamespaceChild.command: Glibc.exit(NamespaceChild.main())
        case "sync":
            try? GitLibrary.start()
            // Timers start it often, and to describe all commands takes longer than to read this one's flags. What
            // is wrong with them, the way over all commands explains.
            guard let command = try? SyncCommand.parse(Array(arguments.dropFirst())) else { break }
            return await run(command)
        // A failure comes back, with its reason, from the first use of libgit2.
        case "plan", "adopt", "run", "confirm", "routes", "hook", "init", "pin", "rollback", "accept-history",
            "doctor", "explain":
            try? GitLibrary.start()
        default: break
        }
        await main(nil)
    }

    private static func run(_ command: SyncCommand) async {
        do {
            try await command.run()
        } catch {
            exit(withError: error)
        }
    }
}

/// The version that `version`, the journal and `--version` show.
enum BuildVersion {
    static let text = "0.1.0"
}

/// The documented exit codes.
enum ExitStatus {
    static let error = ExitCode(1)
    static let changes = ExitCode(2)
    static let invalid = ExitCode(3)
    static let untrusted = ExitCode(5)
    static let held = ExitCode(6)
    static let locked = ExitCode(7)
    static let altered = ExitCode(8)
}
