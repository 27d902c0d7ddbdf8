import DesiredState
import EngineModel
import Planning
import Testing

/// Config files of which each key has its own readers: a change disturbs those that read it, and nobody else.
struct KeyRuleTests {
    private static let path = "/data/1/confs/route.json"

    /// `web` reads `a` at its start, `db` reads `b`, everybody `c`; `d` is read anew each time, by `db` alone.
    private static let rules = [
        ConfigKeyRule(keys: [ConfigKeyPattern("a")], effect: .restart(services: ["web"]), readers: ["web"]),
        ConfigKeyRule(keys: [ConfigKeyPattern("b")], effect: .restart(services: ["db"]), readers: ["db"]),
        ConfigKeyRule(keys: [ConfigKeyPattern("d")], effect: .nothing, readers: ["db"]),
        ConfigKeyRule(keys: [ConfigKeyPattern("e")], effect: .reload(withinSeconds: 10)),
    ]

    private func deployment(mount: Bool = false) throws -> Deployment {
        var deployment = try Deployment(isDeployed: false)
        var file = FileSpec(
            path: Self.path, name: "app.json", content: Self.text(), format: .json,
            onChange: .restart(services: ["db", "web"]))
        file.rules = Self.rules
        deployment.desired.parties[0].files[0] = file
        if mount { deployment.web.mounts.insert(Mount(.bind, from: Self.path, to: "/etc/app.json")) }
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        return deployment
    }

    private static func text(a: Int = 1, b: Int = 1, c: Int = 1, d: Int = 1, e: Int = 1) -> [UInt8] {
        Array("{\"a\": {\"x\": \(a)}, \"b\": \(b), \"c\": \(c), \"d\": \(d), \"e\": \(e)}\n".utf8)
    }

    private func want(_ deployment: inout Deployment, _ content: [UInt8]) {
        deployment.host.clock += 10
        deployment.desired.parties[0].files[0].content = content
    }

    private func write(_ deployment: inout Deployment, _ content: [UInt8]) {
        deployment.host.clock += 10
        deployment.host.live.files[Self.path] = .file(
            content: content, mode: 0o644, modified: ModelHost.nanoseconds(deployment.host.clock))
    }

    /// What the program remembers when a party is as desired: which version each container runs with.
    private func settle(_ deployment: inout Deployment) throws {
        guard case .file(_, _, let modified)? = deployment.host.live.files[Self.path] else { return }
        for name in ["p1_web", "p1_db"] {
            let id = try deployment.id(of: name)
            deployment.host.live.readings[id] = [Self.path: .current]
            deployment.host.live.readVersions[id] = [Self.path: modified]
        }
    }

    private func restarted(_ plan: Plan) -> [String] {
        plan.steps.filter { $0.action.name == "container.restart" }.map(\.object)
    }

