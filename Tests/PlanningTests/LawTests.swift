import DesiredState
import EngineModel
import Foundation
import Planning
import Testing

/// The laws of a plan, over generated hosts.
///
/// A failure names the seed that repeats it.
struct LawTests {
    static let batches = Array(UInt64(0)..<16)
    /// More of them: `FATESYNC_LAW_CASES=1000 swift test --filter LawTests`.
    static let casesPerBatch =
        ProcessInfo.processInfo.environment["FATESYNC_LAW_CASES"].flatMap(UInt64.init) ?? 96

    /// A host that was deployed once, then drifted, was changed in git and perhaps lost power in a sync.
    struct Example {
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
            for _ in 0..<Int.random(in: 0...3, using: &source.random) { host.drift(&source.random) }
            for _ in 0..<Int.random(in: 0...3, using: &source.random) { source.mutate() }
            self.host = host
            desired = source.desired
            plan = Planner.plan(from: host.live, to: desired)
        }

        var comment: Comment { "seed \(seed)\n\(plan)" }
    }

    /// - Parameter stride: Takes every so many-th seed, where a law costs much.
    private func forEach(_ batch: UInt64, stride: UInt64 = 4, _ check: (Example) throws -> Void) {
        for number in 0..<Self.casesPerBatch where number % stride == batch % stride {
            let seed = batch * Self.casesPerBatch + number
            do {
                try check(try Example(seed: seed))
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
    }

    @Test(arguments: batches)
    func carryingOutThePlanInAnyAllowedOrderLeavesNothingToDo(batch: UInt64) {
        forEach(batch, stride: 1) { example in
            for order in 0..<2 {
                var host = example.host
                do {
                    try host.apply(example.plan, random: SeededRandom(seed: UInt64(order)))
                } catch {
                    Issue.record("\(error)\n\(example.comment)")
                    return
                }
                let rest = Planner.plan(from: host.live, to: example.desired)
                #expect(rest.isEmpty, "left over:\n\(rest)\nafter \(example.comment)")
            }
        }
    }

    @Test(arguments: batches)
    func noStepCanBeDropped(batch: UInt64) {
        forEach(batch, stride: 12) { example in
            for step in example.plan.steps {
                // Waits and checks only look; what they protect is the order of the others.
                switch step.action {
                case .awaitContainer, .checkContainer: continue
                default: break
                }
                var host = example.host
                try host.apply(example.plan, skipping: [step.id])
                let rest = Planner.plan(from: host.live, to: example.desired)
                #expect(!rest.isEmpty, "step \(step.id) (\(step.action.name)) is spare: \(example.comment)")
            }
        }
    }

    @Test(arguments: batches)
    func thePlanDoesNotDependOnTheOrderOfItsInputs(batch: UInt64) {
        forEach(batch) { example in
            var random = SeededRandom(seed: example.seed)
            let live = example.host.live.shuffled(&random)
            let again = Planner.plan(from: live, to: example.desired.shuffled(&random))
            #expect(again == example.plan, example.comment)
        }
    }

    @Test(arguments: batches)
    func containersThatThePlanDoesNotNameAreUntouched(batch: UInt64) {
        forEach(batch) { example in
            var host = example.host
            try host.apply(example.plan)
            let named = Set(example.plan.steps.compactMap(\.action.containerID))
            for (id, container) in example.host.live.containers
            where !named.contains(id) && container.status != .removing {
                #expect(host.live.containers[id] == container, "\(container.spec.name): \(example.comment)")
            }
        }
    }

    @Test(arguments: batches)
    func stepsWaitOnlyForEarlierSteps(batch: UInt64) {
        forEach(batch) { example in
            for (index, step) in example.plan.steps.enumerated() {
                #expect(step.id == index && step.after.allSatisfy { $0 < index }, example.comment)
            }
            for (index, recreate) in example.plan.recreates.enumerated() {
                let create = example.plan.steps[recreate.createStep]
                #expect(create.recreate == index && create.action.name == "container.create")
            }
        }
    }

    @Test(arguments: batches)
    func noRecreateCouldHaveBeenALowerRung(batch: UInt64) {
        forEach(batch) { example in
            for recreate in example.plan.recreates {
                var host = example.host
                let wanted = example.desired.parties.flatMap(\.services).map(\.container)
                    .first { $0.name == recreate.name }
                host.changeInPlace(recreate.oldID, to: try #require(wanted))
                let rest = Planner.plan(from: host.live, to: example.desired)
                #expect(rest.recreates.contains { $0.name == recreate.name }, example.comment)
            }
        }
    }

    @Test(arguments: batches)
    func noVolumeIsEverRemoved(batch: UInt64) {
        forEach(batch) { example in
            var host = example.host
            try host.apply(example.plan)
            #expect(Set(example.host.live.volumes.keys).isSubset(of: host.live.volumes.keys))
        }
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

extension LiveState {
    /// The same state with its dictionaries built in another order.
    fileprivate func shuffled(_ random: inout SeededRandom) -> LiveState {
        var copy = self
        copy.containers = containers.rebuilt(&random)
        copy.networks = networks.rebuilt(&random)
        copy.volumes = volumes.rebuilt(&random)
        copy.images = images.rebuilt(&random)
        copy.files = files.rebuilt(&random)
        return copy
    }
}

extension Dictionary where Key: Comparable {
    fileprivate func rebuilt(_ random: inout SeededRandom) -> Self {
        // The capacity decides the order in which a dictionary shows its entries.
        var copy = Dictionary(minimumCapacity: Int.random(in: count...4 * count + 1, using: &random))
        for (key, value) in shuffled(using: &random) { copy[key] = value }
        return copy
    }
}

extension DesiredHost {
    fileprivate func shuffled(_ random: inout SeededRandom) -> DesiredHost {
        var copy = self
        copy.parties.shuffle(using: &random)
        for index in copy.parties.indices {
            copy.parties[index].services.shuffle(using: &random)
            copy.parties[index].networks.shuffle(using: &random)
            copy.parties[index].volumes.shuffle(using: &random)
            copy.parties[index].directories.shuffle(using: &random)
            copy.parties[index].files.shuffle(using: &random)
            for service in copy.parties[index].services.indices {
                copy.parties[index].services[service].dependsOn.shuffle(using: &random)
            }
        }
        return copy
    }
}

extension ModelHost {
    /// Brings a container as near to its spec as everything below a recreate can; refusals change nothing.
    mutating func changeInPlace(_ id: String, to spec: ContainerSpec) {
        let update = ResourceUpdate(
            restart: spec.restart, memory: spec.memory,
            memorySwap: spec.memorySwap == 0 ? 2 * spec.memory : spec.memorySwap,
            nanoCPUs: spec.nanoCPUs, pidsLimit: spec.pidsLimit)
        let container = ContainerReference.id(id)
        var actions: [Action] = [
            .updateContainer(container, update), .unpauseContainer(container),
            .stopContainer(container, timeout: nil),
        ]
        actions += (live.containers[id]?.spec.networks.keys.sorted() ?? [])
            .map { .disconnectNetwork(container, network: $0) }
        actions += spec.networks.sorted { $0.key < $1.key }
            .map { .connectNetwork(container, network: $0.key, $0.value) }
        actions.append(.startContainer(container))
        for action in actions {
            // A refusal is the point: that rung does not reach.
            _ = try? perform(action)
        }
    }
}
