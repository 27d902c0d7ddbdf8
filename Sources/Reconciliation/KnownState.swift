import GitSource
import Planning

/// What is known before a fetch: the memory, what people asked for, and the commit that the last fetch brought.
struct KnownState: Sendable {
    var memory: HostState
    var orders: OperatorOrders
    /// `nil` before the first fetch.
    var tip: String?
    /// The commit decoded; a failure counts only if no newer commit comes.
    var commit: Result<DecodedCommit, any Error>?

    /// Reads and decodes; blocks.
    init(_ configuration: WatcherConfiguration, _ cached: DecodedCommit?) throws {
        memory = try HostState.read(configuration.stateDirectory.hostState)
        orders = try OperatorOrders.read(from: configuration.stateDirectory)
        tip = try Self.tip(configuration)
        guard let tip else { return }
        let request = request(tip, configuration, orders, cached)
        commit = Result { try DecodedCommit(request) }
    }

    func request(
        _ tip: String, _ configuration: WatcherConfiguration, _ orders: OperatorOrders,
        _ cached: DecodedCommit?
    ) -> DecodedCommit.Request {
        DecodedCommit.Request(
            tip: tip, configuration: configuration, memory: memory, orders: orders, cached: cached)
    }

    private static func tip(_ configuration: WatcherConfiguration) throws -> String? {
        guard try HostFiles.read(configuration.fetched.path) == .directory else { return nil }
        let repository = try configuration.openRepository()
        return try repository.tip(of: configuration.branch)
    }
}
