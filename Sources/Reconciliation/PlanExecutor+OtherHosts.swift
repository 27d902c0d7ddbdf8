import AuditJournal
import DockerEngine
import Planning

/// A step that waits for what the watcher of another host does.
struct HostWait {
    static let interval: Duration = .seconds(1)
    /// Longer than a watcher takes that was told of the same commit.
    static let limit: Duration = .seconds(60)

    var step: Plan.Step
    var started: ContinuousClock.Instant
    var nextTry: ContinuousClock.Instant
}

extension PlanExecutor {
    /// Notes a step that is to be tried again, because another host is not that far yet.
    ///
    /// - Returns: The record of the try; `nil` when what came of it has nothing to do with another host.
    mutating func awaitOtherHost(_ pending: Pending, _ result: Result<EngineAnswer, DockerError>)
        -> StepResult?
    {
        let step = pending.step
        let waited = hostWaits.removeValue(forKey: step.id)
        guard case .failure(let error) = result, let reason = step.action.dependence(onOtherHosts: error)
        else { return nil }
        let began = waited?.started ?? pending.started
        waitedForHosts.insert(step.party)
        guard !isStopping(), began.duration(to: clock.now) < HostWait.limit else {
            return finish(
                step, .failed, status: error.status,
                error:
                    "\(reason) for \(HostWait.limit.components.seconds) s; look at the watcher there: \(error)",
                since: began)
        }
        hostWaits[step.id] = HostWait(step: step, started: began, nextTry: clock.now + HostWait.interval)
        return StepResult(
            step: step, outcome: .failed, objectID: objectID(of: step.action), status: error.status,
            error: "\(reason), so it is tried again: \(error)",
            milliseconds: pending.started.duration(to: clock.now).milliseconds)
    }

    /// Sends the calls again that have waited, each with an intent of its own.
    mutating func retryForOtherHosts() throws(JournalError) {
        let now = clock.now
        for (id, wait) in hostWaits.sorted(by: { $0.key < $1.key })
        where wait.nextTry <= now && !calls.values.contains(where: { $0.step.id == id }) {
            let action = wait.step.action
            guard !isStopping(), case .success(let call?) = engineCall(for: action) else {
                hostWaits[id] = nil
                _ = finish(wait.step, .failed, error: "it has waited for another host", since: wait.started)
                continue
            }
            try journal.intents([(wait.step, digest(of: action, .success(call)), objectID(of: action))])
            calls[client.submit(call)] = Pending(step: wait.step, started: now)
        }
    }
}

extension Action {
    /// What another host has not done yet, if the engine refuses the action for that.
    ///
    /// The engine has nothing but these words, of the Swarm's managers or its own; 20.10 and 26.1 say the same.
    fileprivate func dependence(onOtherHosts error: DockerError) -> String? {
        let text = error.reason
        switch self {
        case .startContainer, .connectNetwork:
            if text.contains("Could not attach to network"), text.contains("NotFound") {
                return "the host that makes the network has not made it"
            }
            // The managers answer nothing at all while the address is somebody else's.
            if text.contains("attaching to network failed"), text.contains("deadline exceeded") {
                return
                    "no manager gives the container an address; its fixed one may still be taken on another host"
            }
            return nil
        case .removeNetwork:
            guard text.contains("is in use by task") else { return nil }
            return "containers of other hosts are still on the network"
        default: return nil
        }
    }
}
