internal import Glibc

/// Wakes a thread that waits in `poll`: the descriptor becomes readable once `cancel` was called.
final class CancellationSignal: Sendable {
    let descriptor: CInt

    init(_ operation: String) throws(GitError) {
        descriptor = eventfd(0, CInt(EFD_CLOEXEC.rawValue | EFD_NONBLOCK.rawValue))
        guard descriptor >= 0 else {
            throw GitError(.other, operation, "eventfd: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func cancel() {
        eventfd_write(descriptor, 1)
    }
}

/// A thread for one blocking call, so that Swift's few shared ones stay free.
enum PlainThread {
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// Runs `body` on a new thread, or on this one if the system refuses to give another.
    static func start(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 << 10)
        let box = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { preconditionFailure("pthread_create lost its argument") }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        if result != 0 { box.takeRetainedValue().run() }
    }
}
