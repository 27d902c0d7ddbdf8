import ArgumentParser
import DesiredState
import Reconciliation

/// `fatesync doctor`: whether this host is ready.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that a pass needs, and say what mends what is missing.",
        discussion: """
            Ten numbered checks, each with what was found and, where something is wrong, the line that mends it.
            It changes nothing: the repository is fetched into a directory that is thrown away. It exits with 1
            when a check has failed; warnings do not count.

            Examples:
              fatesync doctor
              fatesync doctor -o json
            """)

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let checks = await self.checks()
        if output.isJSON {
            try JSONOutput.print(Document(checks: checks))
        } else {
            let terminal = Terminal(output)
            for check in checks { print(check, terminal) }
        }
        if checks.contains(where: { $0.result == .failed }) { throw ExitStatus.error }
    }

    private func checks() async -> [DoctorCheck] {
        let file = Settings.file(places.config)
        do {
            let configuration = try Settings(places).watcherConfiguration()
            let found = file.isRead ? file.path : "flags and environment; there is no \(file.path)"
            return [DoctorCheck(.configuration, .ok, found)] + (await Doctor(configuration).checks())
        } catch {
            let mend = "edit \(file.path)   # the keys stand in the manual, page Operations"
            let failed = DoctorCheck(.configuration, .failed, "\(error)", mend: mend)
            return [failed]
                + DoctorCheck.Question.allCases.dropFirst().map { name in
                    DoctorCheck(name, .skipped, "the configuration has to be mended first")
                }
        }
    }

    private func print(_ check: DoctorCheck, _ terminal: Terminal) {
        if output.quiet, check.result == .ok || check.result == .skipped { return }
        let style: Terminal.Style =
            switch check.result {
            case .ok: .green
            case .warning: .yellow
            case .failed: .red
            case .skipped: .faint
            }
        let number = check.number < 10 ? " \(check.number)" : "\(check.number)"
        let result = check.result.rawValue.padded(to: 8)
        let name = check.name.rawValue.padded(to: 16)
        Terminal.say("\(number)  \(terminal.styled(result, style)) \(name) \(check.found.escapingControls)")
        if let mend = check.mend { Terminal.say("              mend: \(mend.escapingControls)") }
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var checks: [DoctorCheck]
    }
}
