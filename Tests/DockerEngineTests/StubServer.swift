import DockerEngine
import Foundation
import Synchronization

/// A server on a real unix socket that answers as it is told, well or badly.
final class StubServer: Sendable {
    enum Answer: Sendable {
        /// Writes the text and keeps the connection.
        case keep(String)
        /// Writes the text and closes.
        case close(String)
        /// Writes the text once more and once more, until the client has had enough.
        case flood(String, with: String)
        /// Writes the text and then nothing, until the client goes.
        case hang(String)
    }

    static let ping =
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24 (linux)\r\nContent-Length: 0\r\n\r\n"

    let path: String
    private let listener: Int32
    private let answer: @Sendable (_ request: String, _ onConnection: Int) -> Answer
    private let seen = Mutex<[String]>([])

    /// Request lines in the order of arrival.
    var requests: [String] { seen.withLock { $0 } }

    /// `answer` gets the request line and the number of the connection.
    init(_ answer: @escaping @Sendable (_ request: String, _ onConnection: Int) -> Answer) throws {
        path = "/tmp/fatesync-stub-\(UUID().uuidString.prefix(8)).sock"
        self.answer = answer
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 64) == 0 else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { self.acceptConnections() }
    }

    /// Takes no more connections; those that are open end with their clients.
    func stop() {
        unlink(path)
        shutdown(listener, Int32(SHUT_RDWR))
    }

    func client(deadline: Duration = .seconds(60)) throws -> DockerClient {
        try DockerClient(endpoint: try DockerEndpoint(parsing: "unix://\(path)"), deadline: deadline)
    }

    private func acceptConnections() {
        var number = 0
        while case let connection = accept(listener, nil, nil), connection >= 0 {
            number += 1
            let number = number
            Thread.detachNewThread { self.serve(connection, number) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32, _ number: Int) {
        defer { close(connection) }
        while let request = readRequest(connection) {
            seen.withLock { $0.append(request) }
            switch answer(request, number) {
            case .keep(let text): write(text, to: connection)
            case .close(let text):
                write(text, to: connection)
                return
            case .flood(let head, let text):
                write(head, to: connection)
                while write(text, to: connection) {}
                return
            case .hang(let text):
                write(text, to: connection)
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            }
        }
    }

    /// The request line; head and body are read to their end.
    private func readRequest(_ connection: Int32) -> String? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }.flatMap { line in
            Int(line.split(separator: " ").last ?? "")
        }
        for _ in 0..<(length ?? 0) { guard recv(connection, &byte, 1, 0) == 1 else { return nil } }
        let words = lines.first?.split(separator: " ").prefix(2) ?? []
        return words.joined(separator: " ")
    }

    @discardableResult
    private func write(_ text: String, to connection: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

/// A whole HTTP answer.
func http(_ status: Int, _ body: String, type: String = "application/json") -> String {
    "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
