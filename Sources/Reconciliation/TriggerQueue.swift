import Synchronization

/// Triggers that wait for the next pass; those that come during a pass merge into one more.
public final class TriggerQueue: Sendable {
    private struct Waiting {
        var triggers: Set<Trigger> = []
        /// Who asked over the control socket.
        var calls: [ControlCall] = []
    }

    private let waiting = Mutex(Waiting())
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Asks for a pass.
    public func raise(_ trigger: Trigger) {
        waiting.withLock { _ = $0.triggers.insert(trigger) }
        continuation.yield()
    }

    /// Asks for a pass on behalf of a client, who then follows that pass.
    func raise(_ trigger: Trigger, for call: ControlCall) {
        waiting.withLock { waiting in
            waiting.triggers.insert(trigger)
            waiting.calls.append(call)
        }
        continuation.yield()
    }

    /// Wakes whoever waits, without asking for a pass.
    public func nudge() { continuation.yield() }

    /// Ends the sequence of passes.
    public func finish() { continuation.finish() }

    /// One element for each time that passes are asked for.
    var wakes: AsyncStream<Void> { stream }

    /// What the next pass is for, and for whom: a fetch covers a mere comparison, a person's wish covers a timer.
    func take() -> (trigger: Trigger, calls: [ControlCall])? {
        let taken = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting
        }
        let order: [Trigger] = [.command, .signal, .push, .start, .poll, .event, .resync]
        return order.first(where: taken.triggers.contains).map { ($0, taken.calls) }
    }
}
