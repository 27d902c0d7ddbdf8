import DesiredState
import Planning
import Reconciliation

/// A plan as people read it: one line per object, with what forced the change and what it disturbs.
struct PlanReport {
    let plan: Plan
    let revision: Revision?
    let held: [HeldPart]
    let terminal: Terminal

    var text: String {
        var lines: [String] = []
        if let revision {
            lines.append(
                "\(revision.branch)@\(revision.short)  \(revision.subject.escapingControls)  "
                    + "(\(revision.author.escapingControls))")
        }
        for party in plan.parties {
            lines.append(terminal.styled("party \(party)", .bold))
            for unit in units(of: party) { lines += text(of: unit) }
        }
        for warning in plan.warnings {
            lines.append(
                terminal.styled("! \(warning.object)", .yellow) + " \(warning.message.escapingControls)")
            lines += warning.changes.map { "      \($0.field): \($0.old) -> \($0.new)".escapingControls }
        }
        for part in held {
            lines.append(terminal.styled("held: \(part.text)".escapingControls, .red))
            lines.append("      plan \(part.plan)")
            // The plan as a whole stands above.
            if part.party != nil { lines += part.steps.map { "      \($0)".escapingControls } }
        }
        lines.append(summary)
        return lines.joined(separator: "\n")
    }

    /// One object's steps: a recreate is one change, whatever calls it takes.
    private struct Unit {
        var object: String
        var rung: Rung
        var cause: String
        var changes: [FieldChange]
        var disruptions: [String]
    }

    private func units(of party: String) -> [Unit] {
        var units: [Unit] = []
        for step in plan.steps where step.party == party {
            let disruptions = step.disruption.map { ["\($0)"] } ?? []
            if let index = units.firstIndex(where: { $0.object == step.object }) {
                units[index].rung = max(units[index].rung, step.rung)
                units[index].changes += step.changes.filter { !units[index].changes.contains($0) }
                units[index].disruptions += disruptions
            } else {
                units.append(
                    Unit(
                        object: step.object, rung: step.rung, cause: step.cause, changes: step.changes,
                        disruptions: disruptions))
            }
        }
        return units
    }

    private func text(of unit: Unit) -> [String] {
        let (sign, style): (String, Terminal.Style) =
            switch unit.rung {
            case .create: ("+", .green)
            case .writeFile, .signal, .updateInPlace, .networkConnect, .start: ("~", .cyan)
            case .restart, .recreate, .networkRecreate: ("±", .yellow)
            case .remove: ("-", .red)
            }
        let head = "  \(sign) \(unit.object)".escapingControls
        let why = unit.cause == "changed" ? "" : ": \(unit.cause.escapingControls)"
        return [terminal.styled(head, style) + "  \(unit.rung.name)\(why)"]
            + unit.changes.map { "      \($0.field): \($0.old) -> \($0.new)".escapingControls }
            + unit.disruptions.map { terminal.styled("      \($0)", .faint) }
    }

    /// Counts of what is done and what is disturbed.
    private var summary: String {
        guard !plan.isEmpty else { return "nothing to do: live state equals desired state" }
        let counts = Dictionary(grouping: plan.parties.flatMap(units(of:)), by: \.rung).mapValues(\.count)
        let parts = Rung.allCases.compactMap { rung in counts[rung].map { "\($0) \(rung.name)" } }
        let disturbed = Set(plan.steps.compactMap(\.disruption).filter(\.isNoticed).map(\.object)).count
        return parts.joined(separator: ", ")
            + "; \(disturbed == 0 ? "no running container is" : "\(disturbed) disturbed, no other is") touched"
    }
}

/// A plan for programs.
struct PlanDocument: Encodable {
    struct Step: Encodable {
        var id: Int
        var party: String
        var action: String
        var object: String
        var cause: String
        var rung: String
        var changes: [FieldChange]
        var after: [Int]
        var disruption: Disruption?
        /// How a container proves that it serves.
        var readiness: String?
    }

    var schemaVersion = 1
    var host: String?
    var revision: Revision?
    /// What `sync --plan` recognises it by.
    var fingerprint: String?
    /// What a sync takes over first, or what `adopt` or a sync has taken over.
    var adopted: [Adoption.Object]
    var steps: [Step]
    var warnings: [PlanWarning]
    var held: [HeldPart]
    /// What is suspended, and so only shown.
    var suspended: [OperatorOrders.Suspension]
    var pinned: [OperatorOrders.Pin]
    var diagnostics: [Diagnostic]

    init(_ outcome: PassOutcome) {
        revision = outcome.revision
        (host, fingerprint) = (outcome.saved?.host, outcome.saved?.fingerprint)
        adopted = outcome.adoption.objects
        steps = outcome.plan.steps.map {
            Step(
                id: $0.id, party: $0.party, action: $0.action.name, object: $0.object, cause: $0.cause,
                rung: $0.rung.name, changes: $0.changes, after: $0.after.sorted(),
                disruption: $0.disruption, readiness: $0.action.readiness?.description)
        }
        warnings = outcome.plan.warnings
        held = outcome.held
        suspended = outcome.orders.suspensions
        pinned = outcome.orders.pins
        diagnostics = outcome.diagnostics
    }
}
