/// When something begins, in the five fields of cron(8): minute, hour, day of the month, month, day of the week.
///
/// Each is `*` or a list of numbers, ranges and steps, such as `1-5` or `*/15`; Sunday is 0 and 7. Times are UTC. As in
/// cron, when both days are restricted either is enough.
struct CronSchedule: Sendable, Equatable {
    private let minutes: [Int]
    private let hours: [Int]
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let needsBothDays: Bool

    /// `nil` when it is no schedule.
    init?(_ fields: [Substring]) {
        guard fields.count == 5, let minutes = Self.numbers(fields[0], 0...59),
            let hours = Self.numbers(fields[1], 0...23), let days = Self.numbers(fields[2], 1...31),
            let months = Self.numbers(fields[3], 1...12), let weekdays = Self.numbers(fields[4], 0...7)
        else { return nil }
        (self.minutes, self.hours) = (minutes.sorted(), hours.sorted())
        (self.days, self.months) = (days, months)
        self.weekdays = Set(weekdays.map { $0 % 7 })
        needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
    }

    /// The beginnings from one time to another, both included and in seconds since 1970, in their order.
    func beginnings(from first: Int64, to last: Int64) -> [Int64] {
        guard first <= last else { return [] }
        var found: [Int64] = []
        for day in Self.day(of: first)...Self.day(of: last) where matches(day: day) {
            for hour in hours {
                for minute in minutes {
                    let time = day * 86400 + Int64(hour * 3600 + minute * 60)
                    if first...last ~= time { found.append(time) }
                }
            }
        }
        return found
    }

    /// - Parameter day: Days since 1970-01-01, which was a Thursday.
    private func matches(day: Int64) -> Bool {
        let date = Self.date(ofDay: day)
        let isDay = days.contains(date.day)
        let isWeekday = weekdays.contains(Int(((day + 4) % 7 + 7) % 7))
        return months.contains(date.month) && (needsBothDays ? isDay && isWeekday : isDay || isWeekday)
    }

    private static func day(of time: Int64) -> Int64 {
        time / 86400 - (time % 86400 < 0 ? 1 : 0)
    }

    /// Month and day in the Gregorian calendar, counting years from March so that leap days come last.
    private static func date(ofDay day: Int64) -> (month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let leapDays = dayOfEra / 1460 - dayOfEra / 36524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        return (Int(month < 10 ? month + 3 : month - 9), Int(dayOfYear - (153 * month + 2) / 5 + 1))
    }

    private static func numbers(_ text: Substring, _ range: ClosedRange<Int>) -> Set<Int>? {
        var all: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard 1...2 ~= halves.count, let ends = ends(halves[0], range) else { return nil }
            let step = halves.count == 2 ? number(halves[1]) : 1
            guard let step, step > 0 else { return nil }
            // A step makes a range of a single number, as in cron.
            let last =
                halves.count == 2 && halves[0].allSatisfy(\.isNumber) ? range.upperBound : ends.upperBound
            all.formUnion(stride(from: ends.lowerBound, through: last, by: step))
        }
        return all.isEmpty ? nil : all
    }

    private static func ends(_ text: Substring, _ range: ClosedRange<Int>) -> ClosedRange<Int>? {
        if text == "*" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(number)
        guard 1...2 ~= ends.count, let first = ends[0], let last = ends[ends.count - 1], first <= last,
            range.contains(first), range.contains(last)
        else { return nil }
        return first...last
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? Int(text) : nil
    }
}
