import ArgumentParser
import DesiredState
import Reconciliation

/// `fatesync explain`: where a value comes from.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Show where the values of a container come from: file, line, commit, author, journal entry.",
        discussion: """
            It reads the revision that the container's party runs, and needs neither Docker nor a network. A field
            has the name that plans give it; `environment` stands for all variables.

            Examples:
              fatesync explain confs10000_rollsite
              fatesync explain confs10000_rollsite image
              fatesync explain confs10000_rollsite environment.SIZE -o json
            """)

    @Argument(help: "Name of the container.")
    var container: String

    @Argument(help: "Field, such as image or environment.SIZE. Default: all that the repository gives.")
    var field: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let explanation = try Explanation(
            container, field: field, try Settings(places).watcherConfiguration())
        if output.isJSON { return try JSONOutput.print(Document(explanation: explanation)) }
        let revision = explanation.revision
        Terminal.say(
            "\(container): service \(explanation.service) of party \(explanation.party) at "
                + "\(revision.branch)@\(revision.short)".escapingControls)
        for value in explanation.values { print(value) }
    }

    private func print(_ value: Explanation.Value) {
        let terminal = Terminal(output)
        let origin = value.origin
        Terminal.say(
            terminal.styled(origin.field.escapingControls, .bold) + "  " + origin.text.escapingControls)
        Terminal.say("    \(origin.location)  \(Self.text(of: value.written))".escapingControls)
        for variable in origin.variables {
            let place = variable.location.map { "\($0)" } ?? "given by fatesync"
            let written = value.variables[variable.name].map { "  " + Self.text(of: $0) } ?? ""
            Terminal.say("    \(variable.name) = \(variable.value)  \(place)\(written)".escapingControls)
        }
        guard let entry = value.entry else { return }
        Terminal.say("    journal \(entry.seq)  \(entry.time)  \(entry.action)".escapingControls)
    }

    private static func text(of revision: Revision?) -> String {
        revision.map { "\($0.short)  \($0.author)  \($0.subject)" } ?? "-"
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var explanation: Explanation
    }
}
