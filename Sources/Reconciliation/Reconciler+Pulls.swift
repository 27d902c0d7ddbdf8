import DesiredState
import DockerEngine
import Planning

/// What pulls that failed mean for the parties that wait for them.
struct PullJudgement {
    /// Parties whose revision names an image that its registry does not have for this host, with what it said.
    var condemned: [String: String] = [:]
    /// Parties that have nothing against them but that an image is not here yet.
    var waiting: Set<String> = []
}

extension Reconciler {
    /// Notes what came of the pulls, and tells a bad revision from a registry in trouble.
    ///
    /// A party that has reached this revision before, or stands at its last good one, is not at fault: the image
    /// was there.
    func judgePulls(_ executor: PlanExecutor, _ comparison: Comparison) -> PullJudgement {
        let (execution, commit) = (executor.execution, comparison.revision.commit)
        var judgement = PullJudgement()
        for (step, error) in executor.pulls.sorted(by: { $0.key < $1.key }) where error?.code != .cancelled {
            pullBackoff.note(execution.plan.steps[step].object, error?.reason, at: commit, now: clock.now)
            guard let error else { continue }
            judgement.waiting.formUnion(execution.parties(waitingFor: step, atOnce: false))
            guard error.saysImageIsMissing else { continue }
            for party in execution.parties(waitingFor: step, atOnce: true)
            where comparison.rejected[party] == nil && memory.parties[party]?.applied?.commit != commit {
                judgement.condemned[party] = "\(error); the next try is with another commit"
            }
        }
        judgement.waiting.subtract(execution.failures.keys)
        return judgement
    }
}
