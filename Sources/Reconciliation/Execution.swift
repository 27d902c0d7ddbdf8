import Planning

/// Where each step of a plan stands: a pure state machine that says what may run next.
///
/// It makes no call. The executor asks for ready steps, performs them, and reports what came of each.
struct Execution {
    enum StepState: Equatable {
        case waiting
        case running
        case succeeded
        case failed(reason: String)
        /// A step that it waits for failed.
        case skipped
    }

    private(set) var plan: Plan
    private(set) var states: [StepState]
    private var createdIDs: [Int: String] = [:]
    /// Positions of the recreates whose old container comes back.
    private(set) var rolledBack: Set<Int> = []
    /// Positions of the recreates that could not go on because of a failure elsewhere.
    private(set) var abandoned: Set<Int> = []
    private var isCancelled = false
    private var outdated: Set<Int> = []
    private var broken: Set<Int> = []
    /// Steps from here on bring old containers back.
    private var firstRollbackStep: Int?

    init(_ plan: Plan) {
        self.plan = plan
        states = Array(repeating: .waiting, count: plan.steps.count)
    }

    /// Whether no step runs and none can start any more.
    var isDone: Bool { states.allSatisfy { $0 != .waiting && $0 != .running } }

    var isIdle: Bool { !states.contains(.running) }

    /// Marks up to `limit` steps as running and answers them, in the plan's order.
    mutating func takeReady(limit: Int) -> [Plan.Step] {
        var ready: [Plan.Step] = []
        for step in plan.steps where states[step.id] == .waiting && ready.count < limit {
            guard step.after.allSatisfy({ states[$0] == .succeeded }) else { continue }
            states[step.id] = .running
            ready.append(step)
        }
        return ready
    }

    /// Records a success; `createdID` is the full id of a container that the step created.
    mutating func succeed(_ step: Int, createdID: String? = nil) {
        states[step] = .succeeded
        createdIDs[step] = createdID
        abandonSkipped()
    }

    /// Records a failure: dependants are skipped, and a failed recreate gets the steps of its rollback.
    ///
    /// `isOutdated`: live state is not as it was when the plan was made. `isBroken`: the container itself is at
    /// fault, so that the same revision would fail again.
    mutating func fail(_ step: Int, reason: String, isOutdated: Bool = false, isBroken: Bool = false) {
        states[step] = .failed(reason: reason)
        if isOutdated { outdated.insert(step) }
        if isBroken { broken.insert(step) }
        skipDependants()
        defer { abandonSkipped() }
        // Once the old container is to be removed, the new one has proved itself.
        if case .removeContainer = plan.steps[step].action { return }
        guard let index = plan.steps[step].recreate, rolledBack.insert(index).inserted else { return }
        bringBack(index)
    }

    /// Takes back what was made for recreates that cannot go on because a step outside of them failed.
    private mutating func abandonSkipped() {
        guard !isCancelled else { return }
        for index in plan.recreates.indices where !rolledBack.contains(index) && !abandoned.contains(index) {
            let members = plan.steps.filter { $0.recreate == index }.map { states[$0.id] }
            let isSettled = !members.contains(.running) && !members.contains(.waiting)
            guard members.contains(.skipped), isSettled else { continue }
            abandoned.insert(index)
            bringBack(index, cause: "what it waits for failed")
        }
    }

    private mutating func bringBack(_ index: Int, cause: String? = nil) {
        let attempted = Set(plan.steps.map(\.id).filter { states[$0] != .waiting && states[$0] != .skipped })
        let done = Set(plan.steps.map(\.id).filter { states[$0] == .succeeded })
        var steps = plan.rollback(
            ofRecreate: index, done: done, attempted: attempted, firstID: plan.steps.count)
        if let cause { for step in steps.indices { steps[step].cause = cause } }
        if firstRollbackStep == nil { firstRollbackStep = plan.steps.count }
        plan.steps += steps
        states += Array(repeating: .waiting, count: steps.count)
    }

    /// Gives up every step that has not started, except those that bring an old container back.
    mutating func cancelWaiting() {
        isCancelled = true
        let rollbackStart = firstRollbackStep ?? plan.steps.count
        for step in plan.steps where states[step.id] == .waiting && step.id < rollbackStart {
            guard !isInsideRecreate(step) else { continue }
            states[step.id] = .skipped
        }
        skipDependants()
    }

    /// The full id of the container that a step means; `nil` when the step that makes it did not run.
    func resolve(_ reference: ContainerReference) -> String? {
        switch reference {
        case .id(let id): id
        case .created(let step): createdIDs[step]
        }
    }

    /// The reasons for which steps failed, by party.
    var failures: [String: [(step: Plan.Step, reason: String)]] {
        var result: [String: [(step: Plan.Step, reason: String)]] = [:]
        for step in plan.steps {
            if case .failed(let reason) = states[step.id] {
                result[step.party, default: []].append((step, reason))
            }
        }
        return result
    }

    /// The parties with a step that waits for this one: at once, or also for others behind it.
    func parties(waitingFor step: Int, atOnce: Bool) -> Set<String> {
        var reached: Set<Int> = [step]
        var parties: Set<String> = [plan.steps[step].party]
        for other in plan.steps where !other.after.isDisjoint(with: reached) {
            parties.insert(other.party)
            if !atOnce { reached.insert(other.id) }
        }
        return parties
    }

    /// Parties that failed only because live state was not as it was when the plan was made.
    var outdatedParties: Set<String> {
        Set(failures.filter { $0.value.allSatisfy { outdated.contains($0.step.id) } }.keys)
    }

    /// Parties whose recreate failed because the new container does not run, so that the old one came back.
    var rolledBackParties: Set<String> {
        Set(rolledBack.map { plan.recreates[$0].party }).intersection(brokenParties)
    }

    /// Parties with a container that does not run, whatever the engine does.
    var brokenParties: Set<String> { Set(broken.map { plan.steps[$0].party }) }

    /// A recreate that has begun goes on to its end, so that a stop never leaves a service down.
    private func isInsideRecreate(_ step: Plan.Step) -> Bool {
        guard let index = step.recreate else { return false }
        return plan.steps.contains { other in
            guard other.recreate == index, case .renameContainer = other.action else { return false }
            return states[other.id] == .succeeded || states[other.id] == .running
        }
    }

    private mutating func skipDependants() {
        // Steps only wait for earlier ones, so one walk in order reaches all of them.
        for step in plan.steps where states[step.id] == .waiting {
            let isBlocked = step.after.contains { earlier in
                switch states[earlier] {
                case .failed, .skipped: true
                case .waiting, .running, .succeeded: false
                }
            }
            if isBlocked { states[step.id] = .skipped }
        }
    }
}
