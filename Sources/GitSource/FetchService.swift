internal import Dispatch
internal import Glibc

/// A fetch process that somebody else starts for each connection to a unix socket: systemd, as a unit of its own.
///
/// The messages are those of the pipes of a child: one line of JSON for the request, one reply, then the end. The
/// process ends when the connection does, as a child ends with its standard input.
final class FetchService: Sendable {
    private let path: String
    private let descriptor: CInt

    /// Connects.
    ///
    /// - Throws: `GitError`, code `.other`, when nobody listens.
    init(at path: String, _ operation: String) throws(GitError) {
        self.path = path
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        let isTooLong = bytes.count >= MemoryLayout.size(ofValue: address.sun_path)
        guard descriptor >= 0, !isTooLong else {
            let reason = isTooLong ? "its path is too long" : String(cString: strerror(errno))
            throw GitError(.other, operation, "no connection to the fetch service \(path): \(reason)")
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else {
            throw GitError(
                .other, operation,
                "no connection to the fetch service \(path): \(String(cString: strerror(errno))); "
                    + "run: systemctl start fatesync-fetch.socket")
        }
    }

    deinit { close(descriptor) }

    /// Sends the request and waits for everything that the other process says; cancellation ends both.
    func converse(_ request: [UInt8]) async -> [UInt8] {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It blocks, so it must have none of Swift's few shared threads.
                DispatchQueue.global().async { continuation.resume(returning: self.exchange(request)) }
            }
        } onCancel: {
            _ = shutdown(descriptor, CInt(SHUT_RDWR))
        }
    }

    private func exchange(_ request: [UInt8]) -> [UInt8] {
        let line = request + [UInt8(ascii: "\n")]
        // A request is far smaller than a socket's buffer, so it goes out in one piece or not at all.
        guard send(descriptor, line, line.count, CInt(MSG_NOSIGNAL)) == line.count else { return [] }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while answer.count <= Limits.messageBytes {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return answer
    }
}
