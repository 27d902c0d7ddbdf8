import DesiredState
import Glibc
import Planning
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

    /// Takes one event.
    func show(_ event: ProgressEvent) {
        guard !isQuiet else { return }
        state.withLock { state in
            switch event {
            case .fetching(let repository):
                if terminal.redrawsProgress { draw("fetching \(repository)", &state) }
            case .planned(let plan, _):
                state.count = plan.steps.count
                state.done = 0
            case .stepStarted(let step, let index, let count):
                state.count = max(state.count, count)
                state.running[index] = "\(step.action.name) \(step.object)"
                if terminal.redrawsProgress { draw(bar(state), &state) }
            case .stepFinished(let step, let index, let count, let error, let milliseconds):
                state.running[index] = nil
                state.pulls[step.object] = nil
                state.done += 1
                state.count = max(state.count, count)
                finish(step, error, milliseconds, &state)
            case .pulling(let image, let current, let total, let detail):
                state.pulls[image] = (current, total, detail)
                if terminal.redrawsProgress { draw(bar(state), &state) }
            case .finished: clear(&state)
            case .note(let text):
                clear(&state)
                Terminal.complain(text.escapingControls)
            case .checkpoint: break
            }
        }
    }

    private func finish(_ step: Plan.Step, _ error: String?, _ milliseconds: Int64, _ state: inout State) {
        clear(&state)
        let count = "[\(state.done)/\(state.count)]"
        let head = "\(count) \(step.party) \(step.action.name) \(step.object)".escapingControls
        if let error {
            Terminal.complain(
                head + terminal.styledProgress(" failed", .red) + ": \(error.escapingControls)")
        } else {
            Terminal.complain(head + terminal.styledProgress(" ok", .green) + " \(milliseconds) ms")
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
