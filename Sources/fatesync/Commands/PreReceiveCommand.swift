import ArgumentParser
import DesiredState
import GitSource
import Glibc

/// `fatesync hook pre-receive`: refuses a push that no watcher would carry out.
struct PreReceiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-receive",
        abstract: "Check what is pushed before it is accepted.",
        discussion: """
            Reads `OLD NEW NAME` lines as git writes them, in the repository, and looks at one branch only.

            Examples:
              fatesync hook pre-receive --branch main
            """)

    @Option(help: "The branch that watchers follow.")
    var branch: String

    @Option(help: "Folder of the repository that holds the state.")
    var path: String?

    func run() throws {
        guard let change = ReferenceChange.read(of: branch) else { return }
        guard !ReferenceChange.isNothing(change.new) else {
            throw refuse("the watchers follow branch \(branch), so it cannot be deleted", ExitStatus.error)
        }
        let quarantine = Settings.environment("GIT_QUARANTINE_PATH")
        let repository = try StateRepository(receivingAt: ".", quarantine: quarantine)
        if !ReferenceChange.isNothing(change.old),
            try !repository.isDescendant(change.new, of: change.old)
        {
            throw refuse(
                "\(change.new.prefix(12)) does not contain \(change.old.prefix(12)), the end of branch \(branch): "
                    + "what was applied stays in its history; take changes back with git revert, or git pull "
                    + "--rebase if somebody else has pushed", ExitStatus.untrusted)
        }
        let reading = try repository.readTree(at: change.new, folder: path)
        let state = DesiredState.decode(
            reading.tree,
            context: DecodingContext(
                host: "", dataDirectory: Settings.defaultDataDirectory, secrets: [:],
                secretMode: .placeholders),
            reading: reading.diagnostics)
        let mistakes = state.diagnostics.filter { $0.severity == .error }
        // What would be said of a good push may wait for one.
        for diagnostic in mistakes.isEmpty ? state.diagnostics : mistakes {
            Terminal.complain(line(diagnostic))
        }
        let errors = mistakes.count
        guard errors == 0, reading.isComplete else {
            throw refuse(
                "\(branch)@\(change.new.prefix(12)) has \(errors) mistake\(errors == 1 ? "" : "s"); nothing is "
                    + "changed",
                ExitStatus.invalid)
        }
        let count = state.partyHosts.count
        Terminal.complain(
            "\(branch)@\(change.new.prefix(12)) is valid: \(count) part\(count == 1 ? "y" : "ies")")
    }

    /// The diagnostic with the file as the pusher's clone has it.
    private func line(_ diagnostic: Diagnostic) -> String {
        guard let path, path != "." else { return "\(diagnostic)" }
        return "\(path)/\(diagnostic)"
    }

    private func refuse(_ reason: String, _ code: ExitCode) -> ExitCode {
        Terminal.complain("refused: \(reason)".escapingControls)
        return code
    }
}
