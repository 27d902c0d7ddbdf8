import CLinux
import Glibc
import Synchronization

/// A network namespace of this host, for sockets that belong to an engine or to a container.
struct NetworkNamespace {
    private let path: String
    /// Who enters it; `nil` is this process.
    private let service: NamespaceService?

    /// The namespace of a container's first process; `nil` when that process is not one of this host.
    init?(ofProcess process: Int32, in container: String, through service: NamespaceService?) {
        guard process > 0, HostProcesses.runs(process, in: container) else { return nil }
        path = "/proc/\(process)/ns/net"
        self.service = service
    }

    /// The namespace of whoever listens at a unix socket; `nil` when nobody does.
    init?(ofListenerAt socketPath: String, through service: NamespaceService?) {
        guard let process = SocketPeer.process(listeningAt: socketPath) else { return nil }
        path = "/proc/\(process)/ns/net"
        self.service = service
    }

    /// A TCP socket in the namespace that blocks nobody; `nil` when this process may not enter it.
    ///
    /// A thread of its own enters the namespace and ends: a socket stays in the namespace that it was made in.
    func makeSocket() -> Int32? {
        let namespace = open(path, O_RDONLY | O_CLOEXEC)
        guard namespace >= 0 else { return nil }
        defer { close(namespace) }
        if let service { return service.makeSocket(in: namespace) }
        let made = Descriptor()
        PlainThread {
            guard clinux_enter_network(namespace) == 0 else { return }
            made.number.store(Self.makeLocalSocket() ?? -1, ordering: .releasing)
        }.join()
        let descriptor = made.number.load(ordering: .acquiring)
        return descriptor >= 0 ? descriptor : nil
    }

    /// A TCP socket in this process's own namespace that blocks nobody.
    static func makeLocalSocket() -> Int32? {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | closeOnExec
        let descriptor = Glibc.socket(AF_INET, kind, 0)
        return descriptor >= 0 ? descriptor : nil
    }

    private final class Descriptor: Sendable {
        let number = Atomic<Int32>(-1)
    }

    private static var closeOnExec: Int32 { Int32(SOCK_CLOEXEC.rawValue) }
}

extension sockaddr_in {
    /// `nil` for text that is no IPv4 address.
    init?(_ address: String, port: Int) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        guard inet_pton(AF_INET, address, &sin_addr) == 1 else { return nil }
    }

    /// Calls a function of the C library that takes any kind of address.
    func withGenericPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: self) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
