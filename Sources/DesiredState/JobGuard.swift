/// Where to ask for running jobs before a step would kill their work, and which services such steps touch.
public struct JobGuard: Sendable, Equatable {
    /// How FATE Flow is asked.
    public enum API: String, Sendable, CaseIterable {
        /// FATE 1.x: `POST /v1/job/query`.
        case v1
        /// FATE 2.x: `GET /v2/job/query`.
        case v2
    }

    /// Where a service is that runs on another host than what it guards.
    public struct Place: Sendable, Equatable {
        public var host: String
        /// Its fixed address on a network that both hosts share; `nil` when it has none.
        public var address: String?
    }

    /// The service that answers.
    public var service: String
    /// Its HTTP port inside the container.
    public var port: Int
    public var api: API
    /// The services whose restart, replacement or absence ends jobs.
    public var guards: Set<String>
    /// Seconds that running jobs may hold a change of the party; 0 does not wait.
    public var maxHold: Int
    /// `nil` when the service runs on this host.
    public var elsewhere: Place?

    public init(
        service: String, port: Int, api: API, guards: Set<String>, maxHold: Int = Self.defaultMaxHold
    ) {
        self.service = service
        self.port = port
        self.api = api
        self.guards = guards
        self.maxHold = maxHold
    }

    /// The guard with every instance of a service beside it.
    func naming(_ instances: [String: [String]]) -> JobGuard {
        var result = self
        result.guards.formUnion(guards.flatMap { instances[$0, default: []] })
        return result
    }

    /// A day: longer than most trainings, shorter than anybody's patience with a forgotten one.
    public static let defaultMaxHold = 86_400
}
