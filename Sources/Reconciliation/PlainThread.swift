import Glibc

/// A thread for work that blocks for as long as the daemon lives, so that Swift's few shared ones stay free.
final class PlainThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private var thread = pthread_t()
    private let isStarted: Bool

    init(_ run: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(run))
        isStarted =
            pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { preconditionFailure("pthread_create lost its argument") }
                    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, box.toOpaque()) == 0
        if !isStarted { box.release() }
    }

    /// Waits until the work has ended.
    func join() {
        if isStarted { pthread_join(thread, nil) }
    }
}
