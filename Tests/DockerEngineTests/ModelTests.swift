import DesiredState
import EngineModel
import Foundation
import Planning
import Testing

@testable import DockerEngine

/// The model that the planner's laws are checked on, held against real engines.
///
/// A walk changes one host again and again: by hand and in git. Each round is a pair of live and desired state:
/// both sides have to show the same, to make the same plan of it, to take and refuse the same calls, and to show
/// the same again afterwards.
@Suite struct ModelTests {
    private static let images: Set = [
        "federatedai/client:1.5.1-release", "federatedai/eggroll:1.5.1-release", "mysql:8",
    ]

    @Test func theModelAgreesWithTheOldestEngine() async throws {
        let created = try await walks(9, rounds: 18, isStarting: false, on: .oldest)
        let started = try await walks(3, rounds: 4, isStarting: true, on: .oldest)
        #expect(created.pairs + started.pairs >= 170)
        #expect(created.refusals > 20 && started.refusals > 0)
    }

    @Test func theModelAgreesWithANewerEngine() async throws {
        let created = try await walks(2, rounds: 18, isStarting: false, on: .newer)
        let started = try await walks(2, rounds: 3, isStarting: true, on: .newer)
        #expect(created.pairs + started.pairs >= 40)
        #expect(created.refusals > 0)
    }

    private struct Tally: Sendable {
        var pairs = 0
        var actions = 0
        var refusals = 0
    }

    /// Two walks at a time: the engine takes most of the time.
    private func walks(
        _ count: UInt64, rounds: Int, isStarting: Bool, on engine: TestEngine.Version
    ) async throws -> Tally {
        let total = try await withThrowingTaskGroup(of: Tally.self) { group in
            for seed in 0..<count {
                group.addTask {
                    try Self.walk(seed: seed, rounds: rounds, isStarting: isStarting, on: engine)
                }
            }
            return try await group.reduce(into: Tally()) { total, walk in
                total.pairs += walk.pairs
                total.actions += walk.actions
                total.refusals += walk.refusals
            }
        }
        let kind = isStarting ? "started" : "created"
        print(
            "\(kind) containers: \(total.pairs) pairs, \(total.actions) calls, of which both sides refused "
                + "\(total.refusals)")
        return total
    }

    private static func walk(
        seed: UInt64, rounds: Int, isStarting: Bool, on engine: TestEngine.Version
    ) throws -> Tally {
        let lab = try Lab(engine)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(lab.host).path
        defer {
            lab.clean()
            try? FileManager.default.removeItem(atPath: folder)
        }
        let images = try lab.observe(images: Self.images).images
        try #require(images.count == Self.images.count)
        var place = Place()
        (place.host, place.prefix, place.folder, place.images) = (lab.host, lab.host + "-", folder, images)
        let second = Int(seed) * 4 + (isStarting ? 2 : 0)
        place.subnets = ("10.\(100 + second)", "10.\(101 + second)")
        place.firstPort = 20_000 + 5000 * Int(seed)
        if isStarting { place.process = ["sh", "-c", "sleep 1000"] }
        var source = RandomHost(seed: seed, in: place, parties: 1)
        var host = try Lockstep(lab: lab, isStarting: isStarting, images: images)
        var tally = Tally()
        for round in 0..<rounds {
            do {
                try host.round(&source, isFirst: round == 0)
            } catch {
                // What comes after a difference says nothing any more.
                Issue.record("\(isStarting ? "started" : "created") seed \(seed) round \(round): \(error)")
                break
            }
            tally.pairs += 1
        }
        tally.actions = host.actions
        tally.refusals = host.refusals.count
        return tally
    }
}

extension Lockstep {
    /// One pair: changes on both sides, the plan, its steps, and what is left of it.
    fileprivate mutating func round(_ source: inout RandomHost, isFirst: Bool) throws {
        if !isFirst {
            for _ in 0..<Int.random(in: 0...2, using: &source.random) {
                try byHand(&source.random, source.desired)
            }
            for _ in 0..<Int.random(in: 1...2, using: &source.random) { source.mutate() }
        }
        let plan = try agreedPlan(to: source.desired, "before")
        try carryOut(plan)
        let rest = try agreedPlan(to: source.desired, "after\n\(plan)\n")
        let left = rest.steps.filter { isStarting || !$0.action.isAboutRunning }
        guard left.isEmpty else { throw Disagreement(description: "left over:\n\(rest)\nafter\n\(plan)") }
    }

    /// The plan that the engine's state and the model's both lead to.
    private func agreedPlan(to desired: DesiredHost, _ when: String) throws -> Plan {
        let real = try observe()
        let found = differences(real)
        guard found.isEmpty else {
            throw Disagreement(description: "\(when): \(found.joined(separator: "\n"))")
        }
        let (left, right) = (
            Planner.plan(from: real, to: desired), Planner.plan(from: model.live, to: desired)
        )
        guard left.description == right.description, left.warnings == right.warnings else {
            throw Disagreement(description: "\(when): the plans differ:\n\(left)\nand in the model\n\(right)")
        }
        return right
    }
}
