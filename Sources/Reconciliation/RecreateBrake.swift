import Planning

/// Stops a party whose containers are made again and again, whatever the reason.
struct RecreateBrake {
    static let window: Int64 = 3600
    /// Containers of one name that may be made within the window.
    let limit: Int
    /// Seconds since 1970.
    let now: Int64

    /// Why the plan's part of a party must not run; `nil` when nothing speaks against it.
    func objection(to plan: Plan, of party: String, made: [String: [Int64]]) -> String? {
        for step in plan.steps where step.party == party {
            guard case .createContainer = step.action else { continue }
            let count = (made[step.object] ?? []).count { $0 > now - Self.window }
            if count >= limit {
                return
                    "\(step.object) was made \(count) times within an hour, and recreate-limit is \(limit); "
                    + "look at `fatesync audit list --party \(party)`, then run `fatesync sync`"
            }
        }
        return nil
    }

    /// The times with those of the plan's containers, without those that are too old to count.
    func noting(_ plan: Plan, in made: [String: [Int64]]) -> [String: [Int64]] {
        var made = made
        for step in plan.steps {
            if case .createContainer = step.action { made[step.object, default: []].append(now) }
        }
        return made.mapValues { times in times.filter { $0 > now - Self.window } }.filter {
            !$0.value.isEmpty
        }
    }
}
