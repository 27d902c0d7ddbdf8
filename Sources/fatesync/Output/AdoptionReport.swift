import DesiredState
import Planning
import Reconciliation

/// What is taken over, and what is not, as people read it.
struct AdoptionReport {
    let adoption: Adoption
    let terminal: Terminal
    /// Whether it has happened; `plan` only says what a sync would do.
    var isDone = true

    var text: String {
        var lines: [String] = []
        let parties = Set(adoption.objects.map(\.party) + adoption.refusals.map(\.party)).sorted()
        for party in parties {
            lines.append(terminal.styled("party \(party)", .bold))
            for object in adoption.objects where object.party == party {
                lines.append(
                    terminal.styled("  = \(object.name)".escapingControls, .green)
                        + "  \(Self.role(of: object))")
            }
            for refusal in adoption.refusals where refusal.party == party {
                lines.append(
                    terminal.styled("  ! \(refusal.name)".escapingControls, .yellow)
                        + "  \(refusal.kind.rawValue) not adopted: \(refusal.reason.escapingControls)")
            }
        }
        lines.append(summary)
        return lines.joined(separator: "\n")
    }

    private static func role(of object: Adoption.Object) -> String {
        let evidence = "recognised by \(object.evidence)".escapingControls
        guard object.kind == .container else { return "\(object.kind.rawValue), \(evidence)" }
        return "container of service \(object.standsFor), \(evidence)".escapingControls
    }

    private var summary: String {
        guard !adoption.isEmpty else { return "nothing to adopt" }
        let counts = [Adoption.Kind.container, .network, .volume].compactMap { kind -> String? in
            let count = adoption.objects.count { $0.kind == kind }
            guard count > 0 else { return nil }
            return "\(count) \(kind.rawValue)\(count == 1 ? "" : "s")"
        }
        let refused = adoption.refusals.isEmpty ? "" : ", \(adoption.refusals.count) refused"
        let list = counts.isEmpty ? "nothing" : counts.joined(separator: ", ")
        return isDone
            ? "adopted \(list)\(refused); nothing was touched"
            : "a sync adopts \(list)\(refused), and touches none of it for that"
    }
}

/// An adoption for programs.
struct AdoptionDocument: Encodable {
    var schemaVersion = 1
    var refused: [Adoption.Refusal]
    /// What was adopted, and what still differs.
    var plan: PlanDocument

    init(_ outcome: PassOutcome) {
        refused = outcome.adoption.refusals
        plan = PlanDocument(outcome)
    }
}
