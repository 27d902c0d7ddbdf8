import Testing

@testable import Planning

@Suite struct SyncWindowTests {
    private func time(_ text: String) throws -> Int64 {
        try #require(Timestamp.nanoseconds(rfc3339: text + ":00Z")) / 1_000_000_000
    }

    @Test(arguments: [
        ("2026-11-25T21:59", false), ("2026-11-25T22:00", true), ("2026-11-26T05:59", true),
        ("2026-11-26T06:00", false),
        // It begins on Friday and ends on Saturday; on Saturday none begins.
        ("2026-11-28T05:59", true), ("2026-11-28T22:30", false),
    ])
    func somethingIsChangedOnlyWhileAWindowAllowsIt(_ when: String, _ isOpen: Bool) throws {
        let windows = try SyncWindows(parsing: "allow 0 22 * * 1-5 8h")
        #expect((windows.closure(at: try time(when)) == nil) == isOpen)
    }

    @Test func aDenialBeatsAnAllowance() throws {
        let windows = try SyncWindows(parsing: "allow * * * * * 1h; deny 0 0 24 12 * 72h")
        #expect(windows.closure(at: try time("2026-12-23T23:59")) == nil)
        let during = try time("2026-12-25T12:00")
        #expect(windows.closure(at: during) == "the sync window \"deny 0 0 24 12 * 72h\" is on")
        #expect(windows.opening(after: during) == (try time("2026-12-27T00:00")))
    }

    @Test func theNextOpeningIsFoundAcrossDays() throws {
        let windows = try SyncWindows(parsing: "allow 30 1 * * 0 90m")
        let wednesday = try time("2026-11-25T12:00")
        #expect(windows.closure(at: wednesday)?.hasPrefix("no sync window is open") == true)
        #expect(windows.opening(after: wednesday) == (try time("2026-11-29T01:30")))
        #expect(try SyncWindows(parsing: "deny * * * * * 1h").opening(after: wednesday) == nil)
    }

    @Test func schedulesAreThoseOfCron() throws {
        let quarter = try #require(CronSchedule("*/15 8-9 1,15 * *".split(separator: " ")))
        let day = try time("2026-03-15T00:00")
        let begins = quarter.beginnings(from: day, to: day + 86399).map { ($0 - day) / 60 }
        #expect(begins == [480, 495, 510, 525, 540, 555, 570, 585])
        // The leap day, and either of two restricted days: 29 February 2028 is a Tuesday.
        let leap = try #require(CronSchedule("0 0 29 2 1".split(separator: " ")))
        let february = try time("2028-02-01T00:00")
        let days = leap.beginnings(from: february, to: february + 29 * 86400 - 1).map {
            ($0 - february) / 86400 + 1
        }
        #expect(days == [7, 14, 21, 28, 29])
        let sundays = CronSchedule("0 0 * * 7".split(separator: " "))
        #expect(sundays == CronSchedule("0 0 * * 0".split(separator: " ")))
    }

    @Test(arguments: [
        "allow", "permit 0 0 * * * 1h", "allow 0 0 * * 1h", "allow 60 0 * * * 1h", "allow 5-1 0 * * * 1h",
        "allow 0 0 0 * * 1h", "allow 0 0 * * * 169h", "allow 0 0 * * * 1", "allow 0 0 * * * 0h",
        "allow */0 0 * * * 1h", "allow 1,,2 0 * * * 1h", "allow -1 0 * * * 1h",
    ])
    func whatIsNoWindowIsRefused(_ text: String) {
        #expect(throws: SyncWindows.SyntaxError.self) { try SyncWindows(parsing: text) }
    }
}
