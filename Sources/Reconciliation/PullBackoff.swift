/// When images that could not be pulled are asked for again: each time later, because every pass would ask anew.
struct PullBackoff {
    private struct Failure {
        var count: Int
        var reason: String
        var next: ContinuousClock.Instant

        var delay: Int { PullBackoff.delay(afterFailures: count) }
    }

    private var failures: [String: Failure] = [:]
    /// The commit that they belong to; another one starts anew.
    private var commit = ""

    /// Seconds until the next try: twice as many each time, ten minutes at most.
    static func delay(afterFailures count: Int) -> Int { min(30 << min(count - 1, 5), 600) }

    /// Notes what came of pulls; `reason` is `nil` for one that brought its image.
    mutating func note(_ image: String, _ reason: String?, at commit: String, now: ContinuousClock.Instant) {
        if commit != self.commit { (failures, self.commit) = ([:], commit) }
        guard let reason else {
            failures[image] = nil
            return
        }
        let count = (failures[image]?.count ?? 0) + 1
        let delay = Duration.seconds(Self.delay(afterFailures: count))
        failures[image] = Failure(count: count, reason: reason, next: now + delay)
    }

    /// Images that are not asked for yet, with the reason.
    func waiting(at commit: String, now: ContinuousClock.Instant) -> [String: String] {
        guard commit == self.commit else { return [:] }
        return failures.filter { $0.value.next > now }.mapValues { failure in
            "\(failure.reason); it is tried again within \(failure.delay) s"
        }
    }
}
