import ArgumentParser
import DesiredState
import Reconciliation

/// What `sync --wait` waits for: that this host has come to a commit.
struct SyncGoal {
    let commit: String
    let seconds: Int
    let deadline: ContinuousClock.Instant

    init(commit: String, seconds: Int) {
        self.commit = commit
        self.seconds = seconds
        deadline = ContinuousClock.now + .seconds(seconds)
    }

    /// The exit code when a pass settles it; `nil` when the commit may still come.
    ///
    /// - Parameter contains: Whether the pass was one of the commit or a descendant.
    func verdict(_ outcome: PassDocument, contains: Bool?) -> Int32? {
        guard contains == true else { return nil }
        // A later commit that could not be looked for is nothing to who waits for this one.
        if outcome.isReached { return 0 }
        return outcome.exitCode == 0 ? ExitStatus.error.rawValue : outcome.exitCode
    }

    /// Says why the wait is over without the commit.
    func failure(after outcome: PassDocument?) -> ExitCode {
        let last =
            switch (outcome?.reason ?? outcome?.fetchError, outcome?.plan.revision) {
            case (let reason?, _): "the last pass says: \(reason)"
            case (nil, let revision?): "\(revision.branch) is at \(revision.short), which does not contain it"
            case (nil, nil): "no pass has ended"
            }
        Terminal.complain(
            "this host has not come to \(commit) within \(seconds) s: \(last)".escapingControls)
        return ExitStatus.error
    }
}
