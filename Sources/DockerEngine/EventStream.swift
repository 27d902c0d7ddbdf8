/// The engine's events about containers, networks and volumes, as hints that a look is worth while.
///
/// It is used from a thread of its own. The engine keeps only 256 events and drops what a slow reader misses,
/// so events hasten a full comparison and never replace one. The noise of health probes is left out by the
/// engine itself.
public final class EventStream {
    /// Makes `next` return at once, from any thread.
    public var waker: EngineWaker { transfers.waker }

    private let transfers: TransferSet
    private let transfer: Transfer
    private let buffer: EventBuffer
    private var isOver = false

    /// Prepares a stream; `open` asks for it.
    ///
    /// `since` is the `timeNano` of the last event seen; the engine repeats that one.
    public init(
        endpoint: DockerEndpoint, apiVersion: String, since: Int64? = nil, deadline: Duration = .seconds(60)
    ) throws(DockerError) {
        let buffer = EventBuffer()
        self.buffer = buffer
        transfers = try TransferSet(operation: EventBuffer.operation)
        let request = HTTPRequest(
            operation: EventBuffer.operation, method: "GET",
            path: "/v\(apiVersion)/events?\(Self.query(since: since))",
            limits: RequestLimits(deadline: deadline),
            consumer: { (bytes) throws(DockerError) in try buffer.accept(bytes) })
        transfer = try Transfer(request, to: endpoint)
    }

    /// Asks for events and waits for the engine's 200, so that nothing that happens later is missed.
    public func open() throws(DockerError) {
        let end = ContinuousClock.now + transfer.request.limits.deadline
        transfers.start(transfer)
        // A refusal has its status at once, but is thrown at its end, with its message.
        while transfer.status != 200 {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { throw transfer.timeout }
            try advance(atMost: left)
        }
    }

    /// The next event; `nil` when the time is over or somebody woke the stream.
    ///
    /// The end of the stream, which is how the end of an engine shows, is a `.unreachable` error.
    public func next(atMost limit: Duration) throws(DockerError) -> EngineEvent? {
        let end = ContinuousClock.now + limit
        while true {
            if let event = buffer.take() { return event }
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero, !waker.takeWake() else { return nil }
            try advance(atMost: left)
        }
    }

    private func advance(atMost limit: Duration) throws(DockerError) {
        guard !isOver else { throw Self.ended }
        if waker.readsAreCancelled {
            throw DockerError(.cancelled, EventBuffer.operation, "fatesync is stopping")
        }
        for (_, result) in transfers.advance(atMost: limit) {
            isOver = true
            let answer = try result.get()
            guard answer.status == 200 else { throw answer.refusal(EventBuffer.operation) }
            guard buffer.isEmpty else { return }
            throw Self.ended
        }
    }

    private static var ended: DockerError {
        DockerError(.unreachable, EventBuffer.operation, "the engine closed the stream")
    }

    private static func query(since: Int64?) -> String {
        let actions = [
            "create", "start", "die", "destroy", "remove", "update", "rename", "pause", "unpause", "oom",
            "connect", "disconnect",
        ]
        let filters: JSONText = [
            "type": .strings(["container", "network", "volume"]), "event": .strings(actions),
        ]
        let query = "filters=\(String(decoding: filters.utf8, as: UTF8.self).percentEncoded)"
        guard let since else { return query }
        let fraction = String(since % 1_000_000_000)
        let padding = String(repeating: "0", count: 9 - fraction.utf8.count)
        return "since=\(since / 1_000_000_000).\(padding)\(fraction)&\(query)"
    }
}

/// Something that happened in the engine.
public struct EngineEvent: Sendable, Equatable {
    public enum Kind: String, Sendable, Decodable {
        case container, network, volume
    }

    public let kind: Kind
    /// The engine's word, such as `die`.
    public let action: String
    /// Full id of the container or network, name of the volume.
    public let id: String
    /// Name of the container, network or volume; empty when the event does not say.
    public let name: String
    /// Labels of a container among others.
    public let attributes: [String: String]
    /// Nanoseconds since 1970, by the engine's clock.
    public let timeNano: Int64
}

/// Events that were received and not yet taken.
private final class EventBuffer {
    static let operation = "read the events of the engine"

    private var lines = LineSplitter(limit: 1 << 20, operation: EventBuffer.operation)
    private var events: [EngineEvent] = []
    private var taken = 0

    var isEmpty: Bool { taken == events.count }

    func accept(_ bytes: UnsafeRawBufferPointer) throws(DockerError) {
        for line in try lines.split(bytes) {
            events.append(try decodeJSON(line, as: WireEvent.self, Self.operation).event)
        }
    }

    func take() -> EngineEvent? {
        guard taken < events.count else { return nil }
        defer { taken += 1 }
        if taken > 256 {
            events.removeFirst(taken)
            taken = 0
        }
        return events[taken]
    }
}

private struct WireEvent: Decodable {
    var kind: EngineEvent.Kind
    var action: String
    var actor: Actor
    var timeNano: Int64?

    enum CodingKeys: String, CodingKey {
        case kind = "Type"
        case action = "Action"
        case actor = "Actor"
        case timeNano
    }

    struct Actor: Decodable {
        var id: String
        var attributes: [String: String]?

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    var event: EngineEvent {
        let attributes = actor.attributes ?? [:]
        let name = attributes["name"] ?? (kind == .volume ? actor.id : "")
        return EngineEvent(
            kind: kind, action: action, id: actor.id, name: name, attributes: attributes,
            timeNano: timeNano ?? 0)
    }
}
