import CCurl
import Synchronization

/// Interrupts, from any thread, a wait for the engine.
///
/// It may outlive the client or stream that it belongs to. It takes a lock, so a signal handler must not
/// call it: a thread that receives signals does.
public final class EngineWaker: Sendable {
    /// The address of the multi handle while that exists; a raw pointer is not `Sendable`.
    private let multi: Mutex<UInt?>
    private let isWoken = Atomic(false)
    private let isCancelled = Atomic(false)

    init(_ multi: UnsafeMutableRawPointer) {
        self.multi = Mutex(UInt(bitPattern: multi))
    }

    /// Makes the wait that is going on, or else the next one, return at once.
    public func wake() {
        isWoken.store(true, ordering: .releasing)
        interrupt()
    }

    /// Makes every read that blocks throw `.cancelled`, now and from now on; calls in flight go on.
    public func cancelReads() {
        isCancelled.store(true, ordering: .releasing)
        wake()
    }

    var readsAreCancelled: Bool { isCancelled.load(ordering: .acquiring) }

    /// Whether somebody called `wake` since the last time this was asked.
    func takeWake() -> Bool { isWoken.exchange(false, ordering: .acquiringAndReleasing) }

    func detach() { multi.withLock { $0 = nil } }

    private func interrupt() {
        multi.withLock { address in
            guard let address, let pointer = UnsafeMutableRawPointer(bitPattern: address) else { return }
            curl_multi_wakeup(pointer)
        }
    }
}
