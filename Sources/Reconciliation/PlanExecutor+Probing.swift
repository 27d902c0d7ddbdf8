import AuditJournal
import DesiredState
import DockerEngine
import Planning

/// A command that probes a container, through the engine's three calls for it.
enum ExecProbe {
    enum Call {
        case create
        case start(exec: String)
        case ask(exec: String)
    }

    case ready(Call)
    case underWay
}

/// What a wait for a probe is doing.
enum ProbeStage {
    case connecting(ProbeConnection)
    case running(ExecProbe)
}

extension PlanExecutor {
    /// Begins a try of the probe on a container that runs.
    mutating func beginProbe(_ probe: Probe, of container: LiveContainer, for id: Int) {
        if case .exec = probe.check {
            awaits[id]?.stage = .running(.ready(.create))
            awaits[id]?.nextLook = ContinuousClock.now
            return
        }
        let namespace = NetworkNamespace(
            ofProcess: container.pid, in: container.id, through: namespaceService)
        let connection = ProbeConnection(
            probe.check, to: container.address ?? "127.0.0.1", in: namespace)
        if let connection {
            awaits[id]?.stage = .connecting(connection)
        } else {
            let mend =
                namespaceService == nil
                ? ""
                : namespace == nil
                    ? ": its process cannot be seen from here; let the watcher use the network (network.conf)"
                    : "; run: systemctl restart fatesync-netns.socket"
            probeFailed(id, "no socket can be made for it\(mend)")
        }
    }

    /// Looks at every wait: reads containers, moves connections on, sends the next call of commands.
    mutating func advanceWaits() throws(JournalError) {
        for (id, wait) in awaits {
            switch wait.stage {
            case .connecting(let connection)?:
                switch connection.advance() {
                case .pending: continue
                case .passed:
                    // Somebody else may have answered at the address of a container that has just ended.
                    awaits[id]?.stage = nil
                    awaits[id]?.hasPassed = true
                    look(id)
                case .failed(let reason): probeFailed(id, reason)
                }
            case .running(.ready(let call))? where clock.now >= wait.nextLook: try send(call, for: wait)
            case .running?: continue
            case nil where !wait.isReading && clock.now >= wait.nextLook: look(id)
            case nil: continue
            }
        }
    }

    /// Notes why a try failed; the next one comes after another look at the container.
    private mutating func probeFailed(_ id: Int, _ reason: String) {
        awaits[id]?.stage = nil
        awaits[id]?.lastReason = reason
        awaits[id]?.isReading = false
        awaits[id]?.nextLook = ContinuousClock.now + HealthWait.probeInterval
    }

    private mutating func send(_ call: ExecProbe.Call, for wait: HealthWait) throws(JournalError) {
        guard let container = containerID(of: wait.step.action),
            case .exec(let command)? = wait.readiness.probe?.check
        else { return }
        let request: EngineCall
        switch call {
        case .create: request = .createExec(container: container, command: command)
        case .start(let exec): request = .startExec(id: exec)
        case .ask(let exec): request = .inspectExec(id: exec)
        }
        if let action = call.recordedAction {
            let digest = digest(of: wait.step.action, .success(request))
            try journal.intents([(wait.step, digest, container)], action: action)
        }
        awaits[wait.step.id]?.stage = .running(.underWay)
        calls[client.submit(request)] = Pending(step: wait.step, started: clock.now, command: call)
    }

    /// Takes the answer to one call of a command; what changes the engine has a result in the journal.
    mutating func take(
        _ call: ExecProbe.Call, _ pending: Pending, _ result: Result<EngineAnswer, DockerError>
    ) -> StepResult? {
        let id = pending.step.id
        switch (call, result) {
        case (.create, .success(.created(let exec, _))):
            awaits[id]?.stage = .running(.ready(.start(exec: exec)))
        case (.start(let exec), .success): awaits[id]?.stage = .running(.ready(.ask(exec: exec)))
        case (.ask(let exec), .success(.command(exitCode: nil))):
            if awaits[id]?.isOver(at: clock.now) == true {
                endWait(id, .failed, "the probe has not ended within its timeout")
            } else {
                awaits[id]?.stage = .running(.ready(.ask(exec: exec)))
                awaits[id]?.nextLook = ContinuousClock.now + .milliseconds(100)
            }
        case (.ask, .success(.command(exitCode: 0))): endWait(id, .ok, nil)
        case (.ask, .success(.command(let code?))): probeFailed(id, "the probe ends with \(code)")
        case (_, .failure(let error)): probeFailed(id, "\(error)")
        case (_, .success): probeFailed(id, "the engine's answer is of another kind")
        }
        guard let action = call.recordedAction else { return nil }
        var record = StepResult(
            step: pending.step, outcome: .ok, objectID: containerID(of: pending.step.action),
            milliseconds: pending.started.duration(to: clock.now).milliseconds)
        record.action = action
        if case .failure(let error) = result {
            record.outcome = error.outcomeIsUnknown ? .unknown : .failed
            record.status = error.status
            record.error = "\(error)"
        }
        return record
    }
}

extension ExecProbe.Call {
    /// The action's name in the journal; `nil` for a call that only reads.
    var recordedAction: String? {
        switch self {
        case .create: "exec.create"
        case .start: "exec.start"
        case .ask: nil
        }
    }
}
