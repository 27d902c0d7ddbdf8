/// What a step disturbs, and for how long it is expected to.
///
/// The times are estimates from the plan alone: the longest chain of steps that lies between the beginning and
/// the end of the disturbance, each step with the usual time of its call (`Plan.Step.duration`).
public struct Disruption: Sendable, Equatable, Codable {
    public enum Effect: String, Sendable, Codable {
        /// The container does not run, until the plan starts it or its successor.
        case down
        /// The container stops for good.
        case removed
        /// The running container is off a network that it had joined.
        case disconnected
        /// Nothing stops, but until its reader reads the file again the old content is in force.
        case outdated
    }

    public var effect: Effect
    /// Name of the container, or path of the file.
    public var object: String
    /// The network that a container is off.
    public var network: String?
    /// Milliseconds; `nil` when it does not end with this plan.
    public var expected: Int?
    /// Milliseconds when every process that is stopped ignores its stop signal until it is killed.
    public var worst: Int?

    init(
        _ effect: Effect, _ object: String, network: String? = nil, expected: Int? = nil, worst: Int? = nil
    ) {
        self.effect = effect
        self.object = object
        self.network = network
        self.expected = expected
        self.worst = worst
    }

    /// Whether a running container stops or loses connections.
    public var isNoticed: Bool { effect != .outdated }

    enum CodingKeys: String, CodingKey {
        case effect, object, network
        case expected = "expectedMilliseconds"
        case worst = "worstMilliseconds"
    }
}

extension Disruption: CustomStringConvertible {
    /// The predicate of a sentence about `object`, such as `is down for about 2 s`.
    public var description: String {
        switch effect {
        case .down: "is down for \(time)"
        case .removed: "stops for good"
        case .disconnected where expected == nil: "leaves network \(network ?? "-")"
        case .disconnected: "is off network \(network ?? "-") for \(time)"
        case .outdated: "takes effect within \((expected ?? 0) / 1000) s"
        }
    }

    private var time: String {
        guard let expected, let worst else { return "an unknown time" }
        let usual = expected < 1000 ? "less than 1 s" : "about \(Self.seconds(expected)) s"
        guard Self.seconds(worst) > Self.seconds(expected) else { return usual }
        return "\(usual) (\(Self.seconds(worst)) s if a stop signal is ignored)"
    }

    private static func seconds(_ milliseconds: Int) -> Int { (milliseconds + 999) / 1000 }
}
