import DesiredState
import EngineModel
import Planning
import Testing

/// Config files that several programs write, and the ways in which containers see them.
struct ConfigFileTests {
    private static let path = "/data/1/confs/route.json"
    private static let table = "{\n  \"route_table\": {\n    \"1\": 5\n  }\n}\n"

    /// The deployment with a file of a known format, mounted singly if `mount` says so.
    private func deployment(_ effect: ChangeEffect, mount: Bool = false) throws -> Deployment {
        var deployment = try Deployment(isDeployed: false)
        deployment.desired.parties[0].files[0] = FileSpec(
            path: Self.path, name: "route.json", content: Array(Self.table.utf8), format: .json,
            onChange: effect, requiredMaps: ["route_table"])
        if mount { deployment.web.mounts.insert(Mount(.bind, from: Self.path, to: "/etc/route.json")) }
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        return deployment
    }

    private func edit(_ deployment: inout Deployment, _ text: String?) {
        deployment.host.clock += 1
        deployment.host.live.files[Self.path] = text.map {
            .file(
                content: Array($0.utf8), mode: 0o644, modified: ModelHost.nanoseconds(deployment.host.clock))
        }
    }

    private func want(_ deployment: inout Deployment, _ text: String) {
        deployment.desired.parties[0].files[0].content = Array(text.utf8)
    }

    private func remember(_ deployment: inout Deployment, _ reading: FileReading) throws {
        deployment.host.live.readings[try deployment.id(of: "p1_web")] = [Self.path: reading]
    }

    private func method(_ plan: Plan) -> WriteMethod? {
        for step in plan.steps { if case .writeFile(_, let method) = step.action { return method } }
        return nil
    }

    // MARK: Meaning

