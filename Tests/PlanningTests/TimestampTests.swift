import Planning
import Testing

struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600_000_000_000),
        ("2026-01-02T03:04:05.678901234Z", 1_767_323_045_678_901_234),
        ("2026-01-02T03:04:05.6Z", 1_767_323_045_600_000_000),
    ])
    func theEnginesTimesAreRead(text: String, nanoseconds: Int64) {
        #expect(Timestamp.nanoseconds(rfc3339: text) == nanoseconds)
    }

    @Test(arguments: ["", "0001-01-01T00:00:00Z", "2026-01-02T03:04:05+01:00", "2026-01-02", "xT:Z"])
    func whatIsNoTimeIsNil(text: String) {
        #expect(Timestamp.nanoseconds(rfc3339: text) == nil)
    }
}
