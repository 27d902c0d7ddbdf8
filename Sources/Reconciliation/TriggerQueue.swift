import Synchronization

/// Triggers that wait for the next pass; those that come during a pass merge into one more.
public final class TriggerQueue: Sendable {
    private let waiting = Mutex<Set<Trigger>>([])
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Asks for a pass.
    public func raise(_ trigger: Trigger) {
        waiting.withLock { _ = $0.insert(trigger) }
        continuation.yield()
    }

    /// Wakes whoever waits, without asking for a pass.
    public func nudge() { continuation.yield() }

    /// Ends the sequence of passes.
    public func finish() { continuation.finish() }

    /// One element for each time that passes are asked for.
    var wakes: AsyncStream<Void> { stream }

    /// What the next pass is for: a fetch covers a mere comparison, a person's wish covers a timer.
    func take() -> Trigger? {
        let triggers = waiting.withLock { triggers in
            defer { triggers = [] }
            return triggers
        }
        let order: [Trigger] = [.command, .signal, .start, .poll, .event, .resync]
        return order.first(where: triggers.contains)
    }
}
