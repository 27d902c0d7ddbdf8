/// When a host may be changed: as in Argo CD, a window begins by a schedule of cron and lasts some time.
///
/// While a window that denies is on, nothing is changed. Where there are windows that allow, something is changed only
/// while one of them is on.
public struct SyncWindows: Sendable, Equatable {
    private struct Window: Equatable {
        var allows: Bool
        var text: String
        var schedule: CronSchedule
        /// How long it is on, in seconds.
        var length: Int64

        func isOn(at time: Int64) -> Bool {
            !schedule.beginnings(from: time - length + 1, to: time).isEmpty
        }
    }

    /// Why a text is no list of windows.
    public struct SyntaxError: Error, Sendable, Equatable {
        public let message: String
    }

    /// A window longer than a week would be a schedule of its own.
    private static let longest: Int64 = 7 * 86400

    private let windows: [Window]

    /// Reads windows such as `allow 0 22 * * * 8h; deny 0 0 24 12 * 72h`; times are UTC.
    public init(parsing text: String) throws(SyntaxError) {
        var windows: [Window] = []
        for part in text.split(separator: ";") {
            let words = part.split(separator: " ")
            guard words.count == 7, words[0] == "allow" || words[0] == "deny",
                let schedule = CronSchedule(Array(words[1...5])), let length = Self.seconds(words[6])
            else {
                throw SyntaxError(
                    message:
                        "cannot read the window '\(words.joined(separator: " "))': write allow or deny, the "
                        + "five fields of cron and how long, up to 168h, such as 'allow 0 22 * * 1-5 8h'")
            }
            let shown = words.joined(separator: " ")
            windows.append(
                Window(allows: words[0] == "allow", text: shown, schedule: schedule, length: length))
        }
        self.windows = windows
    }

    /// Why nothing may be changed at a time in seconds since 1970; `nil` when it may.
    public func closure(at time: Int64) -> String? {
        if let denying = windows.first(where: { !$0.allows && $0.isOn(at: time) }) {
            return "the sync window \"\(denying.text)\" is on"
        }
        let allowing = windows.filter(\.allows)
        guard !allowing.isEmpty, !allowing.contains(where: { $0.isOn(at: time) }) else { return nil }
        return "no sync window is open (\(allowing.map(\.text).joined(separator: "; ")))"
    }

    /// When something may be changed again, within eight days.
    public func opening(after time: Int64) -> Int64? {
        let horizon = time + 8 * 86400
        let denied = spans(allowing: false, from: time, to: horizon)
        let allowed = spans(allowing: true, from: time, to: horizon)
        let isAlwaysAllowed = !windows.contains(where: \.allows)
        var moment = time
        // Each turn goes on to a later end or begin, so there are no more turns than spans.
        while moment <= horizon {
            if let span = denied.first(where: { $0.contains(moment) }) {
                moment = span.upperBound
            } else if isAlwaysAllowed || allowed.contains(where: { $0.contains(moment) }) {
                return moment
            } else if let span = allowed.first(where: { $0.lowerBound > moment }) {
                moment = span.lowerBound
            } else {
                return nil
            }
        }
        return nil
    }

    /// When windows of one kind are on, those that meet as one, in their order.
    private func spans(allowing: Bool, from first: Int64, to last: Int64) -> [Range<Int64>] {
        let all = windows.filter { $0.allows == allowing }.flatMap { window in
            window.schedule.beginnings(from: first - window.length, to: last).map { $0..<$0 + window.length }
        }
        return all.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { spans, span in
            if let previous = spans.last, previous.upperBound >= span.lowerBound {
                let end = max(previous.upperBound, span.upperBound)
                spans[spans.count - 1] = previous.lowerBound..<end
            } else {
                spans.append(span)
            }
        }
    }

    private static func seconds(_ text: Substring) -> Int64? {
        let units: [Character: Int64] = ["m": 60, "h": 3600]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()), number > 0,
            number <= longest / unit
        else { return nil }
        return number * unit
    }
}
