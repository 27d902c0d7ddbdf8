import DesiredState
import EngineModel
import Planning

/// What must hold for every plan; each answers what is wrong with an example.
enum Law: CaseIterable, Sendable {
    case nothingIsLeftToDo
    case noStepCanBeDropped
    case noStepCanBeOfALowerRung
    case theOrderOfInputsDoesNotMatter
    case whatIsNotNamedIsUntouched
    case noContainerGoesDownTwice
    case stepsWaitOnlyForEarlierSteps
    case noVolumeIsRemoved
    case noDeviceIsTakenFromWhoStillHasIt

    /// Takes every so many-th example; more than 1 where a law makes a plan for each step.
    var stride: UInt64 {
        switch self {
        case .noStepCanBeDropped: 10
        case .noStepCanBeOfALowerRung: 4
        case .theOrderOfInputsDoesNotMatter: 2
        default: 1
        }
    }

    /// - Parameter after: The host when the plan was carried out in some allowed order.
    func violations(_ example: LawExample, after host: ModelHost) -> [String] {
        switch self {
        case .nothingIsLeftToDo:
            let rest = Planner.plan(from: host.live, to: example.desired)
            return rest.isEmpty ? [] : ["left over:\n\(rest)"]
        case .noStepCanBeDropped: return spareSteps(example)
        case .noStepCanBeOfALowerRung: return lowerRungs(example)
        case .theOrderOfInputsDoesNotMatter:
            var random = SeededRandom(seed: example.seed)
            let live = example.host.live.shuffled(&random)
            let again = Planner.plan(from: live, to: example.desired.shuffled(&random))
            return again == example.plan ? [] : ["in another order:\n\(again)"]
        case .whatIsNotNamedIsUntouched:
            let named = Set(example.plan.steps.compactMap(\.action.containerID))
            return example.host.live.containers.values.compactMap { container in
                guard !named.contains(container.id), container.status != .removing else { return nil }
                return host.live.containers[container.id] == container
                    ? nil : "\(container.spec.name) was touched"
            }
        case .noContainerGoesDownTwice: return repeatedOutages(example)
        case .stepsWaitOnlyForEarlierSteps: return disorder(example.plan)
        case .noVolumeIsRemoved:
            return Set(example.host.live.volumes.keys).subtracting(host.live.volumes.keys)
                .map { "volume \($0) is gone" }
        case .noDeviceIsTakenFromWhoStillHasIt:
            return Array(host.contested.dropFirst(example.host.contested.count))
        }
    }

    private func spareSteps(_ example: LawExample) -> [String] {
        example.plan.steps.compactMap { step in
            // Waits and checks only look; what they protect is the order of the others.
            switch step.action {
            case .awaitContainer, .checkContainer: return nil
            default: break
            }
            var host = example.host
            do {
                try host.apply(example.plan, skipping: [step.id])
            } catch {
                // Without it the engine refuses another one.
                return nil
            }
            let rest = Planner.plan(from: host.live, to: example.desired)
            return rest.isEmpty ? "step \(step.id) (\(step.action.name)) is spare" : nil
        }
    }

    private func repeatedOutages(_ example: LawExample) -> [String] {
        var ends: [String: Int] = [:]
        for step in example.plan.steps {
            switch step.action {
            case .stopContainer(.id(let id), _), .restartContainer(.id(let id), _): ends[id, default: 0] += 1
            // A container that the plan starts has read its files.
            case .startContainer(.id(let id)) where ends[id] == nil: ends[id] = 1
            default: break
            }
        }
        return ends.filter { $0.value > 1 }.map {
            "container \($0.key.prefix(12)) goes down \($0.value) times"
        }
    }

    private func disorder(_ plan: Plan) -> [String] {
        var result: [String] = []
        for (index, step) in plan.steps.enumerated() {
            guard step.id == index, step.after.allSatisfy({ $0 < index }) else {
                result.append("step \(index) waits for a later one")
                continue
            }
        }
        for (index, recreate) in plan.recreates.enumerated() {
            let create = plan.steps[recreate.createStep]
            guard create.recreate == index, create.action.name == "container.create" else {
                result.append("recreate \(index) of \(recreate.name) has no create")
                continue
            }
        }
        return result
    }
}

extension Action {
    /// The existing container that the action changes.
    var containerID: String? {
        switch self {
        case .connectNetwork(.id(let id), _, _), .disconnectNetwork(.id(let id), _),
            .updateContainer(.id(let id), _), .renameContainer(.id(let id), _), .startContainer(.id(let id)),
            .unpauseContainer(.id(let id)), .stopContainer(.id(let id), _), .restartContainer(.id(let id), _),
            .removeContainer(.id(let id), _), .discardContainer(.id(let id)):
            id
        default: nil
        }
    }
}
