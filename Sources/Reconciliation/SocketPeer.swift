import Glibc

/// Who listens at unix sockets.
enum SocketPeer {
    /// The process that listens at a socket; `nil` when nobody does, or that cannot be told.
    static func process(listeningAt path: String) -> Int32? {
        guard let descriptor = UnixSocket.connect(to: path) else { return nil }
        defer { close(descriptor) }
        guard let peer = UnixSocket.peer(of: descriptor), peer.process > 0 else { return nil }
        return peer.process
    }

    /// Why a socket cannot be used, as an `errno`; `nil` when it can.
    static func failure(connectingTo path: String) -> Int32? {
        guard let descriptor = UnixSocket.connect(to: path) else { return errno }
        close(descriptor)
        return nil
    }
}
