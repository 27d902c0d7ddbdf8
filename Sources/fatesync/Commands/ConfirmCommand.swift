import ArgumentParser
import DesiredState
import Reconciliation

/// `fatesync confirm PLAN`: lets one held part of a plan pass once.
struct ConfirmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Approve a held plan by its digest, so that the next sync carries it out once.",
        discussion: """
            `fatesync plan` shows what is held, why, and its digest. A plan that has changed since has another
            digest and is held again. The journal records who confirmed.

            Examples:
              fatesync confirm 3f2a9c81d0be
              fatesync confirm 3f2a9c81d0be --reason "approved in ticket 4711"
            """)

    @Argument(help: "Digest of the held plan, or at least its first 8 digits.")
    var plan: String

    @Option(help: "Why; for the journal.")
    var reason: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let configuration = try Settings(places).watcherConfiguration()
        let display = ProgressDisplay(output)
        let reconciler = try Reconciler(configuration, recording: false) { display.show($0) }
        let outcome = await reconciler.preview()
        if let reason = outcome.reason, outcome.held.isEmpty {
            Terminal.complain(reason.escapingControls)
            if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
        }
        let matches = outcome.held.filter {
            plan.utf8.count >= 8 && $0.plan.hasPrefix(plan) && $0.isRefused != true
                && $0.isSuspended != true
        }
        guard let part = matches.first, matches.count == 1 else {
            let held = outcome.held.isEmpty ? "nothing is held" : "held are:"
            Terminal.complain(
                "no held plan has the digest \(plan), or more than one begins with it; \(held)"
                    .escapingControls)
            for part in outcome.held {
                Terminal.complain("  \(part.plan)  \(part.reasons.joined(separator: "; "))".escapingControls)
            }
            throw ExitStatus.error
        }
        try configuration.stateDirectory.confirm(part, reason: reason)
        if output.isJSON { return try JSONOutput.print(part) }
        Terminal.say("confirmed \(part.plan.prefix(12)): the next sync carries it out".escapingControls)
    }
}
