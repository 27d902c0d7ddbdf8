import ArgumentParser
import GitSource

/// `fatesync version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the versions of the program and of its formats.")

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

/// The hidden command that fetches in a process of its own.
struct FetchChildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch-child", abstract: "Fetch as the request on standard input says.",
        shouldDisplay: false)

    func run() throws {
        throw ExitCode(FetchChild.main())
    }
}
