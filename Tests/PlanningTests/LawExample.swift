import DesiredState
import EngineModel
import Planning

/// A host that was deployed once, then drifted, was changed in git and perhaps lost power in a sync.
struct LawExample {
    let seed: UInt64
    var host: ModelHost
    var desired: DesiredHost
    let plan: Plan

    init(seed: UInt64) throws {
        self.seed = seed
        var source = RandomHost(seed: seed)
        var host = source.makeHost()
        if !source.random.oneIn(8) {
            try host.apply(Planner.plan(from: host.live, to: source.desired), random: source.random)
        }
        if source.random.oneIn(3) {
            for _ in 0..<3 { source.mutate() }
            let plan = Planner.plan(from: host.live, to: source.desired)
            let limit = Int.random(in: 0...plan.steps.count, using: &source.random)
            try host.apply(plan, limit: limit, random: source.random)
        }
        for _ in 0..<Int.random(in: 0...3, using: &source.random) { source.drift(&host) }
        for _ in 0..<Int.random(in: 0...3, using: &source.random) { source.mutate() }
        self.host = host
        desired = source.desired
        plan = Planner.plan(from: host.live, to: desired)
    }

    /// What a failure says, so that it can be repeated.
    func describe(_ what: String) -> String { "seed \(seed): \(what)\nplan:\n\(plan)" }

    /// The desired container of that name.
    func wanted(_ name: String) -> ContainerSpec? {
        desired.parties.flatMap(\.services).map(\.container).first { $0.name == name }
    }
}
