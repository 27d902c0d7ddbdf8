import ArgumentParser

/// `fatesync version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the versions of the program and of its formats.",
        discussion: """
            Examples:
              fatesync version
              fatesync version -o json
            """)

    @OptionGroup var output: OutputOptions

    func run() throws {
        if output.isJSON {
            try JSONOutput.print(Document())
        } else {
            Terminal.say("fatesync \(BuildVersion.text)")
        }
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var version = BuildVersion.text
        /// The format of the state repository.
        var apiVersion = "fatesync/v1"
        var journalVersion = 1
    }
}
