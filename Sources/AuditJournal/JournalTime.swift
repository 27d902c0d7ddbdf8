internal import Glibc

/// A moment, in milliseconds since 1970, written as RFC 3339 in UTC.
public struct JournalTime: Sendable, Hashable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads `2026-01-31T23:59:59.123Z`: UTC; the fraction may be missing or have one to nine digits.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        let separators: [(Int, Unicode.Scalar)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard separators.allSatisfy({ UInt32(bytes[$0.0]) == $0.1.value }),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            let fraction = Self.fraction(bytes[19..<(bytes.count - 1)]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var fields = tm()
        fields.tm_year = Int32(year - 1900)
        fields.tm_mon = Int32(month - 1)
        fields.tm_mday = Int32(day)
        // timegm rolls a day like 31 February over into March and changes the field.
        let midnight = timegm(&fields)
        guard fields.tm_mday == Int32(day) else { return nil }
        let seconds = Int64(midnight) + Int64(hour * 3600 + minute * 60 + second)
        milliseconds = seconds * 1000 + Int64(fraction)
    }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.reduce(0 as Int?) { sum, byte in
            guard let sum, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            return sum * 10 + Int(byte - UInt8(ascii: "0"))
        }
    }

    private static func fraction(_ text: ArraySlice<UInt8>) -> Int? {
        guard let point = text.first else { return 0 }
        let digits = text.dropFirst()
        guard point == UInt8(ascii: "."), (1...9).contains(digits.count), number(digits) != nil else {
            return nil
        }
        let padded = Array(digits.prefix(3)) + Array(repeating: UInt8(ascii: "0"), count: 2)
        return number(padded[0..<3])
    }
}

extension JournalTime: CustomStringConvertible {
    /// The time in UTC with milliseconds, such as `2026-01-31T23:59:59.123Z`.
    public var description: String {
        let rest = ((milliseconds % 1000) + 1000) % 1000
        var seconds = time_t((milliseconds - rest) / 1000)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        let date = [
            Self.padded(Int(fields.tm_year) + 1900, 4), Self.padded(Int(fields.tm_mon) + 1, 2),
            Self.padded(Int(fields.tm_mday), 2),
        ]
        let clock = [fields.tm_hour, fields.tm_min, fields.tm_sec].map { Self.padded(Int($0), 2) }
        return date.joined(separator: "-") + "T" + clock.joined(separator: ":")
            + "." + Self.padded(Int(rest), 3) + "Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// What the clocks of the machine say.
public struct JournalInstant: Sendable, Equatable {
    /// Time of day, which people and NTP can set back.
    public let time: JournalTime
    /// Nanoseconds since boot, which only grow.
    public let monotonic: UInt64

    public init(time: JournalTime, monotonic: UInt64) {
        self.time = time
        self.monotonic = monotonic
    }

    /// The machine's clocks at this moment.
    public static var now: Self {
        var wall = timespec()
        var monotonic = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        clock_gettime(CLOCK_MONOTONIC, &monotonic)
        return Self(
            time: JournalTime(milliseconds: Int64(wall.tv_sec) * 1000 + Int64(wall.tv_nsec) / 1_000_000),
            monotonic: UInt64(monotonic.tv_sec) * 1_000_000_000 + UInt64(monotonic.tv_nsec))
    }
}
