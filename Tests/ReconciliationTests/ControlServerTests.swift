import DesiredState
import Glibc
import Testing

@testable import Reconciliation

/// What clients of the control socket are told, and what they cannot do to the watcher.
@Suite(.timeLimit(.minutes(1))) struct ControlServerTests {
    private static let sync = #"{"version":1,"command":"sync"}"#

    private static func wait(_ revision: String) -> String {
        #"{"version":1,"command":"wait","arguments":{"revision":"\#(revision)"}}"#
    }

    // MARK: Clients that behave

    @Test func aSyncIsFollowedToItsOutcome() async throws {
        let control = try ControlFixture()
        let client = try await control.follower(Self.sync)
        control.server.report(.note("half way"))
        control.server.finish(control.outcome, contained: [:])
        #expect(try client.message()?.text == "half way")
        let end = try client.message()
        #expect(end?.outcome?.result == "in sync")
        #expect(end?.outcome?.plan.revision?.commit == ControlFixture.tip)
        #expect(try client.message() == nil)
    }

    @Test func theKernelSaysWhoAsks() async throws {
        let control = try ControlFixture()
        let client = try RawClient(control.path)
        client.send(Self.sync + "\n")
        let taken = try await control.take()
        #expect(taken.trigger == .command)
        #expect(
            taken.calls.map(\.peer) == [
                ControlPeer(process: getpid(), uid: geteuid(), user: UserName.of(geteuid()))
            ])
    }

    @Test func aRequestThatComesDuringAPassHearsOfTheNextOne() async throws {
        let control = try ControlFixture()
        let first = try await control.follower(Self.sync)
        let second = try RawClient(control.path)
        second.send(#"{"version":1,"command":"push","arguments":{"revision":"abababa"}}"# + "\n")
        #expect(try second.message()?.event == .accepted)
        control.server.finish(control.outcome, contained: [:])
        #expect(try first.last()?.event == .outcome)
        let next = try await control.take()
        #expect(next.trigger == .push)
        control.server.follow(next.calls)
        #expect(control.server.revisions == ["abababa"])
        control.server.finish(control.outcome, contained: ["abababa": true])
        let end = try second.message()
        #expect(end?.contains == true)
        #expect(try second.message() == nil)
    }

    @Test func whoWaitsForACommitHearsOfEachPassUntilItHasCome() async throws {
        let control = try ControlFixture()
        let client = try await control.follower(Self.wait("1234567"))
        for contained in [[:], ["1234567": false], ["1234567": true]] {
            control.server.finish(control.outcome, contained: contained)
        }
        #expect(try client.message()?.contains == nil)
        #expect(try client.message()?.contains == false)
        #expect(try client.message()?.contains == true)
        #expect(try client.message() == nil)
    }

    @Test func aWatcherThatEndsSaysSo() async throws {
        let control = try ControlFixture()
        let client = try await control.follower(Self.sync)
        control.server.stop()
        #expect(try client.last()?.text?.contains("the watcher ends") == true)
    }

    // MARK: Clients that do not

    @Test(arguments: [
        ("hello", "a request is one line such as"), ("", "a request is one line such as"),
        (#"{"version":2,"command":"sync"}"#, "speaks version 1"),
        (#"{"version":1,"command":"format"}"#, "does not know the command 'format'"),
        (#"{"version":1,"command":"wait"}"#, "needs a revision"),
        (#"{"version":1,"command":"push","arguments":{"revision":"../../etc"}}"#, "needs a revision"),
        (String(repeating: "[", count: 60_000), "a request is one line such as"),
        (String(repeating: "x", count: 70_000), "at most 65536 bytes"),
        ("\u{1B}[2J\u{0}", "a request is one line such as"),
    ])
    func whatIsNoRequestIsRefused(_ text: String, _ reason: String) throws {
        let control = try ControlFixture()
        let client = try RawClient(control.path)
        client.send(text + "\n")
        let answer = try client.message()
        #expect(answer?.event == .refused)
        #expect(answer?.text?.contains(reason) == true, "\(String(describing: answer?.text))")
        #expect(try client.message() == nil)
        #expect(control.triggers.take() == nil)
    }

    @Test func aSilentAndASlowClientAreCutAndDelayNobody() async throws {
        let control = try ControlFixture(ControlLimits(requestTime: .milliseconds(300)))
        let silent = try RawClient(control.path)
        let slow = try RawClient(control.path)
        slow.send(#"{"version":1,"#)
        let other = try await control.follower(Self.sync)
        control.server.finish(control.outcome, contained: [:])
        #expect(try other.last()?.event == .outcome)
        #expect(try silent.message() == nil)
        #expect(try slow.message() == nil)
        #expect(control.triggers.take() == nil)
    }

    @Test func aClientThatVanishesIsForgotten() async throws {
        let control = try ControlFixture(ControlLimits(connections: 2))
        let stays = try await control.follower(Self.sync)
        for _ in 0..<20 {
            let vanishing = try RawClient(control.path)
            vanishing.send(Self.sync + "\n")
            _ = try vanishing.message()
            vanishing.hangUp()
            // Its place is free again as soon as the thread has seen the end of it.
            while control.server.connectionCount > 1 { await Task.yield() }
        }
        control.server.finish(control.outcome, contained: [:])
        #expect(try stays.last()?.event == .outcome)
    }

    @Test func aClientThatDoesNotReadIsCutAndDelaysNobody() async throws {
        let control = try ControlFixture(ControlLimits(outputBytes: 64 << 10))
        let deaf = try await control.follower(Self.sync)
        let text = String(repeating: "x", count: 1000)
        let started = ContinuousClock.now
        // More than the kernel and the watcher keep for one client together.
        for _ in 0..<5000 { control.server.report(.note(text)) }
        while control.server.connectionCount > 0 { await Task.yield() }
        #expect(started.duration(to: .now) < .seconds(20))
        let other = try await control.follower(Self.sync)
        control.server.finish(control.outcome, contained: [:])
        #expect(try other.last()?.event == .outcome)
        deaf.hangUp()
    }

    @Test func nobodyTakesAllConnections() async throws {
        let control = try ControlFixture(ControlLimits(connections: 8, connectionsPerUser: 3))
        let clients = try (0..<3).map { _ in try RawClient(control.path) }
        while control.server.connectionCount < 3 { await Task.yield() }
        let surplus = try RawClient(control.path)
        #expect(try surplus.message()?.text?.contains("too many clients") == true)
        clients[0].hangUp()
        while control.server.connectionCount > 2 { await Task.yield() }
        let next = try await control.follower(Self.sync)
        control.server.finish(control.outcome, contained: [:])
        #expect(try next.last()?.event == .outcome)
    }

    @Test func aConnectionThatLastsTooLongIsEnded() async throws {
        let control = try ControlFixture(ControlLimits(duration: .milliseconds(200)))
        let client = try await control.follower(Self.wait("1234567"))
        let end = try client.last()
        #expect(end?.text?.contains("last so long") == true)
    }
}
