import AuditJournal
import DesiredState
import Planning
import Testing

@testable import Reconciliation

/// What came of a step whose end is not recorded shows in live state.
@Suite struct StepInspectionTests {
    private static let id = String(repeating: "a", count: 64)
    private static let network = String(repeating: "b", count: 64)

    private static func live(_ change: (inout LiveContainer) -> Void = { _ in }) -> LiveState {
        var spec = ContainerSpec(name: "web", image: "busybox:1")
        spec.restart = RestartPolicy(name: "always")
        spec.networks = ["net": EndpointSpec()]
        var container = LiveContainer(
            id: id, spec: spec, imageID: "sha256:1", status: .running, startedAt: "2026-01-31T12:00:00.5Z")
        change(&container)
        var live = LiveState(engine: EngineIdentity(version: "26.1.5", apiVersion: "1.45"))
        live.containers = [id: container]
        live.networks = [network: LiveNetwork(id: network, spec: NetworkSpec(name: "net"))]
        live.images = ["busybox:1": LiveImage(id: "sha256:1")]
        return live
    }

    /// The intent as the journal gives it back, recorded at 12:00:00.
    private static func outcome(
        _ action: String, of name: String = "web", id: String? = id, in live: LiveState = live(),
        _ details: [String: JournalValue] = [:], diff: [JournalChange] = []
    ) throws -> JournalOutcome {
        let directory = try TemporaryDirectory()
        var options = JournalWriter.Options()
        let noon = try #require(JournalTime("2026-01-31T12:00:00.000Z"))
        options.clock = { JournalInstant(time: noon, monotonic: 1) }
        let writer = try JournalWriter(
            directory: directory.path + "/audit", host: "demo", version: "0.1.0", options: options)
        var record = JournalRecord(.stepIntent)
        record.step = 0
        record.action = action
        record.object = JournalObject(name: name, id: id)
        record.details = details
        record.diff = diff
        try writer.append([record], sync: true)
        let open = try JournalReader(directory: directory.path + "/audit").openSteps()
        return StepInspection(live: live, images: ["busybox:1", "busybox:2"]).outcome(
            of: try #require(open.first)
        )
        .outcome
    }

    @Test func whatWasMadeIsThere() throws {
        #expect(try Self.outcome("container.create", id: nil) == .ok)
        #expect(try Self.outcome("container.create", id: nil, ["as": "web.next"]) == .notDone)
        #expect(try Self.outcome("network.create", of: "net", id: nil) == .ok)
        #expect(try Self.outcome("network.create", of: "other", id: nil) == .notDone)
        #expect(try Self.outcome("volume.create", of: "data", id: nil) == .notDone)
        #expect(try Self.outcome("image.pull", of: "busybox:1", id: nil) == .ok)
        #expect(try Self.outcome("image.pull", of: "busybox:2", id: nil) == .notDone)
    }

    @Test func anImageThatNobodyLookedForIsNotKnown() throws {
        #expect(try Self.outcome("image.pull", of: "busybox:3", id: nil) == .unknown)
    }

    @Test func whatWasRemovedIsGone() throws {
        let gone = String(repeating: "c", count: 64)
        #expect(try Self.outcome("container.remove") == .notDone)
        #expect(try Self.outcome("container.remove", id: gone) == .ok)
        #expect(try Self.outcome("container.remove", in: Self.live { $0.status = .removing }) == .ok)
        #expect(try Self.outcome("network.remove", of: "net", id: Self.network) == .notDone)
        #expect(try Self.outcome("network.remove", of: "net", id: gone) == .ok)
    }

    @Test func aStartShowsInTheStateOrInItsTime() throws {
        #expect(try Self.outcome("container.start") == .ok)
        let ended = Self.live { $0.status = .exited }
        #expect(try Self.outcome("container.start", in: ended) == .ok)
        let before = Self.live {
            $0.status = .exited
            $0.startedAt = "2026-01-31T11:59:59.999Z"
        }
        #expect(try Self.outcome("container.start", in: before) == .notDone)
        #expect(try Self.outcome("container.restart") == .ok)
        #expect(try Self.outcome("container.restart", in: before) == .notDone)
        #expect(try Self.outcome("container.stop") == .notDone)
        #expect(try Self.outcome("container.stop", in: before) == .ok)
    }

    @Test func whatWasChangedShows() throws {
        #expect(try Self.outcome("container.rename", ["to": "web"]) == .ok)
        #expect(try Self.outcome("container.rename", ["to": "web.old"]) == .notDone)
        #expect(try Self.outcome("network.connect", ["network": "net"]) == .ok)
        #expect(try Self.outcome("network.connect", ["network": "other"]) == .notDone)
        #expect(try Self.outcome("network.disconnect", ["network": "net"]) == .notDone)
        let change = JournalChange(field: "restart", old: "no", new: "always")
        #expect(try Self.outcome("container.update", diff: [change]) == .ok)
        let other = JournalChange(field: "restart", old: "always", new: "no")
        #expect(try Self.outcome("container.update", diff: [other]) == .notDone)
        #expect(try Self.outcome("container.unpause", in: Self.live { $0.status = .paused }) == .notDone)
    }

    @Test func aContainerThatIsGoneTellsNothing() throws {
        let gone = String(repeating: "c", count: 64)
        #expect(try Self.outcome("container.start", id: gone) == .unknown)
        #expect(try Self.outcome("container.frobnicate") == .unknown)
    }
}
