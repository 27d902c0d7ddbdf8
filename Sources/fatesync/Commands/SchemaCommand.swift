import ArgumentParser
import DesiredState

/// `fatesync schema`: what editors need to complete and check the files that people write.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a file that people write, for editors.",
        discussion: """
            The package installs all of them in /usr/share/fatesync/schemas. An editor with a YAML language server uses
            the one that a file names:
              # yaml-language-server: $schema=/usr/share/fatesync/schemas/party.schema.json

            Examples:
              fatesync schema party > party.schema.json
              fatesync schema configuration
            """)

    enum Name: String, ExpressibleByArgument, CaseIterable {
        case party, blueprint, federation, configuration
    }

    @Argument(help: "party, blueprint, federation or configuration.")
    var name: Name

    func run() {
        let all = FileSchema.state + [Settings.schema]
        guard let schema = all.first(where: { $0.name == name.rawValue }) else {
            preconditionFailure("\(name) has no schema")
        }
        Terminal.say(String(schema.json.dropLast()))
    }
}
