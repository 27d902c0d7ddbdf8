import Foundation

/// A real engine that all tests of a run share; it starts at its first use and is removed with the process.
struct Engine: Sendable {
    enum Version: String, Sendable, CaseIterable {
        case oldest = "20.10"
        case newer = "26.1"
    }

    let name: String
    let version: Version
    let endpoint: String

    var socket: String { String(endpoint.dropFirst("unix://".count)) }

    /// Where everything of it lies.
    var folder: String { URL(fileURLWithPath: socket).deletingLastPathComponent().path }

    /// The engine of this version; the first who asks starts it, without what an earlier run left.
    static func shared(_ version: Version) async throws -> Engine {
        try await version == .oldest ? oldest.value : newer.value
    }

    private static let oldest = Task { try await start(.oldest, name: base) }
    private static let newer = Task { try await start(.newer, name: base + "26") }
    private static let base = ProcessInfo.processInfo.environment["FATESYNC_TEST_ENGINE"] ?? "test"

    private static func start(_ version: Version, name: String) async throws -> Engine {
        let script = Program.support("engine")
        try await Program.output(of: [script, "stop", name])
        Removal.add(name)
        let lines = try await Program.output(of: [script, "start", name, version.rawValue])
        guard let endpoint = lines.split(separator: "\n").last else {
            throw Failure("\(name) has no endpoint")
        }
        return Engine(name: name, version: version, endpoint: String(endpoint))
    }

    /// What a docker command prints.
    @discardableResult
    func docker(_ words: String...) async throws -> String { try await docker(words) }

    @discardableResult
    func docker(_ words: [String]) async throws -> String {
        try await Program.output(of: ["docker", "-H", endpoint] + words)
    }

    /// Sends a signal to the engine's daemon, but to no container.
    func signal(_ number: Int32) throws {
        let text = try String(contentsOfFile: folder + "/dockerd.pid", encoding: .utf8)
        guard let pid = pid_t(text.trimmingCharacters(in: .newlines)), pid > 1, kill(pid, number) == 0 else {
            throw Failure("cannot signal dockerd \(text)")
        }
    }

    /// One field of a container, an image, a network or a volume, by a Go template.
    func field(_ object: String, _ template: String) async throws -> String {
        try await docker("inspect", "--format", template, object)
    }
}

/// Removes the engines when the process ends.
private enum Removal {
    nonisolated(unsafe) private static var names: [String] = []  // guarded by `lock`
    private static let lock = NSLock()

    static func add(_ name: String) {
        lock.withLock {
            if names.isEmpty { atexit { Removal.removeAll() } }
            names.append(name)
        }
    }

    private static func removeAll() {
        for name in lock.withLock({ names }) {
            // popen, because nothing of Swift's concurrency can be waited for any more.
            if let pipe = popen("'\(Program.support("engine"))' stop \(name)", "r") { pclose(pipe) }
        }
    }
}
