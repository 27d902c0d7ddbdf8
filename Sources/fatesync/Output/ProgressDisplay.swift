import DesiredState
import Glibc
import Reconciliation
import Synchronization

/// Progress of a sync on standard error: a bar that redraws itself on a terminal, plain lines elsewhere.
final class ProgressDisplay: Sendable {
    private let terminal: Terminal
    private let isQuiet: Bool
    private let state = Mutex(State())

    private struct State {
        var done = 0
        var count = 0
        var running: [Int: String] = [:]
        var pulls: [String: (current: Int64, total: Int64, detail: String)] = [:]
        var isLineOpen = false
    }

    init(_ options: OutputOptions) {
        terminal = Terminal(options)
        isQuiet = options.quiet
    }

    /// Takes one event of a pass of this process.
    func show(_ event: ProgressEvent) {
        guard !isQuiet else { return }
        if let message = ControlMessage(event) { show(message) } else { end() }
    }

    /// Takes one message of the watcher that makes the pass.
    func show(_ message: ControlMessage) {
        guard !isQuiet else { return }
        state.withLock { state in
            switch message.event {
            case .fetching:
                if terminal.redrawsProgress { draw("fetching \(message.repository ?? "-")", &state) }
            case .planned:
                state.count = message.plan?.steps.count ?? 0
                state.done = 0
            case .stepStarted:
                guard let step = message.step else { return }
                state.count = max(state.count, step.count)
                state.running[step.index] = "\(step.action) \(step.object)"
                if terminal.redrawsProgress { draw(bar(state), &state) }
            case .stepFinished:
                guard let step = message.step else { return }
                state.running[step.index] = nil
                state.pulls[step.object] = nil
                state.done += 1
                state.count = max(state.count, step.count)
                finish(step, &state)
            case .pulling:
                guard let pull = message.pull else { return }
                state.pulls[pull.image] = (pull.current, pull.total, pull.detail)
                if terminal.redrawsProgress { draw(bar(state), &state) }
            case .note:
                clear(&state)
                Terminal.complain((message.text ?? "").escapingControls)
            case .outcome: clear(&state)
            case .accepted, .refused: break
            }
        }
    }

    /// Leaves the line to others.
    func end() { state.withLock { clear(&$0) } }

    private func finish(_ step: ControlMessage.Step, _ state: inout State) {
        clear(&state)
        let count = "[\(state.done)/\(state.count)]"
        let head = "\(count) \(step.party) \(step.action) \(step.object)".escapingControls
        if let error = step.error {
            Terminal.complain(
                head + terminal.styledProgress(" failed", .red) + ": \(error.escapingControls)")
        } else {
            Terminal.complain(
                head + terminal.styledProgress(" ok", .green) + " \(step.milliseconds ?? 0) ms")
        }
        if terminal.redrawsProgress, state.done < state.count { draw(bar(state), &state) }
    }

    private func bar(_ state: State) -> String {
        let width = 24
        let filled = state.count == 0 ? 0 : state.done * width / state.count
        var text = "[" + String(repeating: "#", count: filled)
        text += String(repeating: ".", count: width - filled) + "] \(state.done)/\(state.count)"
        if let pull = state.pulls.min(by: { $0.key < $1.key }) {
            text += " pulling \(pull.key) \(Self.megabytes(pull.value.current))"
            if pull.value.total > 0 { text += " of \(Self.megabytes(pull.value.total))" }
            return text + " MB, \(pull.value.detail)"
        }
        if let step = state.running.min(by: { $0.key < $1.key }) { text += " \(step.value)" }
        return text
    }

    private static func megabytes(_ bytes: Int64) -> String { "\(bytes / 1_000_000)" }

    private func draw(_ line: String, _ state: inout State) {
        Terminal.write("\r\u{1B}[K" + line.escapingControls.prefix(Self.columns - 1), to: STDERR_FILENO)
        state.isLineOpen = true
    }

    private func clear(_ state: inout State) {
        if state.isLineOpen { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
        state.isLineOpen = false
    }

    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 10 else { return 80 }
        return Int(size.ws_col)
    }
}
