import DesiredState
import Glibc

/// One try of a TCP or HTTP probe: a connection that blocks nobody, looked at from time to time.
final class ProbeConnection {
    enum State: Equatable {
        case pending
        case passed
        case failed(String)
    }

    /// Longer than any answer of a service that serves, shorter than anybody's patience.
    private static let limit: Duration = .seconds(5)

    private let socket: Int32
    private let place: String
    private let expiry: ContinuousClock.Instant
    /// What is sent once the connection stands; empty for a TCP probe.
    private var request: [UInt8] = []
    private var isSent = false
    private var answer: [UInt8] = []

    /// Begins to connect; `nil` for a probe that runs a command.
    ///
    /// It connects from inside the container's own network namespace where that can be entered, because not every
    /// network can be reached from the host.
    init?(_ check: Probe.Check, to address: String, in namespace: NetworkNamespace?) {
        let port: Int
        switch check {
        case .tcp(let number): port = number
        case .http(let number, let path):
            port = number
            let lines = [
                "GET \(path) HTTP/1.1", "Host: \(address):\(number)", "User-Agent: fatesync",
                "Connection: close", "", "",
            ]
            request = Array(lines.joined(separator: "\r\n").utf8)
        case .exec: return nil
        }
        guard let name = sockaddr_in(address, port: port),
            let socket = namespace?.makeSocket() ?? NetworkNamespace.makeLocalSocket()
        else { return nil }
        self.socket = socket
        place = "\(address):\(port)"
        expiry = .now + Self.limit
        _ = name.withGenericPointer { connect(socket, $0, $1) }
    }

    deinit { close(socket) }

    /// Moves the try on without waiting.
    func advance() -> State {
        var entry = pollfd(fd: socket, events: Int16(isSent ? POLLIN : POLLOUT), revents: 0)
        guard poll(&entry, 1, 0) > 0 else {
            return ContinuousClock.now < expiry ? .pending : .failed("no answer from \(place) within 5 s")
        }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        _ = getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else {
            return .failed("cannot connect to \(place): \(String(cString: strerror(code)))")
        }
        guard !request.isEmpty else { return .passed }
        if !isSent {
            // The request fits into any socket's buffer.
            isSent = send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
            return isSent ? .pending : .failed("cannot send to \(place)")
        }
        return receive()
    }

    private func receive() -> State {
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count > 0 { answer += buffer[..<count] }
        let line = String(decoding: answer.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else {
            let isOver = count <= 0 || answer.count > 64
            return isOver ? .failed("\(place) does not answer in HTTP") : .pending
        }
        return 200..<400 ~= status ? .passed : .failed("\(place) answers with status \(status)")
    }
}
