import DesiredState
import Glibc
import Planning

/// One question for running jobs: a connection that blocks nobody, moved on until it has an answer.
final class JobQuery {
    /// FATE Flow answers within milliseconds; one that takes longer is in trouble.
    static let limit: Duration = .seconds(5)
    private static let sizeLimit = 1 << 20

    private let api: JobGuard.API
    private let socket: Int32
    private let place: String
    private let expiry: ContinuousClock.Instant
    private let limit: Duration
    private let request: [UInt8]
    private var isSent = false
    private var bytes: [UInt8] = []
    /// Set once the question is answered, or cannot be.
    private(set) var answer: JobAnswer?

    /// Begins to connect.
    ///
    /// From inside the container's network namespace where that can be entered, because not every network can be
    /// reached from the host.
    init(
        _ api: JobGuard.API, at address: String, port: Int, in namespace: NetworkNamespace?,
        limit: Duration = JobQuery.limit
    ) {
        self.api = api
        self.limit = limit
        place = "\(address):\(port)"
        request = api.request(to: place)
        expiry = .now + limit
        let name = sockaddr_in(address, port: port)
        socket = name == nil ? -1 : namespace?.makeSocket() ?? NetworkNamespace.makeLocalSocket() ?? -1
        guard let name, socket >= 0 else {
            answer = .unknown("no connection to \(place) can be made")
            return
        }
        if name.withGenericPointer({ connect(socket, $0, $1) }) != 0, errno != EINPROGRESS { fail(errno) }
    }

    deinit { if socket >= 0 { close(socket) } }

    /// Asks all of them at the same time, and waits for every answer.
    static func answers(of queries: [JobQuery]) -> [JobAnswer] {
        while queries.contains(where: { $0.answer == nil }) {
            var entries = queries.filter { $0.answer == nil }.map { query in
                pollfd(fd: query.socket, events: Int16(query.isSent ? POLLIN : POLLOUT), revents: 0)
            }
            _ = poll(&entries, nfds_t(entries.count), 50)
            for query in queries { query.advance() }
        }
        return queries.map { $0.answer ?? .idle }
    }

    /// Moves on without waiting.
    private func advance() {
        guard answer == nil else { return }
        var entry = pollfd(fd: socket, events: Int16(isSent ? POLLIN : POLLOUT), revents: 0)
        guard poll(&entry, 1, 0) > 0 else {
            if ContinuousClock.now >= expiry {
                answer = .unknown("no answer from \(place) within \(limit.components.seconds) s")
            }
            return
        }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        _ = getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { return fail(code) }
        guard isSent else {
            // The request fits into any socket's buffer.
            isSent = send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
            if !isSent { answer = .unknown("cannot send to \(place)") }
            return
        }
        receive()
    }

    /// Nobody listens: FATE Flow does not run, and jobs are its children.
    private func fail(_ code: Int32) {
        answer =
            code == ECONNREFUSED
            ? JobAnswer.idle : .unknown("cannot connect to \(place): \(String(cString: strerror(code)))")
    }

    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count > 0 {
            bytes += buffer[..<count]
            if bytes.count > Self.sizeLimit { answer = .unknown("the answer of \(place) is too long") }
            if ContinuousClock.now >= expiry {
                answer = .unknown("no answer from \(place) within \(limit.components.seconds) s")
            }
            return
        }
        guard count == 0 else {
            if errno != EAGAIN, errno != EINTR { answer = .unknown("\(place) has cut its answer off") }
            return
        }
        let end = Array("\r\n\r\n".utf8)
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]),
            let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) })
        else {
            answer = .unknown("\(place) does not answer in HTTP")
            return
        }
        answer =
            status == 200
            ? JobAnswer(Array(bytes[(head + end.count)...]), api)
            : .unknown("\(place) answers with status \(status)")
    }
}
