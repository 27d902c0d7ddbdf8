import Testing

@testable import Reconciliation

@Suite struct ClockCheckTests {
    private let now: Int64 = 1_800_000_000

    private func check(
        engine: Int64? = nil, commit: Int64? = nil, record: Int64? = nil
    ) -> DoctorCheck {
        ClockCheck(now: now, engine: engine, newestCommit: commit, lastRecord: record).result
    }

    @Test func whatIsPastProvesNothingAgainstTheClock() {
        let answer = check(engine: now + 9, commit: now - 86400, record: now)
        #expect(answer.result == .ok)
        #expect(answer.found == "agrees with the newest commit, the journal's last record, the engine")
        #expect(check(commit: now + 10).result == .ok)
        #expect(check().result == .skipped)
    }

    @Test func aClockThatIsBehindIsNamedWithTheMend() {
        for answer in [check(commit: now + 86400 * 3), check(commit: now, record: now + 86400 * 3)] {
            #expect(answer.result == .failed)
            #expect(answer.found.contains("3 days behind"))
            #expect(answer.mend?.contains("timedatectl set-ntp true") == true)
        }
    }

    @Test func anEngineElsewhereTellsBothDirections() {
        for engine in [now - 300, now + 300] {
            let answer = check(engine: engine, commit: now - 5)
            #expect(answer.result == .failed)
            #expect(answer.found.contains("5 minutes apart"))
        }
    }
}
