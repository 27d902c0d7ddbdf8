public import DesiredState

/// How a container proves that it serves, once it was started.
///
/// A healthcheck decides where there is one; else the probe; else it has to run for a while.
public struct Readiness: Sendable, Equatable {
    /// Seconds that a container with neither healthcheck nor probe must have run.
    public var grace: Int
    public var probe: Probe?

    public init(grace: Int = Self.defaultGrace, probe: Probe? = nil) {
        self.grace = grace
        self.probe = probe
    }

    /// Most mistakes of a command line show within a second.
    public static let defaultGrace = 1
    /// Seconds that the engine has to say healthy or unhealthy.
    public static let healthLimit = 300

    /// Seconds after which the container counts as failed.
    public var limit: Int { probe?.timeout ?? Self.healthLimit }
}

extension Readiness: CustomStringConvertible {
    public var description: String {
        let otherwise = probe.map { "\($0) within \($0.timeout) s" } ?? "\(grace) s of running"
        return "healthy within \(Self.healthLimit) s if it has a healthcheck, else \(otherwise)"
    }
}
