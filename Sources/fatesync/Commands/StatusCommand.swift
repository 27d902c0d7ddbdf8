import ArgumentParser
import DesiredState
import Glibc
import Reconciliation

/// `fatesync status`: one screen.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show revision, parties, last result and next try, on one screen.",
        discussion: """
            It shows what the last pass wrote down, and what is suspended and pinned now; it asks neither Docker
            nor the repository.

            Examples:
              fatesync status
              fatesync status -o json
            """)

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let directory = try Settings(places).stateDirectory
        guard let status = try WatcherStatus.read(from: directory) else {
            Terminal.complain("no pass was made yet with the state directory \(directory.path)")
            throw ExitStatus.error
        }
        try StatusReport(status, output).print()
        if status.exitCode != 0 { throw ExitCode(status.exitCode) }
    }
}

/// The status as text or JSON.
struct StatusReport {
    let status: WatcherStatus
    let output: OutputOptions
    private let terminal: Terminal

    init(_ status: WatcherStatus, _ output: OutputOptions) {
        self.status = status
        self.output = output
        terminal = Terminal(output)
    }

    func print() throws {
        if output.isJSON { return try JSONOutput.print(status) }
        let now = Int64(time(nil))
        let style: Terminal.Style = status.exitCode == 0 ? .green : .red
        var lines = [
            "host        \(status.host)", "repository  \(status.repository) \(status.branch)",
            "wanted      " + (status.wanted.map { "\($0.short)  \($0.subject.escapingControls)" } ?? "-"),
            "result      " + terminal.styled(status.result, style)
                + " (\(status.trigger.rawValue), \(now - status.finished) s ago, \(status.milliseconds) ms)",
        ]
        if let reason = status.reason { lines.append("reason      \(reason.escapingControls)") }
        if let error = status.fetchError { lines.append("fetch       \(error.escapingControls)") }
        lines.append("watcher     " + watcher(now))
        for order in status.suspended ?? [] {
            lines.append("suspended   " + terminal.styled(order.text.escapingControls, .yellow))
        }
        for order in status.pinned ?? [] {
            lines.append("pinned      " + terminal.styled(order.text.escapingControls, .yellow))
        }
        lines += status.diagnostics.map { terminal.styled("\($0)", $0.severity == .error ? .red : .yellow) }
        if !status.parties.isEmpty {
            lines += ["", Table.row("PARTY", "CONTAINERS", "RUNNING", "LIVE", "CONDITION")]
            lines += status.parties.map { party in
                Table.row(
                    party.id, "\(party.containers)", "\(party.running)",
                    party.applied.map { String($0.prefix(12)) } ?? "-",
                    party.condition + (party.reason.map { ": \($0.escapingControls)" } ?? ""))
            }
        }
        Terminal.say(lines.joined(separator: "\n"))
    }

    private func watcher(_ now: Int64) -> String {
        guard let watcher = status.watcher, kill(watcher, 0) == 0 || errno == EPERM else {
            return "not running"
        }
        let next = status.next.map { max(0, $0 - now) } ?? 0
        return "process \(watcher), next look in \(next) s"
    }
}

/// Columns of a fixed width.
enum Table {
    private static let widths = [8, 11, 8, 13]

    static func row(_ cells: String...) -> String {
        cells.enumerated().map { index, cell in
            guard index < widths.count, cell.count < widths[index] else { return cell + " " }
            return cell.padded(to: widths[index])
        }.joined()
    }
}

extension String {
    /// The text with blanks up to a width; a longer one stays as it is.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