    @Test func aFileOfAnotherLayoutIsNeitherWrittenNorARestart() throws {
        var deployment = try deployment(.restart(services: ["web"]))
        try remember(&deployment, .current)
        edit(&deployment, #"{"route_table":{"1":5}}"#)
        #expect(deployment.plan.isEmpty)
        edit(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(
            deployment.plan.description == """
                1 file.write /data/1/confs/route.json: content differs, restart of web; route_table.1 6 -> 5
                1 container.restart p1_web: route.json changed
                """)
    }

    @Test func aSecretIsShownByNoKey() throws {
        var deployment = try deployment(.nothing)
        edit(&deployment, #"{"route_table":{}, "a": "hush1", "hush1": 1}"#)
        let changes = try #require(deployment.plan.steps.first).changes
        #expect(changes.count == 4)
        #expect(!"\(changes)".contains("hush1"))
    }

    @Test func ofManyKeysOnlyTheFirstAreShown() throws {
        var deployment = try deployment(.nothing)
        let keys = (100..<130).map { "\"\($0)\": 1" }.joined(separator: ", ")
        want(&deployment, "{\"route_table\": {\"1\": 5, \(keys)}}")
        let changes = try #require(deployment.plan.steps.first).changes
        #expect(changes.count == 21)
        #expect(changes.first == FieldChange("route_table.100", "-", "1"))
        #expect(changes.last == FieldChange("keys", "-", "and 10 more"))
    }

    // MARK: Readers that give up

    @Test(arguments: ["{", "{}", nil])
    func aFileThatItsReaderCouldNotReadIsRepairedAndTheReaderRestarted(text: String?) throws {
        var deployment = try deployment(.reload(withinSeconds: 60, restartIfUnreadable: ["web"]))
        edit(&deployment, text)
        let plan = deployment.plan
        #expect(plan.steps.map(\.action.name) == ["file.write", "container.restart"])
        #expect(plan.steps[1].object == "p1_web")
        #expect(plan.steps[1].cause == "route.json could not be read")
        #expect(plan.steps[1].after == [0])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aReadableFileOfSuchAReaderIsOnlyWritten() throws {
        var deployment = try deployment(.reload(withinSeconds: 60, restartIfUnreadable: ["web"]))
        edit(&deployment, #"{"route_table":{}}"#)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
    }

    @Test func aRepairThatACrashCutShortIsRemembered() throws {
        var deployment = try deployment(.reload(withinSeconds: 60, restartIfUnreadable: ["web"]))
        edit(&deployment, "{")
        try remember(&deployment, .owed)
        try deployment.apply(limit: 1)
        #expect(
            deployment.plan.description == "1 container.restart p1_web: route.json could not be read")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func whatAReaderWouldNeverForgetIsForgottenByAStart() throws {
        var deployment = try deployment(.reload(withinSeconds: 5, restartIfUnreadable: ["web"]))
        deployment.desired.parties[0].files[0].readersKeepRemovedKeys = true
        want(&deployment, #"{"route_table":{"1":6},"9998":{}}"#)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
        try deployment.apply()
        want(&deployment, #"{"route_table":{"1":6}}"#)
        let plan = deployment.plan
        try #require(plan.steps.map(\.action.name) == ["file.write", "container.restart"])
        #expect(plan.steps[1].cause == "route.json lost an entry that its reader keeps")
        try remember(&deployment, .owed)
        try deployment.apply(limit: 1)
        #expect(deployment.plan.steps.map(\.action.name) == ["container.restart"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    // MARK: Mounts of single files

    @Test(arguments: [ChangeEffect.nothing, .reload(withinSeconds: 60)])
    func aFileMountedSinglyWhoseReaderRereadsItIsWrittenInPlace(effect: ChangeEffect) throws {
        var deployment = try deployment(effect, mount: true)
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
        #expect(method(deployment.plan) == .inPlace)
        #expect(deployment.plan.description.contains(", written in place; "))
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func withoutAMountOfTheSingleFileItIsReplacedAtOnce() throws {
        var deployment = try deployment(.reload(withinSeconds: 60))
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(method(deployment.plan) == .rename)
    }

    @Test func aFileWhoseReadersRestartIsReplacedAndWhoMountsItSinglyRestartsToo() throws {
        var deployment = try deployment(.restart(services: ["db"]), mount: true)
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(method(deployment.plan) == .rename)
        #expect(
            deployment.plan.steps.dropFirst().map { "\($0.object): \($0.cause)" } == [
                "p1_db: route.json changed", "p1_web: route.json is mounted singly",
            ])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    /// Half a file, seen for a moment, would end the rereading for good.
    @Test func aReaderThatGivesUpNeverSeesAFileBeingWritten() throws {
        var deployment = try deployment(
            .reload(withinSeconds: 60, restartIfUnreadable: ["web"]), mount: true)
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(method(deployment.plan) == .rename)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write", "container.restart"])
    }

    @Test func aContainerThatSeesAReplacedFileIsRestartedWithoutAWrite() throws {
        var deployment = try deployment(.nothing, mount: true)
        let current = deployment.host.live.files[Self.path]
        deployment.host.replace(Self.path, with: .file(content: [1], mode: 0o644, modified: 0))
        deployment.host.replace(Self.path, with: current)
        // With equal content behind the mount nothing has to happen.
        #expect(deployment.plan.isEmpty)
        let id = try deployment.id(of: "p1_web")
        deployment.host.live.processes[id]?.mounts["/etc/route.json"] = .detached(
            .file(content: Array("{}".utf8), mode: 0o644, modified: 0))
        #expect(
            deployment.plan.description
                == "1 container.restart p1_web: route.json was replaced behind the mount")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func whereMountsCannotBeLookedAtARestartThatACrashPreventedIsRemembered() throws {
        var deployment = try deployment(.restart(services: ["db"]), mount: true)
        deployment.host.live.processes = [:]
        #expect(deployment.plan.isEmpty)
        try remember(&deployment, .owed)
        #expect(deployment.plan.description == "1 container.restart p1_web: route.json is mounted singly")
    }

    @Test func whatIsSeenBehindAReplacedFileIsNotReachedByWritingInPlace() throws {
        var deployment = try deployment(.nothing, mount: true)
        deployment.host.replace(Self.path, with: deployment.host.live.files[Self.path])
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write", "container.restart"])
        #expect(method(deployment.plan) == .rename)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aMountedDirectoryThatWasReplacedIsMendedByARestart() throws {
        var deployment = try Deployment()
        let id = try deployment.id(of: "p1_web")
        deployment.host.live.processes[id]?.mounts["/confs"] = .detached(.directory)
        #expect(
            deployment.plan.description
                == "1 container.restart p1_web: /data/1/confs was replaced behind the mount")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aBoundVolumeThatWasReplacedIsMendedByARestartOnlyIfNobodyElseHoldsIt() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.desired.parties[0].volumes.append(
            VolumeSpec(
                name: "confs", driverOptions: ["type": "none", "o": "bind", "device": "/data/1/confs"],
                labels: [Labels.host: "demo", Labels.party: "1"]))
        deployment.web.mounts = [Mount(.volume, from: "confs", to: "/confs")]
        try deployment.apply()
        let id = try deployment.id(of: "p1_web")
        deployment.host.live.processes[id]?.mounts["/confs"] = .detached(.directory)
        #expect(deployment.plan.steps.map(\.action.name) == ["container.restart"])
        try deployment.byHand("p1_db") { $0.spec.mounts.insert(Mount(.volume, from: "confs", to: "/c")) }
        deployment.db.mounts.insert(Mount(.volume, from: "confs", to: "/c"))
        #expect(deployment.plan.isEmpty)
        #expect(deployment.plan.warnings.map(\.object) == ["confs"])
    }

    // MARK: Signals

    @Test func aSignalFollowsTheWriteAndIsNotRepeated() throws {
        var deployment = try deployment(.signal(.hangup, services: ["web"]))
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(
            deployment.plan.description == """
                1 file.write /data/1/confs/route.json: content differs; route_table.1 5 -> 6
                1 container.signal p1_web: route.json changed, SIGHUP
                """)
        #expect(deployment.plan.steps[1].after == [0])
        #expect(deployment.plan.steps[1].rung == .signal)
        let before = deployment.host.live.containers
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        #expect(deployment.host.live.containers == before)
    }

    @Test func aSignalThatACrashPreventedIsSentByTheNextPass() throws {
        var deployment = try deployment(.signal(.user1, services: ["web"]))
        want(&deployment, #"{"route_table":{"1":6}}"#)
        try deployment.apply(limit: 1)
        #expect(deployment.plan.description == "1 container.signal p1_web: route.json changed, SIGUSR1")
    }

    @Test func aSignalledReaderOfTheSingleFileFindsItWrittenInPlace() throws {
        var deployment = try deployment(.signal(.hangup, services: ["web"]), mount: true)
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(method(deployment.plan) == .inPlace)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write", "container.signal"])
    }

    @Test func aProcessOfAnotherHostIsRestartedInsteadOfSignalled() throws {
        var deployment = try deployment(.signal(.hangup, services: ["web"]))
        deployment.host.live.processes = [:]
        want(&deployment, #"{"route_table":{"1":6}}"#)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write", "container.restart"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aContainerThatRestartsAnywayIsNotSignalled() throws {
        var deployment = try deployment(.signal(.hangup, services: ["web"]))
        want(&deployment, #"{"route_table":{"1":6}}"#)
        deployment.desired.parties[0].files[1].content = Array("mode=2\n".utf8)
        #expect(
            deployment.plan.steps.map(\.action.name) == ["file.write", "file.write", "container.restart"])
    }
}
