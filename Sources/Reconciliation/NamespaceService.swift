import CLinux
import Glibc

/// Gets TCP sockets in network namespaces from a process that may enter them, so that this one need not.
///
/// Each request is the descriptor of a namespace, each answer that of a socket in it; the unix socket between the two
/// keeps messages apart. One connection serves all requests and is made at the first of them.
final class NamespaceService {
    /// Making a socket takes microseconds, starting the process tens of milliseconds.
    private static let limit = timeval(tv_sec: 5, tv_usec: 0)

    private let path: String
    private var connection: Int32?

    init(at path: String) {
        self.path = path
    }

    deinit { disconnect() }

    /// A TCP socket in the namespace that blocks nobody; `nil` when the service makes none.
    func makeSocket(in namespace: Int32) -> Int32? {
        // An idle process may have ended since, so a broken connection is tried once more.
        for _ in 0..<2 {
            guard let connection = connection ?? connect() else { return nil }
            self.connection = connection
            var answer: Int32 = -1
            if clinux_send_descriptor(connection, namespace) == 0,
                clinux_receive_descriptor(connection, &answer) == 1
            {
                return answer >= 0 ? answer : nil
            }
            disconnect()
        }
        return nil
    }

    private func connect() -> Int32? {
        guard let descriptor = UnixSocket.connect(to: path, kind: SOCK_SEQPACKET) else { return nil }
        var limit = Self.limit
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }

    private func disconnect() {
        if let connection { close(connection) }
        connection = nil
    }
}

/// The body of the hidden subcommand `fatesync netns-child`: the other end of a `NamespaceService`.
///
/// Standard input is the connection; the process ends with it. It reads nothing but descriptors, opens nothing by
/// name, and needs no right but CAP_SYS_ADMIN, which setns(2) asks for.
public enum NamespaceChild {
    /// The name of the subcommand.
    public static let command = "netns-child"

    /// Runs the subcommand with the standard input of this process.
    ///
    /// - Returns: the exit code.
    public static func main() -> Int32 { serve(STDIN_FILENO) }

    /// Answers every request of a connection; leaves the calling thread in the last namespace.
    static func serve(_ connection: Int32) -> Int32 {
        while true {
            var namespace: Int32 = -1
            switch clinux_receive_descriptor(connection, &namespace) {
            case 1: break
            case 0: return 0
            default:
                if errno == EINTR { continue }
                return 1
            }
            var made: Int32?
            if namespace >= 0 {
                if clinux_enter_network(namespace) == 0 { made = NetworkNamespace.makeLocalSocket() }
                close(namespace)
            }
            let isSent = clinux_send_descriptor(connection, made ?? -1) == 0
            if let made { close(made) }
            guard isSent else { return 1 }
        }
    }
}
