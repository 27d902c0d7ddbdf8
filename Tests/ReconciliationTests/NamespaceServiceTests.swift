import Foundation
import Glibc
import Testing

@testable import Reconciliation

/// Sockets in other network namespaces, made by somebody else.
///
/// Needs root, as everything that enters a namespace.
struct NamespaceServiceTests {
    /// The real service, on a thread instead of in a process: it answers one connection.
    private final class Server {
        let directory: TemporaryDirectory
        let path: String
        private let listener: Int32
        private let thread: PlainThread

        init() throws {
            let directory = try TemporaryDirectory()
            let path = directory.path + "/netns.sock"
            let socket = Glibc.socket(
                AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
            try #require(isBound && listen(socket, 1) == 0)
            (self.directory, self.path, listener) = (directory, path, socket)
            thread = PlainThread {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                _ = NamespaceChild.serve(connection)
                close(connection)
            }
        }

        /// Waits for the end of the connection.
        func end() {
            thread.join()
            close(listener)
        }
    }

    /// What connect(2) to a port of this host, where nobody listens, says about the namespace of a socket.
    private func connectionError(_ socket: Int32) throws -> Int32 {
        // Blocking, so that the answer is there when the call returns.
        _ = fcntl(socket, F_SETFL, 0)
        let name = try #require(sockaddr_in("127.0.0.1", port: 1))
        return name.withGenericPointer { connect(socket, $0, $1) } == 0 ? 0 : errno
    }

    @Test func `one connection serves sockets in one namespace after another`() throws {
        let stranger = Process()
        stranger.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        // `cat` ends with its standard input, so with the test.
        let input = Pipe()
        stranger.arguments = ["--net", "cat"]
        stranger.standardInput = input
        stranger.standardOutput = FileHandle.nullDevice
        try stranger.run()
        defer { stranger.terminate() }
        let path = "/proc/\(stranger.processIdentifier)/ns/net"
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        while try FileManager.default.destinationOfSymbolicLink(atPath: path) == own { sched_yield() }

        let server = try Server()
        do {
            let service = NamespaceService(at: server.path)
            for (file, expected) in [
                (path, ENETUNREACH), ("/proc/self/ns/net", ECONNREFUSED), (path, ENETUNREACH),
            ] {
                let namespace = open(file, O_RDONLY | O_CLOEXEC)
                defer { close(namespace) }
                let socket = try #require(service.makeSocket(in: namespace))
                defer { close(socket) }
                #expect(try connectionError(socket) == expected)
            }
            // A descriptor that is no namespace is refused, and the next request is served.
            let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            #expect(service.makeSocket(in: file) == nil)
            let namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)
            defer { close(namespace) }
            let socket = try #require(service.makeSocket(in: namespace))
            close(socket)
        }
        server.end()
    }

    @Test func `without the service there is no socket`() {
        let namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)
        defer { close(namespace) }
        #expect(NamespaceService(at: "/nonexistent/netns.sock").makeSocket(in: namespace) == nil)
    }
}
