import ArgumentParser
import DesiredState
import Planning
import Reconciliation

/// What a finished pass means, for people and programs.
struct PassReport {
    let outcome: PassOutcome
    let output: OutputOptions
    let terminal: Terminal

    init(_ outcome: PassOutcome, _ output: OutputOptions) {
        self.outcome = outcome
        self.output = output
        terminal = Terminal(output)
    }

    /// Mistakes of the revision and a failed fetch, on standard error.
    func printDiagnostics() {
        for diagnostic in outcome.diagnostics {
            Terminal.complain(
                terminal.styledProgress("\(diagnostic)", diagnostic.severity == .error ? .red : .yellow))
        }
        if let error = outcome.fetchError { Terminal.complain("\(error)".escapingControls) }
    }

    /// Ends a command that needs the plan of a pass which has none, with the reason.
    func requirePlan() throws {
        guard let reason = outcome.reason else { return }
        Terminal.complain(reason.escapingControls)
        throw ExitCode(outcome.exitCode)
    }

    /// The result of a sync.
    func printResult() throws {
        if output.isJSON { return try JSONOutput.print(Document(outcome)) }
        if !outcome.adoption.isEmpty, !output.quiet {
            Terminal.say(AdoptionReport(adoption: outcome.adoption, terminal: terminal).text)
        }
        if !outcome.plan.isEmpty, !output.quiet {
            Terminal.say(
                PlanReport(
                    plan: outcome.plan, revision: outcome.revision, held: outcome.held, terminal: terminal
                ).text)
        }
        let revision = outcome.revision.map { "\($0.branch)@\($0.short)" } ?? "-"
        switch outcome.result {
        case .inSync, .planned:
            let isInvalid = outcome.diagnostics.contains { $0.severity == .error }
            Terminal.say(
                isInvalid
                    ? "\(revision) has mistakes; what they affect stays at its last good state, the rest is in sync"
                    : "in sync with \(revision)")
        case .applied:
            Terminal.say(terminal.styled("applied \(revision)", .green) + " in \(outcome.milliseconds) ms")
        case .held(let reason): Terminal.say(terminal.styled("held \(revision)", .yellow) + ": \(reason)")
        case .untrusted(let reason), .failed(let reason):
            Terminal.say(terminal.styled("failed \(revision)", .red) + ": \(reason)".escapingControls)
        case .rolledBack(let reason):
            Terminal.say(terminal.styled("rolled back \(revision)", .red) + ": \(reason)".escapingControls)
        }
        for (party, reasons) in outcome.failures.sorted(by: { $0.key < $1.key }) {
            let note =
                outcome.rolledBack.contains(party) ? " (rolled back; not tried again until a new commit)" : ""
            for reason in reasons { Terminal.say("  party \(party)\(note): \(reason)".escapingControls) }
        }
        for outage in outcome.outages where !output.quiet {
            Terminal.say("  \(outage.container) was down for \(outage.milliseconds) ms".escapingControls)
        }
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var result: String
        var reason: String?
        var milliseconds: Int64
        var plan: PlanDocument
        var failures: [String: [String]]
        var rolledBack: [String]
        var outages: [Outage]
        var held: [HeldPart]
        var parties: [WatcherStatus.Party]

        init(_ outcome: PassOutcome) {
            result = outcome.word
            reason = outcome.reason
            milliseconds = outcome.milliseconds
            plan = PlanDocument(outcome)
            failures = outcome.failures
            rolledBack = outcome.rolledBack.sorted()
            outages = outcome.outages
            held = outcome.held
            parties = outcome.parties
        }
    }
}
