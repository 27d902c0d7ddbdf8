import Testing

@testable import Reconciliation

/// Images that cannot be had are asked for less and less often.
@Suite struct PullBackoffTests {
    private let start = ContinuousClock().now

    @Test func theDelayDoublesUpToTenMinutes() {
        let delays = (1...8).map { PullBackoff.delay(afterFailures: $0) }
        #expect(delays == [30, 60, 120, 240, 480, 600, 600, 600])
    }

    @Test func anImageWaitsForItsTimeAndForNoOtherCommit() {
        var backoff = PullBackoff()
        backoff.note("a:1", "refused", at: "c1", now: start)
        #expect(
            backoff.waiting(at: "c1", now: start + .seconds(29))
                == ["a:1": "refused; it is tried again within 30 s"])
        #expect(backoff.waiting(at: "c1", now: start + .seconds(30)) == [:])
        #expect(backoff.waiting(at: "c2", now: start) == [:])
        let second = start + .seconds(40)
        backoff.note("a:1", "refused again", at: "c1", now: second)
        backoff.note("b:1", "refused", at: "c1", now: second)
        #expect(Set(backoff.waiting(at: "c1", now: second + .seconds(29)).keys) == ["a:1", "b:1"])
        #expect(Set(backoff.waiting(at: "c1", now: second + .seconds(59)).keys) == ["a:1"])
    }

    @Test func anImageThatCameAndAnotherCommitStartAnew() {
        var backoff = PullBackoff()
        for _ in 1...3 { backoff.note("a:1", "refused", at: "c1", now: start) }
        backoff.note("a:1", nil, at: "c1", now: start)
        #expect(backoff.waiting(at: "c1", now: start) == [:])
        backoff.note("a:1", "refused", at: "c1", now: start)
        backoff.note("a:1", "refused", at: "c2", now: start)
        #expect(backoff.waiting(at: "c2", now: start + .seconds(30)) == [:])
    }
}
