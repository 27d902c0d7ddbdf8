import Foundation

/// The recording proxy in front of an engine's socket, which can also make requests go wrong.
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
    private let control: String
    private let child: Child

    convenience init(of engine: Engine, in folder: String) async throws {
        try await self.init(socket: engine.socket, in: folder)
    }

    /// Stands before any server that listens at `socket`.
    init(socket engine: String, in folder: String) async throws {
        let socket = folder + "/proxy.sock"
        endpoint = "unix://" + socket
        log = folder + "/requests"
        control = folder + "/fault"
        let child = try Child([Program.support("fault-proxy"), socket, engine, log, control])
        self.child = child
        guard await eventually(within: .seconds(10), { child.output.contains("ready") }) else {
            throw Failure("the proxy does not start: \(child.errors)")
        }
    }

    /// All requests so far, or those after the first `count`.
    func requests(after count: Int = 0) -> [Request] {
        lines("request").dropFirst(count).map { Request(method: $0[3], path: $0[4], digest: $0[5]) }
    }

    /// The faults that hit a request so far, by their kind.
    var faults: [String] { lines("fault").map { $0[3] } }

    /// How many requests the engine has answered.
    var replies: Int { lines("reply").count }

    /// Makes the `number`-th request from now on go wrong, of those that are in `scope`; `fault-proxy` says how.
    func arm(_ kind: String, at number: Int = 1, scope: String = "all", seconds: Double? = nil) throws {
        let line = "\(kind) \(number) \(scope)" + (seconds.map { " \($0)" } ?? "")
        // Replaced, not rewritten: a new file arms the proxy anew.
        try Data(line.utf8).write(to: URL(fileURLWithPath: control), options: .atomic)
    }

    func stop() async {
        child.signal(SIGTERM)
        _ = await child.wait()
    }

    private func lines(_ word: String) -> [[String]] {
        let bytes = FileManager.default.contents(atPath: log) ?? Data()
        // The last line may be being written.
        let whole = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return whole.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words.first == word ? words : nil
        }
    }
}
