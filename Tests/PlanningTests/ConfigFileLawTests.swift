import DesiredState
import EngineModel
import Planning
import Testing

/// Laws for every way in which config files are mounted, read, changed in git and changed by hand.
struct ConfigFileLawTests {
    private static let runs: UInt64 = 300

    @Test func afterThePlanEveryFileIsSeenAndReadAsDesired() throws {
        try forEachExample { example in
            let plan = example.plan
            #expect(plan == example.plan)
            var done = example
            try done.apply()
            #expect(done.plan.isEmpty, "\(example.text)\nleaves\n\(done.plan)")
        }
    }

    @Test func noStepForFilesAndReadersCanBeLeftOut() throws {
        try forEachExample { example in
            for step in example.plan.steps where !example.makesUp(for: step) {
                var other = example
                try other.host.apply(example.plan, skipping: [step.id])
                #expect(!other.plan.isEmpty, "\(step.action.name) \(step.object) of\n\(example.text)")
            }
        }
    }

    @Test func aFileIsWrittenInPlaceOnlyWhereReplacingItDoesNotReachAContainer() throws {
        try forEachExample { example in
            for step in example.plan.steps {
                // Of another host's processes nothing shows.
                guard case .writeFile(let file, .inPlace) = step.action,
                    !example.host.live.processes.isEmpty
                else { continue }
                var plan = example.plan
                plan.steps[step.id].action = .writeFile(file, .rename)
                var other = example
                try other.host.apply(plan)
                #expect(!other.plan.isEmpty, "\(example.text)")
            }
        }
    }

    @Test func afterAPowerFailureTheNextPlanReachesTheSame() throws {
        try forEachExample { example in
            for limit in 0..<example.plan.steps.count {
                var other = example
                try other.apply(limit: limit)
                try other.apply()
                try other.apply()
                #expect(other.plan.isEmpty, "after \(limit) steps of\n\(example.text)")
            }
        }
    }

    private func forEachExample(_ body: (Deployment) throws -> Void) throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<Self.runs { try body(Self.example(&random)) }
    }

    // MARK: Examples

    private static let paths = ["/data/1/confs/app.conf", "/data/1/confs/route.json"]

    private static func example(_ random: inout SeededRandom) throws -> Deployment {
        var deployment = try Deployment(isDeployed: false)
        for index in 0..<2 {
            let text = random.oneIn(2) ? "{\"a\": 1, \"b\": 1}\n" : "{\"a\": 2, \"b\": 1}\n"
            deployment.desired.parties[0].files[index] = FileSpec(
                path: paths[index], name: "file\(index)", content: Array(text.utf8),
                format: random.oneIn(3) ? nil : .json, onChange: effect(&random))
            if random.oneIn(2) { deployment.desired.parties[0].files[index].rules = rules(&random) }
            if random.oneIn(2) {
                deployment.web.mounts.insert(Mount(.bind, from: paths[index], to: "/w\(index)"))
            }
            if random.oneIn(3) {
                deployment.db.mounts.insert(Mount(.bind, from: paths[index], to: "/d\(index)"))
            }
        }
        try deployment.apply()
        if random.oneIn(4) { deployment.host.live.processes = [:] }
        for _ in 0..<Int.random(in: 1...3, using: &random) { try change(&deployment, &random) }
        return deployment
    }

    private static func effect(_ random: inout SeededRandom) -> ChangeEffect {
        let services = random.pick([["web"], ["db"], ["web", "db"], ["db", "web"]]) ?? []
        return random.pick([
            .nothing, .reload(withinSeconds: 60), .restart(services: services),
            .reload(withinSeconds: 60, restartIfUnreadable: services), .signal(.hangup, services: services),
        ]) ?? .nothing
    }

    /// What single keys need, which reader knows which.
    private static func rules(_ random: inout SeededRandom) -> [ConfigKeyRule] {
        ["a", "b"].compactMap { key in
            guard !random.oneIn(3) else { return nil }
            let service = random.oneIn(2) ? "web" : "db"
            let effect = random.pick([ChangeEffect.nothing, .restart(services: [service])]) ?? .nothing
            return ConfigKeyRule(
                keys: [ConfigKeyPattern(key)], effect: effect, readers: random.oneIn(2) ? [service] : nil)
        }
    }

    /// A commit, or somebody's hand.
    private static func change(_ deployment: inout Deployment, _ random: inout SeededRandom) throws {
        let index = Int.random(in: 0..<2, using: &random)
        let path = paths[index]
        deployment.host.clock += 1
        let texts = [
            "{\"a\":3, \"b\": 1}", "{\"a\": 1, \"b\": 2 }", "{", "{\"b\": 1, \"a\": 2}\n", "{\"a\": 1}",
        ]
        let file = LiveFile.file(
            content: Array((random.pick(texts) ?? "").utf8), mode: random.oneIn(4) ? 0o600 : 0o644,
            modified: ModelHost.nanoseconds(deployment.host.clock))
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            let text = random.oneIn(2) ? "{\"a\": 5, \"b\": 1}\n" : "{\"a\": 1, \"b\": 7}\n"
            deployment.desired.parties[0].files[index].content = Array(text.utf8)
        case 1: deployment.desired.parties[0].files[index].mode = 0o600
        case 2: deployment.host.live.files[path] = file
        case 3: deployment.host.replace(path, with: file)
        case 4: deployment.host.replace(path, with: nil)
        case 5:
            let status = random.pick([LiveContainer.Status.exited, .paused, .restarting]) ?? .exited
            try deployment.byHand(random.oneIn(2) ? "p1_web" : "p1_db") { $0.status = status }
        default: deployment.web.environment["ROUND"] = "1"
        }
    }
}

extension Deployment {
    fileprivate var text: String {
        let files = desired.parties[0].files.map { "\($0.name) \($0.onChange)" }
        return (files + [plan.description]).joined(separator: "\n")
    }

    /// Whether a lack of the step does not show: a wait, and a restart of which only the memory of the program
    /// knows, because the reader gave up or its mounts cannot be looked at.
    fileprivate func makesUp(for step: Plan.Step) -> Bool {
        switch step.action {
        case .awaitContainer, .checkContainer: true
        case .restartContainer:
            step.cause.contains("could not be read")
                || (step.cause.contains("is mounted singly") && host.live.processes.isEmpty)
        default: false
        }
    }
}