    @Test func onlyTheReadersOfTheChangedKeyRestart() throws {
        var deployment = try deployment()
        want(&deployment, Self.text(a: 2))
        #expect(
            deployment.plan.description == """
                1 file.write \(Self.path): content differs, restart of web; a.x 1 -> 2
                1 container.restart p1_web: app.json (a.x) changed
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        want(&deployment, Self.text(a: 2, b: 2))
        #expect(restarted(deployment.plan) == ["p1_db"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func severalKeysRestartTheirReadersInTheOrderOfTheFile() throws {
        var deployment = try deployment()
        want(&deployment, Self.text(a: 2, b: 2))
        #expect(restarted(deployment.plan) == ["p1_db", "p1_web"])
        #expect(deployment.plan.steps[0].cause == "content differs, restart of db, web")
    }

    @Test func aKeyThatNoRuleNamesNeedsWhatTheFileNeeds() throws {
        var deployment = try deployment()
        want(&deployment, Self.text(c: 2))
        #expect(restarted(deployment.plan) == ["p1_db", "p1_web"])
    }

    @Test func aKeyThatIsReadAnewNeedsNothing() throws {
        var deployment = try deployment()
        want(&deployment, Self.text(d: 2))
        #expect(
            deployment.plan.description
                == "1 file.write \(Self.path): content differs, needs nothing; d 1 -> 2")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        try settle(&deployment)
        want(&deployment, Self.text(d: 2, e: 2))
        #expect(deployment.plan.steps.map(\.cause) == ["content differs, in effect within 10 s"])
        #expect(deployment.plan.steps[0].disruption?.description == "takes effect within 10 s")
    }

    @Test func whereTheFirstRuleThatNamesAKeyHoldsALaterOneDoesNot() throws {
        var deployment = try deployment()
        deployment.desired.parties[0].files[0].rules.insert(
            ConfigKeyRule(keys: [ConfigKeyPattern("a.x")], effect: .nothing), at: 0)
        want(&deployment, Self.text(a: 2))
        #expect(restarted(deployment.plan) == [])
    }

    // MARK: What readers have read

    @Test func aCrashBetweenWriteAndRestartIsMadeUpForByTheRestartOfThatReaderAlone() throws {
        var deployment = try deployment()
        want(&deployment, Self.text(a: 2))
        try deployment.apply(limit: 1)
        #expect(deployment.plan.description == "1 container.restart p1_web: app.json changed")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    /// The file says `b: 2`, but `db` runs with `b: 1`: what stands in the file is not what was read.
    @Test func aVersionThatNobodyIsKnownToHaveReadRestartsEveryReader() throws {
        var deployment = try deployment()
        want(&deployment, Self.text(b: 2))
        write(&deployment, Self.text(a: 2, b: 2))
        #expect(restarted(deployment.plan) == ["p1_db", "p1_web"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func withoutMemoryAFileNewerThanItsReadersRestartsThemAll() throws {
        var deployment = try deployment()
        want(&deployment, Self.text(a: 2))
        try deployment.apply()
        deployment.host.live.readings = [:]
        deployment.host.live.readVersions = [:]
        #expect(deployment.plan.description == "1 container.restart p1_db: app.json changed")
    }

    @Test func aReaderThatIsKnownToRunWithAnOlderVersionLacksEverything() throws {
        var deployment = try deployment()
        let id = try deployment.id(of: "p1_db")
        deployment.host.live.readings[id] = [Self.path: .current]
        deployment.host.live.readVersions[id] = [Self.path: 7]
        want(&deployment, Self.text(a: 2))
        #expect(restarted(deployment.plan) == ["p1_db", "p1_web"])
    }

    // MARK: Mounts of the single file

    @Test func whoMountsTheSingleFileAndReadsNoneOfTheChangedKeysIsLeftAlone() throws {
        var deployment = try deployment(mount: true)
        want(&deployment, Self.text(d: 2))
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        try settle(&deployment)
        // It still sees the first version, and this time lacks a key that it reads.
        want(&deployment, Self.text(a: 2, d: 2))
        #expect(restarted(deployment.plan) == ["p1_web"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func whoMountsTheSingleFileRestartsForAKeyWhoseReadersAreNotKnown() throws {
        var deployment = try deployment(mount: true)
        want(&deployment, Self.text(e: 2))
        #expect(restarted(deployment.plan) == ["p1_web"])
    }

    // MARK: Services that restart with a reader

    @Test func whoRestartsWithAReaderDoesSoOnlyWhenThatOneRestarts() throws {
        var deployment = try deployment()
        deployment.desired.parties[0].services[0].restartsWith = ["db"]
        want(&deployment, Self.text(d: 2))
        #expect(restarted(deployment.plan) == [])
        want(&deployment, Self.text(b: 2))
        #expect(restarted(deployment.plan) == ["p1_db", "p1_web"])
        try deployment.apply(limit: 2)
        #expect(restarted(deployment.plan) == ["p1_web"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    // MARK: What waits for a person

    private func confirmed() throws -> Deployment {
        var deployment = try deployment()
        deployment.desired.parties[0].files[0].rules[0].confirmation = "ask somebody"
        return deployment
    }

    @Test func aChangeThatNeedsAPersonIsHeldWithTheReason() throws {
        var deployment = try confirmed()
        want(&deployment, Self.text(b: 2))
        #expect(deployment.plan.holds.isEmpty)
        want(&deployment, Self.text(a: 2, b: 2))
        #expect(deployment.plan.holds == ["1": ["app.json (a.x) changes: ask somebody"]])
        deployment.desired.waiting = ["1"]
        #expect(deployment.plan.isEmpty && deployment.plan.holds.isEmpty)
    }

    @Test func whatSomebodyWroteBehindTheBackOfFatesyncIsPutBackAtOnce() throws {
        var deployment = try confirmed()
        try settle(&deployment)
        write(&deployment, Self.text(a: 5))
        #expect(!deployment.plan.isEmpty && deployment.plan.holds.isEmpty)
        // Of one that may have read it nobody knows.
        deployment.host.live.readings = [:]
        deployment.host.live.readVersions = [:]
        #expect(!deployment.plan.holds.isEmpty)
    }

    @Test func aFileWithoutKeysIsHeldAsAWhole() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.desired.parties[0].files[0].onChange = .nothing
        deployment.desired.parties[0].files[0].readers = ["db"]
        deployment.desired.parties[0].files[0].confirmation = "run it as SQL"
        #expect(deployment.plan.holds.isEmpty)
        try deployment.apply()
        want(&deployment, Array("{\"x\": 1}\n".utf8))
        #expect(deployment.plan.holds == ["1": ["route.json changes: run it as SQL"]])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        try deployment.byHand("p1_db") { $0.status = .created }
        want(&deployment, Array("{\"x\": 2}\n".utf8))
        #expect(deployment.plan.holds.isEmpty)
    }

    @Test func aKeyWithASecretIsNotNamed() throws {
        var deployment = try confirmed()
        deployment.desired.parties[0].secrets = ["hush1", "a.x"]
        want(&deployment, Self.text(a: 2))
        #expect(deployment.plan.holds == ["1": ["app.json ((secret)) changes: ask somebody"]])
        deployment.desired.parties[0].files[0].isSecret = true
        #expect(deployment.plan.holds == ["1": ["app.json changes: ask somebody"]])
        #expect(deployment.plan.steps.map(\.cause).last == "app.json changed")
    }
}
