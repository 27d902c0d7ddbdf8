import ArgumentParser
import DesiredState
import Glibc
import Reconciliation

/// `fatesync hook post-receive`: has the watcher carry out what was pushed, and shows what comes of it.
struct PostReceiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-receive",
        abstract: "Ask the watcher of this host to sync, and show what it does.",
        discussion: """
            The push stands whatever comes of it: the exit code is 0.

            Examples:
              fatesync hook post-receive --branch main --control-socket /run/fatesync/control.sock
            """)

    @Option(help: "The branch that watchers follow.")
    var branch: String

    @Option(help: "Where the watcher listens; the first of several that answers is asked.")
    var controlSocket: [String] = []

    @Option(help: "How long to follow.")
    var timeout = "60s"

    func run() throws {
        guard let change = ReferenceChange.read(of: branch), !ReferenceChange.isNothing(change.new) else {
            return
        }
        let seconds = try Settings.seconds(timeout, of: "timeout")
        do throws(ControlError) {
            try follow(change.new, seconds: seconds)
        } catch {
            let standing =
                switch error.code {
                case .absent:
                    "no watcher that user \(Self.user) can ask runs on this host; the push stands, and the next "
                        + "look of one carries it out"
                case .forbidden:
                    "user \(Self.user) may not ask the watcher (it must be in the repository's group); the push "
                        + "stands, and the watcher finds it at its next look"
                case .refused, .lost: "\(error); the push stands, see `fatesync status` on this host"
                }
            Terminal.complain(standing.escapingControls)
        }
    }

    private func follow(_ commit: String, seconds: Int) throws(ControlError) {
        let client = try connect(ControlRequest("push", ["revision": commit]))
        let deadline = ContinuousClock.now + .seconds(seconds)
        var report = PushReport()
        while let message = try client.next(before: deadline) {
            for line in report.lines(for: message) { Terminal.complain(line.escapingControls) }
            if message.event == .outcome { return }
        }
        Terminal.complain(
            "the watcher is still at it after \(seconds) s; follow it on this host with: "
                + "fatesync sync --wait \(commit.prefix(12))")
    }

    /// The first watcher that answers; the failure of the last one otherwise.
    private func connect(_ request: ControlRequest) throws(ControlError) -> ControlClient {
        for path in controlSocket.dropLast() {
            // What is wrong with this one matters only if no other answers.
            if let client = try? ControlClient(at: path, request) { return client }
        }
        return try ControlClient(at: controlSocket.last ?? Settings.serviceSocket, request)
    }

    private static var user: String { UserName.of(geteuid()) }
}
