import DesiredState
import EngineModel
import Foundation
import Planning

/// All laws over generated hosts, made once for all tests, on every core.
struct LawSurvey: Sendable {
    /// `FATESYNC_LAW_CASES=100000 swift test --filter LawTests` for more of them.
    static let cases =
        ProcessInfo.processInfo.environment["FATESYNC_LAW_CASES"].flatMap(UInt64.init) ?? 10_000
    private static let batchSize: UInt64 = 50

    /// Examples that each law was checked on.
    var checked: [Law: Int] = [:]
    var violations: [Law: [String]] = [:]
    /// How often something occurred in a plan or in live state before it.
    var coverage: [String: Int] = [:]

    static let shared = Task { await survey() }

    private static func survey() async -> LawSurvey {
        await withTaskGroup(of: LawSurvey.self) { group in
            for first in stride(from: 0, to: cases, by: Int(batchSize)) {
                group.addTask { batch(first..<min(first + batchSize, cases)) }
            }
            return await group.reduce(into: LawSurvey()) { $0.add($1) }
        }
    }

    private static func batch(_ seeds: Range<UInt64>) -> LawSurvey {
        var result = LawSurvey()
        for seed in seeds {
            do {
                result.check(try LawExample(seed: seed))
            } catch {
                // A plan that the engine refuses while the example is made.
                result.violations[.nothingIsLeftToDo, default: []].append("seed \(seed): \(error)")
            }
        }
        return result
    }

    private mutating func check(_ example: LawExample) {
        note(example)
        var host = example.host
        do {
            // Odd examples in the plan's own order, the others in one that its steps allow.
            try host.apply(
                example.plan,
                random: example.seed % 2 == 0 ? SeededRandom(seed: example.seed) : nil)
        } catch {
            violations[.nothingIsLeftToDo, default: []].append(example.describe("\(error)"))
            return
        }
        for law in Law.allCases where example.seed % law.stride == 0 {
            checked[law, default: 0] += 1
            violations[law, default: []] += law.violations(example, after: host).map(example.describe)
        }
    }

    private mutating func note(_ example: LawExample) {
        func count(_ what: String) { coverage[what, default: 0] += 1 }
        for step in example.plan.steps {
            count("action \(step.action.name)")
            count("rung \(step.rung.name)")
            for change in step.changes { count("field \(change.field.prefix { $0 != "." })") }
            if let effect = step.disruption?.effect { count("disruption \(effect)") }
        }
        for container in example.host.live.containers.values {
            count("container \(container.status)")
            let name = container.spec.name
            if name == PlanNames.next(PlanNames.lasting(name) ?? "") { count("leftover .next") }
            if name == PlanNames.old(PlanNames.lasting(name) ?? "") { count("leftover .old") }
        }
        for file in example.desired.parties.flatMap(\.files) {
            switch file.onChange {
            case .nothing: count("file for nobody")
            case .reload: count("file that is reloaded")
            case .signal: count("file that needs a signal")
            case .restart: count("file that needs a restart")
            }
        }
        if example.plan.isEmpty { count("plan empty") }
        if example.plan.held != nil { count("plan held") }
        if !example.plan.warnings.isEmpty { count("plan with a warning") }
    }

    private mutating func add(_ other: LawSurvey) {
        checked.merge(other.checked, uniquingKeysWith: +)
        violations.merge(other.violations, uniquingKeysWith: +)
        coverage.merge(other.coverage, uniquingKeysWith: +)
    }
}
