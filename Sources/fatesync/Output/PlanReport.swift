import DesiredState
import Planning
import Reconciliation

/// A plan as people read it: one line per object, with what forced the change and what it disturbs.
struct PlanReport {
    let plan: PlanDocument
    let terminal: Terminal

    var text: String {
        var lines: [String] = []
        let changes = PlanChange.all(in: plan)
        if let revision = plan.revision {
            lines.append(
                "\(revision.branch)@\(revision.short)  \(revision.subject.escapingControls)  "
                    + "(\(revision.author.escapingControls))")
        }
        for party in plan.parties {
            lines.append(terminal.styled("party \(party)", .bold))
            for change in changes where change.party == party { lines += text(of: change) }
        }
        for warning in plan.warnings {
            lines.append(
                terminal.styled("! \(warning.object)", .yellow) + " \(warning.message.escapingControls)")
            lines += warning.changes.map { "      \($0.field): \($0.old) -> \($0.new)".escapingControls }
        }
        for part in plan.held {
            lines.append(terminal.styled("held: \(part.text)".escapingControls, .red))
            lines.append("      plan \(part.plan)")
            // The plan as a whole stands above.
            if part.party != nil { lines += part.steps.map { "      \($0)".escapingControls } }
        }
        lines.append(summary(of: changes))
        return lines.joined(separator: "\n")
    }

    private func text(of change: PlanChange) -> [String] {
        let (sign, style): (String, Terminal.Style) =
            switch change.rung {
            case .create: ("+", .green)
            case .writeFile, .signal, .updateInPlace, .networkConnect, .start: ("~", .cyan)
            case .restart, .recreate, .networkRecreate: ("±", .yellow)
            case .remove: ("-", .red)
            }
        let head = "  \(sign) \(change.object)".escapingControls
        let why = change.cause == "changed" ? "" : ": \(change.cause.escapingControls)"
        return [terminal.styled(head, style) + "  \(change.rung.name)\(why)"]
            + change.changes.map { "      \($0.field): \($0.old) -> \($0.new)".escapingControls }
            + change.disruptions.map { terminal.styled("      \($0)", .faint) }
    }

    /// Counts of what is done and what is disturbed.
    private func summary(of changes: [PlanChange]) -> String {
        guard !plan.steps.isEmpty else { return "nothing to do: live state equals desired state" }
        let counts = Dictionary(grouping: changes, by: \.rung).mapValues(\.count)
        let parts = Rung.allCases.compactMap { rung in counts[rung].map { "\($0) \(rung.name)" } }
        let disturbed = Set(plan.steps.compactMap(\.disruption).filter(\.isNoticed).map(\.object)).count
        return parts.joined(separator: ", ")
            + "; \(disturbed == 0 ? "no running container is" : "\(disturbed) disturbed, no other is") touched"
    }
}
