/// Reading of the engine's time stamps.
public enum Timestamp {
    /// Nanoseconds since 1970 of an RFC 3339 time such as `2026-01-02T03:04:05.678901234Z`.
    ///
    /// The engine prints UTC with up to nine digits; anything else, and its "never" (year 1), is `nil`.
    public static func nanoseconds(rfc3339 text: String) -> Int64? {
        guard text.hasSuffix("Z"), text.utf8.count >= 20 else { return nil }
        let body = text.dropLast()
        let halves = body.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-").compactMap { Int64($0) }
        let clock = halves[1].split(separator: ":", omittingEmptySubsequences: false)
        guard date.count == 3, date[0] >= 1970, clock.count == 3 else { return nil }
        let seconds = clock[2].split(separator: ".", omittingEmptySubsequences: false)
        guard let hour = Int64(clock[0]), let minute = Int64(clock[1]), let second = Int64(seconds[0]) else {
            return nil
        }
        var nanoseconds: Int64 = 0
        if seconds.count == 2 {
            let digits = seconds[1].prefix(9)
            guard let fraction = Int64(digits + String(repeating: "0", count: 9 - digits.count)) else {
                return nil
            }
            nanoseconds = fraction
        }
        let days = daysSince1970(year: date[0], month: date[1], day: date[2])
        return ((days * 24 + hour) * 60 + minute) * 60_000_000_000 + second * 1_000_000_000 + nanoseconds
    }

    /// Days in the proleptic Gregorian calendar, counting years from March so that leap days come last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
