import Dispatch
import Glibc

/// Calls a closure when one of some signals comes, instead of their usual effect, until it goes away.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ signals: [Int32], _ body: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "io.fatesync.signals")
        sources = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: body)
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
