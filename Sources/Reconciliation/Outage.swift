import Planning

/// How long a recreate kept a service down: from the stop that was sent to the answer to the start after it.
///
/// Where the new container failed it counts until the old one was started again.
public struct Outage: Sendable, Equatable, Codable {
    public var party: String
    public var container: String
    public var milliseconds: Int64
    public var isRolledBack: Bool
}

/// Measures the outages of one plan's recreates.
struct OutageClock {
    private let recreates: [Plan.Recreate]
    private var begins: [Int: ContinuousClock.Instant] = [:]
    private var lengths: [Int: Int64] = [:]

    init(_ plan: Plan) { recreates = plan.recreates }

    /// Notes a stop that is being sent.
    mutating func begin(_ step: Plan.Step, at time: ContinuousClock.Instant) {
        guard let index = step.recreate, case .stopContainer = step.action, begins[index] == nil else {
            return
        }
        begins[index] = time
    }

    /// Notes a start that has succeeded; answers the milliseconds since the stop.
    mutating func end(_ step: Plan.Step, at time: ContinuousClock.Instant) -> Int64? {
        guard let index = step.recreate, case .startContainer = step.action, let begin = begins[index]
        else { return nil }
        lengths[index] = begin.duration(to: time).milliseconds
        return lengths[index]
    }

    func measured(rolledBack: Set<Int>) -> [Outage] {
        lengths.sorted { $0.key < $1.key }.map { index, milliseconds in
            Outage(
                party: recreates[index].party, container: recreates[index].name, milliseconds: milliseconds,
                isRolledBack: rolledBack.contains(index))
        }
    }
}
