import DesiredState

/// Collects the steps of a plan and remembers which step makes what, so that later steps can wait for it.
struct PlanBuilder {
    private(set) var plan = Plan()
    /// Step that makes a directory, image, network or volume.
    private var makers: [Need: Int] = [:]
    /// Starts of other services that a recreate waits for before it stops the old container, by recreate.
    private var dependencies: [Int: Set<Int>] = [:]
    let mask: SecretMask

    init(mask: SecretMask) { self.mask = mask }

    /// What a step may wait for, apart from other steps by id.
    enum Need: Hashable {
        case directory(String)
        case file(String)
        case image(String)
        case network(String)
        case volume(String)
    }

    mutating func add(
        _ action: Action, of object: String, party: String, rung: Rung, cause: String,
        changes: [FieldChange] = [], after: Set<Int> = [], needs: [Need] = [], makes: Need? = nil,
        recreate: Int? = nil
    ) -> Int {
        let id = plan.steps.count
        plan.steps.append(
            Plan.Step(
                id: id, party: party, action: action, object: object, changes: changes.map(mask.masking),
                cause: cause, rung: rung, after: after.union(needs.compactMap { makers[$0] }),
                recreate: recreate))
        if let makes { makers[makes] = id }
        return id
    }

    mutating func add(_ recreate: Plan.Recreate, dependencies starts: Set<Int>) -> Int {
        plan.recreates.append(recreate)
        dependencies[plan.recreates.count - 1] = starts
        return plan.recreates.count - 1
    }

    mutating func setCreateStep(_ step: Int, ofRecreate index: Int) {
        plan.recreates[index].createStep = step
    }

    mutating func warn(_ warning: PlanWarning) {
        var warning = warning
        warning.changes = warning.changes.map(mask.masking)
        plan.warnings.append(warning)
    }

    /// Leaves a service as it is, which keeps its party from being as desired.
    mutating func hold(back service: String, of party: String, because reason: String) {
        plan.unreached.insert(party)
        warn(PlanWarning(party: party, object: service, message: "stays as it is, because \(reason)"))
    }

    mutating func setDisruption(_ disruption: Disruption, ofStep step: Int) {
        plan.steps[step].disruption = disruption
    }

    mutating func setWriteMethod(_ method: WriteMethod, ofStep step: Int) {
        guard case .writeFile(let file, let previous) = plan.steps[step].action, previous != method else {
            return
        }
        plan.steps[step].action = .writeFile(file, method)
        if method == .inPlace { plan.steps[step].cause += ", written in place" }
    }

    mutating func addToCause(_ text: String, ofStep step: Int) { plan.steps[step].cause += text }

    mutating func spare(_ container: String, _ path: String) {
        plan.unaffected[container, default: []].append(path)
    }

    mutating func hold(_ reason: String) { plan.held = reason }

    mutating func hold(_ party: String, _ reason: String) { plan.holds[party, default: []].append(reason) }

    mutating func refuse(_ party: String, _ reason: String) {
        if plan.refusals[party]?.contains(reason) != true { plan.refusals[party, default: []].append(reason) }
    }

    mutating func postpone(_ entry: Plan.Postponed) { plan.postponed.append(entry) }

    mutating func ask(about container: String) { plan.unread.insert(container) }

    func maker(of need: Need) -> Int? { makers[need] }

    /// Lets a step wait for another one, which may come later in the plan until `finish` sorts it.
    ///
    /// A recreate stops its old container only when the services that it depends on have started. Where one
    /// of those waits for that very stop, the recreate waits for them with its own start instead.
    mutating func wait(_ step: Int, for other: Int) {
        if isReachable(step, from: other), let index = plan.steps[other].recreate {
            let starts = dependencies[index] ?? []
            for member in plan.steps where member.recreate == index {
                guard case .startContainer = member.action else {
                    plan.steps[member.id].after.subtract(starts)
                    continue
                }
                plan.steps[member.id].after.formUnion(starts)
            }
        }
        plan.steps[step].after.insert(other)
    }

    /// Whether `start` waits for `step`, be it through others.
    func isReachable(_ step: Int, from start: Int) -> Bool {
        var waiting = [start]
        var seen: Set<Int> = []
        while let next = waiting.popLast() {
            if next == step { return true }
            if seen.insert(next).inserted { waiting += plan.steps[next].after }
        }
        return false
    }

    /// Sorts the steps so that each comes after those that it waits for, and numbers them in that order.
    ///
    /// Of the steps that wait for nothing any more the one that was planned first comes first.
    mutating func finish() {
        guard plan.steps.contains(where: { step in step.after.contains { $0 >= step.id } }) else { return }
        var missing = plan.steps.map(\.after.count)
        var dependants: [Int: [Int]] = [:]
        for step in plan.steps {
            for other in step.after { dependants[other, default: []].append(step.id) }
        }
        var waiting = Set(plan.steps.indices)
        var ready = Set(waiting.filter { missing[$0] == 0 })
        var places: [Int: Int] = [:]
        var sorted: [Plan.Step] = []
        // Nothing is made to wait for what waits for it, so there is no cycle; here it only must not loop.
        while let next = ready.min() ?? waiting.min() {
            ready.remove(next)
            waiting.remove(next)
            places[next] = sorted.count
            sorted.append(plan.steps[next])
            for dependant in dependants[next] ?? [] where waiting.contains(dependant) {
                missing[dependant] -= 1
                if missing[dependant] == 0 { ready.insert(dependant) }
            }
        }
        plan.steps = sorted.map { $0.renumbered(by: places) }
        for index in plan.recreates.indices {
            plan.recreates[index].createStep = places[plan.recreates[index].createStep] ?? -1
        }
    }
}

extension Plan.Step {
    fileprivate func renumbered(by places: [Int: Int]) -> Self {
        var step = self
        step.id = places[id] ?? id
        step.after = Set(after.compactMap { places[$0] }.filter { $0 < step.id })
        step.action = action.mapReference { reference in
            guard case .created(let maker) = reference else { return reference }
            return .created(byStep: places[maker] ?? maker)
        }
        return step
    }
}

extension Action {
    fileprivate func mapReference(_ map: (ContainerReference) -> ContainerReference) -> Action {
        switch self {
        case .makeDirectory, .writeFile, .pullImage, .createNetwork, .removeNetwork, .createVolume,
            .createContainer:
            self
        case .connectNetwork(let container, let network, let endpoint):
            .connectNetwork(map(container), network: network, endpoint)
        case .disconnectNetwork(let container, let network):
            .disconnectNetwork(map(container), network: network)
        case .updateContainer(let container, let update): .updateContainer(map(container), update)
        case .renameContainer(let container, let name): .renameContainer(map(container), to: name)
        case .startContainer(let container): .startContainer(map(container))
        case .checkContainer(let container, let ports): .checkContainer(map(container), ports: ports)
        case .awaitContainer(let container, let readiness): .awaitContainer(map(container), readiness)
        case .unpauseContainer(let container): .unpauseContainer(map(container))
        case .signalContainer(let container, let delivery): .signalContainer(map(container), delivery)
        case .stopContainer(let container, let timeout): .stopContainer(map(container), timeout: timeout)
        case .restartContainer(let container, let timeout):
            .restartContainer(map(container), timeout: timeout)
        case .removeContainer(let container, let force): .removeContainer(map(container), force: force)
        case .discardContainer(let container): .discardContainer(map(container))
        }
    }
}
