import DockerEngine
import Glibc
import Logging
import Planning
import Synchronization

/// Listens to Docker's events on a thread of its own and asks for a pass when something changed.
///
/// Events are only a hint: one that is lost costs time until the next resync, never truth. After the stream
/// was broken a pass is asked for, because nobody knows what happened meanwhile.
final class EventListener: Sendable {
    private let endpoint: DockerEndpoint
    private let triggers: TriggerQueue
    private let logger: Logger
    private let isStopping = Atomic(false)
    private let waker = Mutex<EngineWaker?>(nil)

    init(endpoint: DockerEndpoint, triggers: TriggerQueue, logger: Logger) {
        self.endpoint = endpoint
        self.triggers = triggers
        self.logger = logger
    }

    /// Blocks until `stop` is called.
    func run() {
        var wasBroken = false
        while !isStopping.load(ordering: .acquiring) {
            do throws(DockerError) {
                let version = try DockerClient(endpoint: endpoint).connect().apiVersion
                let stream = try EventStream(endpoint: endpoint, apiVersion: version)
                waker.withLock { $0 = stream.waker }
                try stream.open()
                if wasBroken { triggers.raise(.event) }
                try listen(to: stream)
            } catch {
                if !wasBroken, !isStopping.load(ordering: .acquiring) {
                    logger.warning("no Docker events: \(error); trying again every second")
                }
                wasBroken = true
            }
            waker.withLock { $0 = nil }
            if !isStopping.load(ordering: .acquiring) { sleep(1) }
        }
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        waker.withLock { $0?.cancelReads() }
    }

    private func listen(to stream: EventStream) throws(DockerError) {
        while !isStopping.load(ordering: .acquiring) {
            guard let event = try stream.next(atMost: .seconds(60)) else { continue }
            logger.debug("event \(event.kind.rawValue) \(event.action) \(event.name)")
            triggers.raise(.event)
        }
    }
}
