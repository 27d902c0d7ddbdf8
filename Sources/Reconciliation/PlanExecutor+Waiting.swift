import AuditJournal
import DockerEngine
import Planning

/// A container that has to prove itself, and when it is looked at next.
struct HealthWait {
    static let interval: Duration = .milliseconds(200)
    static let limit: Duration = .seconds(300)

    var step: Plan.Step
    var started: ContinuousClock.Instant
    var grace: Duration
    var nextLook: ContinuousClock.Instant
    var isReading = false
    /// Looks in a row that gave no answer; one alone says nothing about the container.
    var failedLooks = 0

    static let failedLooksLimit = 5
}

extension PlanExecutor {
    mutating func look(_ id: Int) {
        guard let wait = awaits[id] else { return }
        guard let container = containerID(of: wait.step.action) else { return }
        awaits[id]?.isReading = true
        let call = client.submit(.inspectContainer(id: container))
        calls[call] = Pending(step: wait.step, started: wait.started, isWait: true)
    }

    mutating func judge(
        _ step: Plan.Step, _ result: Result<EngineAnswer, DockerError>
    ) -> StepResult? {
        guard let wait = awaits[step.id] else { return nil }
        func end(
            _ planner: inout Self, _ outcome: JournalOutcome, _ error: String?, isBroken: Bool = true
        ) {
            planner.awaits[step.id] = nil
            // A wait is no change, so it is not recorded; its result shows in the progress and the steps after.
            _ = planner.finish(step, outcome, error: error, since: wait.started, isBroken: isBroken)
        }
        func lookAgain(_ planner: inout Self, failedLooks: Int) {
            var next = wait
            next.isReading = false
            next.failedLooks = failedLooks
            next.nextLook = planner.clock.now + HealthWait.interval
            planner.awaits[step.id] = next
        }
        guard case .success(.container(let live)) = result else {
            guard case .failure(let error) = result else { return nil }
            if error.status != 404, wait.failedLooks < HealthWait.failedLooksLimit {
                lookAgain(&self, failedLooks: wait.failedLooks + 1)
            } else {
                end(&self, .failed, "\(error)", isBroken: false)
            }
            return nil
        }
        let waited = wait.started.duration(to: clock.now)
        switch (live.status, live.health) {
        case (.running, "healthy"): end(&self, .ok, nil)
        case (.running, nil) where waited >= wait.grace: end(&self, .ok, nil)
        case (.running, "unhealthy"): end(&self, .failed, "the new container is unhealthy")
        case (.running, _) where waited < HealthWait.limit: lookAgain(&self, failedLooks: 0)
        case (.running, _): end(&self, .failed, "the new container is not healthy after \(HealthWait.limit)")
        default:
            let reason = live.error.isEmpty ? "exit code \(live.exitCode)" : live.error
            end(&self, .failed, "the new container is \(live.status.rawValue): \(reason)")
        }
        return nil
    }
}
