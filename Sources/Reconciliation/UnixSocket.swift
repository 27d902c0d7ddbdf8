import Glibc

/// Sockets that have a path, as unix(7) describes them.
enum UnixSocket {
    /// The process at the other end, as the kernel saw it when the connection was made.
    struct Peer {
        var process: Int32
        var user: UInt32
    }

    /// Connects to who listens at `path`.
    ///
    /// - Returns: The descriptor, which the caller closes; `nil` with `errno` set when that is not possible.
    static func connect(to path: String, kind: __socket_type = SOCK_STREAM) -> Int32? {
        use(path, kind) { Glibc.connect($0, $1, $2) }
    }

    /// Takes the path for a listener; nobody can connect before `listen`.
    ///
    /// - Returns: The descriptor, which the caller closes; `nil` with `errno` set when that is not possible.
    static func bind(to path: String) -> Int32? {
        use(path, SOCK_STREAM) { Glibc.bind($0, $1, $2) }
    }

    /// Who is at the other end of a connection.
    static func peer(of descriptor: Int32) -> Peer? {
        // The kernel's struct ucred: pid, uid, gid.
        var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        return Peer(process: credentials.pid, user: credentials.uid)
    }

    private static func use(
        _ path: String, _ kind: __socket_type,
        _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return nil
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let reason = errno
            close(descriptor)
            errno = reason
            return nil
        }
        return descriptor
    }
}
