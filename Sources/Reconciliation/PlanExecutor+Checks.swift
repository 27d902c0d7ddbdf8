import AuditJournal
import DesiredState
import DockerEngine
import Planning

/// A container that was created and is looked at before the old one stops.
struct ProgramCheck {
    var step: Plan.Step
    var started: ContinuousClock.Instant
    /// Paths whose existence is still being asked for.
    var pending: Set<String> = []
}

extension PlanExecutor {
    /// Reads the new container, unless it is known already that it could not start.
    mutating func check(_ step: Plan.Step, _ objection: String?, since started: ContinuousClock.Instant) {
        guard objection == nil, let id = containerID(of: step.action) else {
            _ = finish(step, .failed, error: objection, since: started, isBroken: objection != nil)
            return
        }
        checks[step.id] = ProgramCheck(step: step, started: started)
        calls[client.submit(.inspectContainer(id: id))] = Pending(step: step, started: started)
    }

    /// Asks for the program of the container that was read, wherever it may be.
    mutating func check(_ pending: Pending, _ result: Result<EngineAnswer, DockerError>) -> StepResult? {
        guard case .success(.container(let container)) = result else { return pass(pending.step) }
        let paths = container.spec.programPaths
        guard !paths.isEmpty else { return pass(pending.step) }
        checks[pending.step.id]?.pending = Set(paths)
        for path in paths {
            let call = client.submit(.findPath(id: container.id, path: path))
            calls[call] = Pending(step: pending.step, started: pending.started, path: path)
        }
        return nil
    }

    /// Takes in whether a path exists: one is enough, and only if none does the program is missing.
    mutating func found(
        _ path: String, _ step: Plan.Step, _ result: Result<EngineAnswer, DockerError>
    ) -> StepResult? {
        guard var check = checks[step.id] else { return nil }
        guard case .failure(let error) = result, error.status == 404 else { return pass(step) }
        check.pending.remove(path)
        checks[step.id] = check
        guard check.pending.isEmpty else { return nil }
        checks[step.id] = nil
        _ = finish(
            step, .failed, error: "\(path.split(separator: "/").last ?? "the program") is not in the image",
            since: check.started, isBroken: true)
        return nil
    }

    /// Leaves to the start what cannot be decided before it; a check is no change, so it is not recorded.
    private mutating func pass(_ step: Plan.Step) -> StepResult? {
        if let check = checks.removeValue(forKey: step.id) { _ = finish(step, .ok, since: check.started) }
        return nil
    }
}

extension ContainerSpec {
    /// Where the engine looks for the program of a container that was created; empty when that cannot be told.
    var programPaths: [String] {
        guard let program = (entrypoint ?? []).first ?? (command ?? []).first, !program.isEmpty else {
            return []
        }
        if program.hasPrefix("/") { return [program] }
        guard !program.contains("/") else { return [] }
        let path =
            environment["PATH"].flatMap { $0 }
            ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let folders = path.split(separator: ":").filter { $0.hasPrefix("/") }
        return folders.map { "\($0)/\(program)" }
    }
}
