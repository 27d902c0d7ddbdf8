import ArgumentParser
import DesiredState
import Planning
import Reconciliation

/// `fatesync plan`: what a sync would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a sync would do, why, and what each step disturbs; changes nothing.",
        discussion: """
            Examples:
              fatesync plan
              fatesync plan --exit-code        2 when there are changes
              fatesync plan -o json > plan.json    carried out by: fatesync sync --plan plan.json
            """)

    @Flag(help: "Exit with 2 when there are changes.")
    var exitCode = false

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let configuration = try Settings(places).watcherConfiguration()
        let display = ProgressDisplay(output)
        let reconciler = try Reconciler(configuration, recording: false) { display.show($0) }
        let outcome = await reconciler.preview()
        let report = PassReport(PassDocument(outcome), output)
        report.printDiagnostics()
        try report.requirePlan()
        if output.isJSON {
            try JSONOutput.print(PlanDocument(outcome))
        } else {
            let adoption = AdoptionReport(
                adoption: outcome.adoption, terminal: Terminal(output), isDone: false)
            if !adoption.adoption.isEmpty { Terminal.say(adoption.text) }
            Terminal.say(
                PlanReport(plan: PlanDocument(outcome), terminal: Terminal(output)).text)
        }
        if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
        if !outcome.held.isEmpty || !outcome.plan.warnings.isEmpty { throw ExitStatus.held }
        if exitCode, !outcome.plan.isEmpty { throw ExitStatus.changes }
    }
}
