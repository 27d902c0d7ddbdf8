import DesiredState
import Testing

@testable import Planning
@testable import Reconciliation

/// What is remembered of containers and the files that they read.
@Suite struct ReaderMemoryTests {
    private static let id = String(repeating: "a", count: 64)
    private static let process = ProcessIdentity(pid: 7, startTime: 9)

    private func live(startedAt: String = "2026-01-01T00:00:00Z") -> LiveState {
        var live = LiveState(engine: EngineIdentity(version: "20.10.24", apiVersion: "1.41"))
        live.containers = [
            Self.id: LiveContainer(
                id: Self.id, spec: ContainerSpec(name: "p_web", image: "i"), imageID: "sha256:1",
                status: .running, pid: 7, startedAt: startedAt)
        ]
        return live
    }

    private var party: PartyResources {
        var party = PartyResources(party: "1", project: "p")
        party.services = [ServiceSpec(name: "web", container: ContainerSpec(name: "p_web", image: "i"))]
        party.files = [
            FileSpec(path: "/a", name: "a", content: [], onChange: .signal(.hangup, services: ["web"])),
            FileSpec(path: "/b", name: "b", content: [], onChange: .restart(services: ["web"])),
            FileSpec(path: "/c", name: "c", content: [], onChange: .restart(services: ["db"])),
        ]
        return party
    }

    private func plan(_ action: Action) -> Plan {
        var plan = Plan()
        plan.steps = [
            Plan.Step(
                id: 0, party: "1", action: action, object: "p_web", changes: [], cause: "", rung: .signal,
                after: [])
        ]
        return plan
    }

    private var signal: Plan {
        plan(
            .signalContainer(
                .id(Self.id), SignalDelivery(signal: .hangup, process: Self.process, files: ["/a"])))
    }

    @Test func whatRunsAsDesiredHasReadTheFilesThatNameIt() {
        var state = HostState()
        state.settle([party], live())
        #expect(state.readings(of: live().containers) == [Self.id: ["/a": .current, "/b": .current]])
    }

    @Test func aRestartThatJobsPutOffIsOwedForTheFilesThatAreMendedMeanwhile() {
        var party = party
        let table = FileSpec(
            path: "/t", name: "t", content: [],
            onChange: .reload(withinSeconds: 60, restartIfUnreadable: ["web"]))
        party.files.append(table)
        var plan = plan(.writeFile(table, .rename))
        plan.postponed = [
            Plan.Postponed(party: "1", containerID: Self.id, object: "p_web", action: "restart", cause: "")
        ]
        let desired = DesiredHost(host: "h", parties: [party])
        var state = HostState()
        state.owe(plan, desired, live())
        #expect(state.readings(of: live().containers) == [Self.id: ["/t": .owed]])
        plan.steps = []
        state = HostState()
        state.owe(plan, desired, live())
        #expect(state.readings(of: live().containers).isEmpty)
    }

    @Test func afterAnotherStartNothingIsKnown() {
        var state = HostState()
        state.settle([party], live())
        let later = live(startedAt: "2026-01-01T00:00:01Z")
        #expect(state.readings(of: later.containers).isEmpty)
        state.settle([], later)
        #expect(state == HostState())
    }

    @Test func aSignalIsOwedUntilItIsDelivered() {
        var state = HostState()
        let desired = DesiredHost(host: "demo", parties: [party])
        state.settle([party], live())
        state.owe(signal, desired, live())
        #expect(state.readings(of: live().containers) == [Self.id: ["/a": .owed, "/b": .current]])
        var execution = Execution(signal)
        state.deliver(execution, live())
        #expect(state.readings(of: live().containers)[Self.id]?["/a"] == .owed)
        _ = execution.takeReady(limit: 1)
        execution.succeed(0)
        state.deliver(execution, live())
        #expect(state.readings(of: live().containers)[Self.id]?["/a"] == .current)
    }

    @Test func aRestartIsOwedForTheFilesThatNameTheService() {
        var state = HostState()
        state.owe(
            plan(.restartContainer(.id(Self.id), timeout: nil)),
            DesiredHost(host: "demo", parties: [party]), live())
        #expect(state.readings(of: live().containers) == [Self.id: ["/a": .owed, "/b": .owed]])
    }

    @Test(arguments: [nil, "{\"route_table\": {", "{}"])
    func aFileThatWasOnceSeenBrokenIsRememberedUntilTheNextStart(text: String?) throws {
        let path = "/route_table.json"
        var party = party
        party.files = [
            FileSpec(
                path: path, name: "route_table.json", content: Array(#"{"route_table": {"1": 5}}"#.utf8),
                format: .json, onChange: .reload(withinSeconds: 60, restartIfUnreadable: ["web"]),
                requiredMaps: ["route_table"])
        ]
        var live = live()
        live.files[path] = text.map { .file(content: Array($0.utf8), mode: 0o644, modified: 0) }
        let directory = try TemporaryDirectory()
        var state = HostState()
        state.suspect([party], live)
        try state.write(directory.path + "/parties.json")

        // Another process of fatesync, after somebody else has mended the file.
        state = try HostState.read(directory.path + "/parties.json")
        live.files[path] = .file(content: party.files[0].content, mode: 0o644, modified: 0)
        live.readings = state.readings(of: live.containers)
        #expect(live.readings == [Self.id: [path: .owed]])
        state.suspect([party], live)
        #expect(state.readings(of: live.containers) == live.readings)
        let later = self.live(startedAt: "2026-01-01T00:00:01Z")
        #expect(state.readings(of: later.containers).isEmpty)
    }

    @Test func aFileThatCanBeReadIsNotSuspect() {
        var state = HostState()
        var live = live()
        for file in party.files { live.files[file.path] = .file(content: [], mode: 0o644, modified: 0) }
        state.suspect([party], live)
        #expect(state == HostState())
    }

    @Test func theVersionThatAContainerRunsWithIsRemembered() {
        var state = HostState()
        var live = live()
        live.files["/b"] = .file(content: [], mode: 0o644, modified: 7)
        state.settle([party], live)
        #expect(state.readVersions(of: live.containers) == [Self.id: ["/b": 7]])
        state.owe(
            plan(.restartContainer(.id(Self.id), timeout: nil)),
            DesiredHost(host: "demo", parties: [party]), live)
        #expect(state.readVersions(of: live.containers).isEmpty)
        #expect(state.readVersions(of: self.live(startedAt: "2026-01-01T00:00:01Z").containers).isEmpty)
    }

    @Test func whatAPlanSparesGoesOnWithWhatItHasRead() {
        var state = HostState()
        var live = live()
        live.files["/c"] = .file(content: [], mode: 0o644, modified: 8)
        var plan = Plan()
        plan.unaffected = [Self.id: ["/c"]]
        state.owe(plan, DesiredHost(host: "demo", parties: [party]), live)
        #expect(state.readings(of: live.containers) == [Self.id: ["/c": .current]])
        #expect(state.readVersions(of: live.containers) == [Self.id: ["/c": 8]])
    }

    @Test func itComesBackFromTheDisk() throws {
        let directory = try TemporaryDirectory()
        var state = HostState()
        state.settle([party], live())
        try state.write(directory.path + "/parties.json")
        #expect(try HostState.read(directory.path + "/parties.json") == state)
    }
}
