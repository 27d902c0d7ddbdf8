import DesiredState
import DockerEngine
import GitSource
import Glibc
import Testing

@testable import Reconciliation

/// A control socket with its thread, and the loop's side in the hands of the test.
final class ControlFixture {
    let folder: TemporaryDirectory
    let triggers = TriggerQueue()
    let server: ControlServer
    let path: String
    private let thread: PlainThread

    init(_ limits: ControlLimits = ControlLimits()) throws {
        folder = try TemporaryDirectory()
        path = folder.path + "/control.sock"
        let server = try ControlServer(
            at: path, Self.configuration(folder.path), triggers: triggers, limits: limits)
        self.server = server
        thread = PlainThread { server.run() }
    }

    deinit {
        server.stop()
        thread.join()
    }

    static func configuration(_ folder: String) throws -> WatcherConfiguration {
        WatcherConfiguration(
            repository: try RepositoryURL(parsing: folder), repositoryText: folder, branch: "main",
            folder: nil,
            host: "host", docker: try DockerEndpoint(parsing: "unix:///nowhere"),
            stateDirectory: StateDirectory(path: folder), dataDirectory: folder, secretsDirectory: nil,
            registryConfig: nil, credentials: GitCredentials(), fetchDeadline: 1, executable: "/bin/false",
            version: "test")
    }

    /// What the loop takes next.
    func take() async throws -> (trigger: Trigger, calls: [ControlCall]) {
        for await _ in triggers.wakes {
            if let taken = triggers.take() { return taken }
        }
        throw Unanswered()
    }

    /// A client whose request the loop has taken and follows.
    func follower(_ request: String) async throws -> RawClient {
        let client = try RawClient(path)
        client.send(request + "\n")
        server.follow(try await take().calls)
        #expect(try client.message()?.event == .accepted)
        return client
    }

    static let tip = String(repeating: "ab", count: 20)

    var outcome: PassOutcome {
        PassOutcome(
            .inSync, trigger: .command,
            revision: Revision(commit: Self.tip, branch: "main", author: "", subject: "", time: 0))
    }
}

/// A program that sends whatever it likes to a control socket.
final class RawClient {
    private var descriptor: Int32
    private var input: [UInt8] = []

    init(_ path: String) throws {
        guard let descriptor = UnixSocket.connect(to: path) else { throw Unanswered() }
        self.descriptor = descriptor
    }

    deinit { hangUp() }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func hangUp() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// The next line; `nil` when the watcher has hung up.
    func message() throws -> ControlMessage? {
        while true {
            if let end = input.firstIndex(of: 0x0A) {
                let line = Array(input[..<end])
                input.removeFirst(end + 1)
                return try ControlMessage(line: line)
            }
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, 10_000) == 1 else { throw Unanswered() }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            input += buffer[..<count]
        }
    }

    /// The last line before the watcher hangs up.
    func last() throws -> ControlMessage? {
        var last: ControlMessage?
        while let message = try message() { last = message }
        return last
    }
}

/// Nothing came although it was waited for.
struct Unanswered: Error {}
