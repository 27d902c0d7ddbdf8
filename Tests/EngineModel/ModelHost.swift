import DesiredState
package import Planning

/// A host with an engine, small enough to read: it carries out steps and refuses what the engine refuses.
package struct ModelHost {
    package var live: LiveState
    /// What a pull brings, by reference.
    package var registry: [String: LiveImage] = [:]
    /// Seconds since the start of 2026; each step takes one.
    package var clock: Int64 = 1
    /// Starts that gave a container a device which another running one had; an engine says nothing about it.
    package internal(set) var contested: [String] = []
    private var serial: UInt64 = 0

    package init(apiVersion: String = "1.41") {
        live = LiveState(engine: EngineIdentity(version: "model", apiVersion: apiVersion))
        for name in ["bridge", "host", "none"] {
            let id = makeID()
            live.networks[id] = LiveNetwork(id: id, spec: NetworkSpec(name: name))
        }
    }

    /// What the engine answers instead of doing it.
    package struct Refusal: Error, CustomStringConvertible {
        package let description: String
        package init(_ description: String) { self.description = description }
    }

    /// Carries out a plan in an order that its `after` sets allow.
    ///
    /// - Parameters:
    ///   - skipping: Steps that are left out, with everything that waits for them.
    ///   - limit: Steps after which the power fails.
    ///   - random: Chooses among the steps that are ready; without it they run in the plan's order.
    package mutating func apply(
        _ plan: Plan, skipping skipped: Set<Int> = [], limit: Int = .max, random: SeededRandom? = nil
    ) throws(Refusal) {
        owe(plan)
        finishRemovals()
        var random = random
        var waiting = plan.steps.filter { !skipped.contains($0.id) }
        var created: [Int: String] = [:]
        var done: Set<Int> = []
        while done.count < limit {
            let ready = waiting.indices.filter { waiting[$0].after.isSubset(of: done) }
            guard let index = random?.pick(ready) ?? ready.first else { return }
            let step = waiting.remove(at: index)
            do {
                created[step.id] = try perform(step.action, created)
            } catch {
                throw Refusal("\(step.party) \(step.action.name) \(step.object): \(error)")
            }
            done.insert(step.id)
        }
    }

    /// What the engine was removing when it was asked is gone soon after.
    private mutating func finishRemovals() {
        live.containers = live.containers.filter { $0.value.status != .removing }
    }

    package mutating func makeID() -> String {
        serial += 1
        var random = SeededRandom(seed: serial)
        let digits = (0..<4).map { _ in
            let part = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - part.count) + part
        }
        return digits.joined()
    }

    package static func nanoseconds(_ clock: Int64) -> Int64 { (1_767_225_600 + clock) * 1_000_000_000 }

    package static func timestamp(_ clock: Int64) -> String {
        let parts = [clock / 3600, clock / 60 % 60, clock % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "2026-01-01T\(parts.joined(separator: ":")).000000000Z"
    }

    package func container(named name: String) -> LiveContainer? {
        live.containers.values.first { $0.spec.name == name }
    }

    package func network(named name: String) -> LiveNetwork? {
        live.networks.values.first { $0.spec.name == name }
    }
}
