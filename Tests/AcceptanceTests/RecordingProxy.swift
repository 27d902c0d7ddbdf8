import Foundation

/// The recording proxy in front of an engine's socket.
final class RecordingProxy: Sendable {
    /// One request as it was sent.
    struct Request: Sendable, Equatable {
        var method: String
        var path: String
        /// SHA-256 of method, path and body, as the journal has it.
        var digest: String

        var isMutation: Bool { method != "GET" && method != "HEAD" }
    }

    let endpoint: String
    private let log: String
    private let child: Child

    init(of engine: Engine, in folder: String) async throws {
        let socket = folder + "/proxy.sock"
        endpoint = "unix://" + socket
        log = folder + "/requests"
        let child = try Child([Program.support("recording-proxy"), socket, engine.socket, log])
        self.child = child
        guard await eventually(within: .seconds(10), { child.output.contains("ready") }) else {
            throw Failure("the recording proxy does not start: \(child.errors)")
        }
    }

    /// All requests so far, or those after the first `count`.
    func requests(after count: Int = 0) -> [Request] {
        let bytes = FileManager.default.contents(atPath: log) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst(count).compactMap {
            line in
            let words = line.split(separator: " ").map(String.init)
            return words.count == 3 ? Request(method: words[0], path: words[1], digest: words[2]) : nil
        }
    }

    func stop() async {
        child.signal(SIGTERM)
        _ = await child.wait()
    }
}
