import ArgumentParser
import DesiredState
import Planning
import Reconciliation

/// What a finished pass means, for people and programs.
struct PassReport {
    let outcome: PassDocument
    let output: OutputOptions
    let terminal: Terminal

    init(_ outcome: PassDocument, _ output: OutputOptions) {
        self.outcome = outcome
        self.output = output
        terminal = Terminal(output)
    }

    /// Mistakes of the revision and a failed fetch, on standard error.
    func printDiagnostics() {
        for diagnostic in outcome.plan.diagnostics {
            Terminal.complain(
                terminal.styledProgress("\(diagnostic)", diagnostic.severity == .error ? .red : .yellow))
        }
        if let error = outcome.fetchError { Terminal.complain(error.escapingControls) }
    }

    /// Ends a command that needs the plan of a pass which has none, with the reason.
    func requirePlan() throws {
        guard let reason = outcome.reason else { return }
        Terminal.complain(reason.escapingControls)
        throw ExitCode(outcome.exitCode)
    }

    /// The result of a sync.
    func printResult() throws {
        if output.isJSON { return try JSONOutput.print(outcome) }
        if !outcome.adoption.isEmpty, !output.quiet {
            Terminal.say(AdoptionReport(adoption: outcome.adoption, terminal: terminal).text)
        }
        if !outcome.plan.steps.isEmpty, !output.quiet {
            Terminal.say(PlanReport(plan: outcome.plan, terminal: terminal).text)
        }
        Terminal.say(Self.verdict(of: outcome, styled: terminal.styled))
        for (party, reasons) in outcome.failures.sorted(by: { $0.key < $1.key }) {
            let note =
                outcome.rolledBack.contains(party) ? " (rolled back; not tried again until a new commit)" : ""
            for reason in reasons { Terminal.say("  party \(party)\(note): \(reason)".escapingControls) }
        }
        for outage in outcome.outages where !output.quiet {
            Terminal.say("  \(outage.container) was down for \(outage.milliseconds) ms".escapingControls)
        }
    }

    /// The result in one line.
    static func verdict(
        of outcome: PassDocument, styled: (String, Terminal.Style) -> String = { text, _ in text }
    ) -> String {
        let revision = outcome.plan.revision.map { "\($0.branch)@\($0.short)" } ?? "-"
        let reason = ": \(outcome.reason ?? "-")".escapingControls
        return switch outcome.result {
        case "held", "suspended": styled("held \(revision)", .yellow) + reason
        case "failed", "untrusted": styled("failed \(revision)", .red) + reason
        case "rolled back": styled("rolled back \(revision)", .red) + reason
        case _ where !outcome.plan.steps.isEmpty:
            styled("applied \(revision)", .green) + " in \(outcome.milliseconds) ms"
        case "invalid":
            "\(revision) has mistakes; what they affect stays at its last good state, the rest is in sync"
        default: "in sync with \(revision)"
        }
    }
}
