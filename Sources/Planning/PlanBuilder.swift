import DesiredState

/// Collects the steps of a plan and remembers which step makes what, so that later steps can wait for it.
struct PlanBuilder {
    private(set) var plan = Plan()
    private var steps: [Plan.Step] { plan.steps }
    /// Step that makes a directory, file, image, network or volume, by `kind name`.
    private var makers: [String: Int] = [:]

    /// What a step may wait for, apart from other steps by id.
    enum Need: Hashable {
        case directory(String)
        case image(String)
        case network(String)
        case volume(String)

        var key: String {
            switch self {
            case .directory(let path): "directory \(path)"
            case .image(let reference): "image \(reference)"
            case .network(let name): "network \(name)"
            case .volume(let name): "volume \(name)"
            }
        }
    }

    mutating func add(
        _ action: Action, of object: String, party: String, rung: Rung, cause: String,
        changes: [FieldChange] = [], after: Set<Int> = [], needs: [Need] = [], makes: Need? = nil,
        recreate: Int? = nil
    ) -> Int {
        let id = plan.steps.count
        let waits = after.union(needs.compactMap { makers[$0.key] })
        plan.steps.append(
            Plan.Step(
                id: id, party: party, action: action, object: object, changes: changes, cause: cause,
                rung: rung, after: waits, recreate: recreate))
        if let makes { makers[makes.key] = id }
        return id
    }

    mutating func add(_ recreate: Plan.Recreate) -> Int {
        plan.recreates.append(recreate)
        return plan.recreates.count - 1
    }

    mutating func setCreateStep(_ step: Int, ofRecreate index: Int) {
        plan.recreates[index].createStep = step
    }

    mutating func warn(_ warning: PlanWarning) { plan.warnings.append(warning) }

    mutating func hold(_ reason: String) { plan.held = reason }

    func maker(of need: Need) -> Int? { makers[need.key] }
}
