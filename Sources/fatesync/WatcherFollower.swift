import ArgumentParser
import Glibc
import Reconciliation

/// Asks a running watcher to sync, and shows what it does as if this process did it.
struct WatcherFollower {
    let output: OutputOptions
    let goal: SyncGoal?

    /// Follows until the pass, or what is waited for, has ended.
    ///
    /// - Parameter lock: Why this process does not sync by itself.
    func follow(_ socket: String, besides lock: LockError) throws {
        // The watcher goes on: what ends is only the following.
        let signals = SignalWatch([SIGINT, SIGTERM]) {
            Terminal.complain("the watcher goes on; see `fatesync status`")
            _exit(130)
        }
        defer { withExtendedLifetime(signals) {} }
        let ending: (outcome: PassDocument, code: Int32)
        do {
            ending = try converse(socket)
        } catch let error as ControlError where error.code == .absent || error.code == .forbidden {
            Terminal.complain("\(lock); \(error)")
            throw ExitStatus.locked
        }
        let report = PassReport(ending.outcome, output)
        report.printDiagnostics()
        try report.printResult()
        if ending.code != 0 { throw ExitCode(ending.code) }
    }

    private func converse(_ socket: String) throws -> (outcome: PassDocument, code: Int32) {
        let request = goal.map { ControlRequest("wait", ["revision": $0.commit]) } ?? ControlRequest("sync")
        let client = try ControlClient(at: socket, request)
        let display = ProgressDisplay(output)
        var last: PassDocument?
        while let message = try client.next(before: goal?.deadline) {
            display.show(message)
            if message.event == .accepted, !output.quiet {
                Terminal.complain("watcher \(message.watcher ?? 0) is asked to sync")
            }
            guard let outcome = message.outcome else { continue }
            guard let goal else { return (outcome, outcome.exitCode) }
            if let code = goal.verdict(outcome, contains: message.contains) { return (outcome, code) }
            last = outcome
        }
        throw goal?.failure(after: last) ?? ExitStatus.error
    }
}
