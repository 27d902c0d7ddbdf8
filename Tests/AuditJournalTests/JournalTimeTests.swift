import AuditJournal
import Testing

@Suite struct JournalTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_007, "2000-02-29T00:00:00.007Z"), (1_769_903_999_123, "2026-01-31T23:59:59.123Z"),
        ] as [(Int64, String)])
    func timesAreWrittenAndReadInUTC(_ milliseconds: Int64, _ text: String) {
        #expect("\(JournalTime(milliseconds: milliseconds))" == text)
        #expect(JournalTime(text)?.milliseconds == milliseconds)
    }

    @Test func fractionMayHaveAnyPrecision() {
        #expect(JournalTime("1970-01-01T00:00:01Z")?.milliseconds == 1000)
        #expect(JournalTime("1970-01-01T00:00:01.5Z")?.milliseconds == 1500)
        #expect(JournalTime("1970-01-01T00:00:01.123999999Z")?.milliseconds == 1123)
    }

    @Test(arguments: [
        "", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00+00:00", "1970-02-30T00:00:00Z",
        "1970-13-01T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:00:00.Z", "1970-01-01 00:00:00Z",
        "1970-01-01T00:00:00.1234567890Z", "197O-01-01T00:00:00Z",
    ])
    func otherTextIsNoTime(_ text: String) {
        #expect(JournalTime(text) == nil)
    }
}
