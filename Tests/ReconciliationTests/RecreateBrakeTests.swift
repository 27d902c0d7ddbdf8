import DesiredState
import Testing

@testable import Planning
@testable import Reconciliation

@Suite struct RecreateBrakeTests {
    private static let brake = RecreateBrake(limit: 2, now: 10_000)

    private static var plan: Plan {
        var plan = Plan()
        plan.steps = [
            Plan.Step(
                id: 0, party: "1",
                action: .createContainer(ContainerSpec(name: "web", image: "a:1"), name: "web.next"),
                object: "web", changes: [], cause: "test", rung: .recreate, after: [], recreate: nil)
        ]
        return plan
    }

    @Test func aContainerMayBeMadeAsOftenAsTheLimitSays() {
        #expect(Self.brake.objection(to: Self.plan, of: "1", made: [:]) == nil)
        #expect(Self.brake.objection(to: Self.plan, of: "1", made: ["web": [9_999]]) == nil)
        let reason = Self.brake.objection(to: Self.plan, of: "1", made: ["web": [9_998, 9_999]])
        #expect(reason?.contains("web was made 2 times within an hour") == true)
        #expect(Self.brake.objection(to: Self.plan, of: "2", made: ["web": [9_998, 9_999]]) == nil)
    }

    @Test func whatIsOlderThanAnHourCountsNoMore() {
        #expect(Self.brake.objection(to: Self.plan, of: "1", made: ["web": [6_400, 9_999]]) == nil)
        #expect(Self.brake.objection(to: Self.plan, of: "1", made: ["web": [6_401, 9_999]]) != nil)
        #expect(Self.brake.noting(Self.plan, in: ["web": [6_400], "gone": [1]]) == ["web": [10_000]])
    }
}

@Suite struct ProgramPathTests {
    private func paths(_ entrypoint: [String]?, _ command: [String]?, path: String? = nil) -> [String] {
        var spec = ContainerSpec(name: "web", image: "a:1")
        spec.entrypoint = entrypoint
        spec.command = command
        if let path { spec.environment["PATH"] = path }
        return spec.programPaths
    }

    @Test func theEntrypointIsTheProgramAndElseTheCommand() {
        #expect(paths(["/tini", "--"], ["sh"]) == ["/tini"])
        #expect(paths(nil, ["sh"], path: "/a:/b:relative") == ["/a/sh", "/b/sh"])
        #expect(paths(nil, ["sh"]).contains("/usr/bin/sh"))
        #expect(paths([], nil) == [])
    }

    @Test func aPathBelowTheWorkingDirectoryIsLeftToTheStart() {
        #expect(paths(nil, ["./run"]) == [])
    }
}

@Suite struct OutageTests {
    @Test func anOutageLastsFromTheStopToTheLastStart() {
        var plan = Plan()
        plan.recreates = [
            Plan.Recreate(
                party: "1", service: "web", name: "web", oldID: "old", oldWasRunning: true, createStep: 0)
        ]
        func step(_ action: Action) -> Plan.Step {
            Plan.Step(
                id: 0, party: "1", action: action, object: "web", changes: [], cause: "test", rung: .recreate,
                after: [], recreate: 0)
        }
        var clock = OutageClock(plan)
        let begin = ContinuousClock.now
        #expect(clock.end(step(.startContainer(.id("x"))), at: begin) == nil)
        clock.begin(step(.stopContainer(.id("old"), timeout: nil)), at: begin)
        #expect(clock.end(step(.startContainer(.id("new"))), at: begin + .milliseconds(300)) == 300)
        #expect(clock.end(step(.startContainer(.id("old"))), at: begin + .milliseconds(900)) == 900)
        #expect(
            clock.measured(rolledBack: [0]) == [
                Outage(party: "1", container: "web", milliseconds: 900, isRolledBack: true)
            ])
    }
}
