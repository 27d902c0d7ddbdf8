import ArgumentParser
import DesiredState
import Planning
import Reconciliation

/// `fatesync adopt`: take over what was made by hand.
struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Take over what somebody else made for a party; touches none of it.",
        discussion: """
            Objects that have the names of the desired state, or that a Compose project made for its services, are
            recorded as fatesync's, in the journal and in the state directory. Then it shows what still differs, as
            a plan; only `fatesync sync` carries that out.

            It exits with 6 when something looks like a party's and is not taken, and with 7 beside a watcher, which
            adopts by itself with `adopt: true` in party.yaml.

            Examples:
              fatesync adopt                   all parties of this host
              fatesync adopt 10000 9999
              fatesync adopt 10000 -o json
            """)

    @Argument(help: "Party ids. Default: all parties of this host.")
    var parties: [String] = []

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let configuration = try Settings(places).watcherConfiguration()
        let lock = try configuration.stateDirectory.lock(
            orAdvise: "stop it, or write `adopt: true` in party.yaml and it adopts by itself")
        let display = ProgressDisplay(output)
        let reconciler = try Reconciler(configuration, recording: true) { display.show($0) }
        let outcome = await reconciler.adopt(Set(parties))
        withExtendedLifetime(lock) {}
        let report = PassReport(PassDocument(outcome), output)
        report.printDiagnostics()
        try report.requirePlan()
        if output.isJSON {
            try JSONOutput.print(AdoptionDocument(outcome))
        } else {
            let terminal = Terminal(output)
            Terminal.say(AdoptionReport(adoption: outcome.adoption, terminal: terminal).text)
            Terminal.say(
                PlanReport(plan: PlanDocument(outcome), terminal: terminal).text)
        }
        if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
        if !outcome.adoption.refusals.isEmpty { throw ExitStatus.held }
    }
}
