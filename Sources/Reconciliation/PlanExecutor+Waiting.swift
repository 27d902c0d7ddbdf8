import AuditJournal
import DesiredState
import DockerEngine
import Planning

/// A container that has to prove itself, and when it is looked at next.
struct HealthWait {
    static let interval: Duration = .milliseconds(200)
    static let probeInterval: Duration = .seconds(1)
    static let failedLooksLimit = 5

    var step: Plan.Step
    var started: ContinuousClock.Instant
    var readiness: Readiness
    var nextLook: ContinuousClock.Instant
    var isReading = false
    /// Whether the probe has passed, and only a last look is missing.
    var hasPassed = false
    /// Looks in a row that gave no answer; one alone says nothing about the container.
    var failedLooks = 0
    /// The try of the probe that is under way.
    var stage: ProbeStage?
    /// Why the last try of the probe failed.
    var lastReason = "it was never tried"

    /// Whether a container without a healthcheck has had its time.
    func isOver(at time: ContinuousClock.Instant) -> Bool {
        started.duration(to: time) >= .seconds(readiness.limit)
    }
}

extension PlanExecutor {
    mutating func look(_ id: Int) {
        guard let wait = awaits[id] else { return }
        guard let container = containerID(of: wait.step.action) else { return }
        awaits[id]?.isReading = true
        let call = client.submit(.inspectContainer(id: container))
        calls[call] = Pending(step: wait.step, started: wait.started, isWait: true)
    }

    /// Ends a wait, which is no change and so has no record; its result shows in the progress and the steps after.
    mutating func endWait(
        _ id: Int, _ outcome: JournalOutcome, _ error: String?, isBroken: Bool = true
    ) {
        guard let wait = awaits.removeValue(forKey: id) else { return }
        _ = finish(wait.step, outcome, error: error, since: wait.started, isBroken: isBroken)
    }

    mutating func judge(
        _ step: Plan.Step, _ result: Result<EngineAnswer, DockerError>
    ) -> StepResult? {
        let id = step.id
        guard let wait = awaits[id] else { return nil }
        awaits[id]?.isReading = false
        awaits[id]?.nextLook = ContinuousClock.now + HealthWait.interval
        guard case .success(.container(let live)) = result else {
            guard case .failure(let error) = result else { return nil }
            if error.status != 404, wait.failedLooks < HealthWait.failedLooksLimit {
                awaits[id]?.failedLooks += 1
            } else {
                endWait(id, .failed, "\(error)", isBroken: false)
            }
            return nil
        }
        awaits[id]?.failedLooks = 0
        let waited = wait.started.duration(to: clock.now)
        guard live.status == .running else {
            let reason = live.error.isEmpty ? "exit code \(live.exitCode)" : live.error
            endWait(id, .failed, "the new container is \(live.status.rawValue): \(reason)")
            return nil
        }
        if let reason = devices.flatMap({ ContainerDevices().absence(in: live, $0) }) {
            endWait(id, .failed, "the new container runs without its devices: \(reason)")
            return nil
        }
        if wait.hasPassed {
            endWait(id, .ok, nil)
            return nil
        }
        switch (live.health, wait.readiness.probe) {
        case ("healthy", _): endWait(id, .ok, nil)
        case ("unhealthy", _): endWait(id, .failed, "the new container is unhealthy")
        case (_?, _):
            if waited >= .seconds(Readiness.healthLimit) {
                endWait(id, .failed, "the new container is not healthy after \(Readiness.healthLimit) s")
            }
        case (nil, nil):
            if waited >= .seconds(wait.readiness.grace) { endWait(id, .ok, nil) }
        case (nil, let probe?):
            if wait.isOver(at: clock.now) {
                endWait(
                    id, .failed,
                    "the new container has not passed its probe (\(probe)) within \(probe.timeout) s: "
                        + wait.lastReason)
            } else {
                beginProbe(probe, of: live, for: id)
            }
        }
        return nil
    }
}
