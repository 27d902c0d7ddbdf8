import ArgumentParser
import DesiredState

/// `fatesync validate`: checks a state repository or a directory without Docker.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a state repository; all mistakes at once, no Docker needed.",
        discussion: """
            Prints file:line:column for each mistake, and exits with 3 if there is one.

            Examples:
              fatesync validate               the current directory
              fatesync validate state -o json
            """)

    @Argument(help: "Directory with federation.yaml, blueprints/ and parties/.")
    var path = "."

    @Option(help: "Value of BASE_DIR.")
    var dataDir = "/var/lib/fatesync/parties"

    @OptionGroup var output: OutputOptions

    func run() throws {
        let tree = try LocalFiles.tree(path)
        let state = LocalState.decode(tree, host: "", dataDirectory: dataDir)
        let errors = state.diagnostics.filter { $0.severity == .error }.count
        if output.isJSON {
            try JSONOutput.print(
                Document(
                    valid: errors == 0, parties: state.partyHosts.keys.sorted(),
                    diagnostics: state.diagnostics))
        } else {
            let terminal = Terminal(output)
            for diagnostic in state.diagnostics {
                Terminal.say(
                    terminal.styled("\(diagnostic)", diagnostic.severity == .error ? .red : .yellow))
            }
            if !output.quiet {
                Terminal.say(
                    errors == 0
                        ? "valid: \(state.partyHosts.count) parties"
                        : "\(errors) mistake\(errors == 1 ? "" : "s")")
            }
        }
        if errors > 0 { throw ExitStatus.invalid }
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var valid: Bool
        var parties: [String]
        var diagnostics: [Diagnostic]
    }
}

/// Desired state from a directory, for commands that need no repository.
enum LocalState {
    /// Decodes everything; only the parties of `host` get resources.
    static func decode(_ tree: SourceTree, host: String, dataDirectory: String) -> DesiredState {
        DesiredState.decode(
            tree,
            context: DecodingContext(
                host: host, dataDirectory: dataDirectory, secrets: [:], secretMode: .placeholders))
    }
}
