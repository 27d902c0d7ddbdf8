import Glibc

/// Who listens at unix sockets.
enum SocketPeer {
    /// The process that listens at a socket; `nil` when nobody does, or that cannot be told.
    static func process(listeningAt path: String) -> Int32? {
        guard case .success(let descriptor) = connection(to: path) else { return nil }
        defer { close(descriptor) }
        // The kernel's struct ucred: pid, uid, gid.
        var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, credentials.pid > 0
        else { return nil }
        return credentials.pid
    }

    /// Why a socket cannot be used, as an `errno`; `nil` when it can.
    static func failure(connectingTo path: String) -> Int32? {
        switch connection(to: path) {
        case .success(let descriptor):
            close(descriptor)
            return nil
        case .failure(let code): return code.value
        }
    }

    private struct Errno: Error {
        var value: Int32
    }

    /// A connection that the caller closes.
    private static func connection(to path: String) -> Result<Int32, Errno> {
        let descriptor = Glibc.socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .failure(Errno(value: errno)) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            close(descriptor)
            return .failure(Errno(value: ENAMETOOLONG))
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else {
            let code = errno
            close(descriptor)
            return .failure(Errno(value: code))
        }
        return .success(descriptor)
    }
}
