import Foundation
import Synchronization

/// A host of its own for one test: a bare repository, a clone to push from, the directories of fatesync, and
/// a share of the engine that no other test touches.
final class Host: Sendable {
    /// Its name in the state repository.
    let name: String
    /// Distinguishes its subnets, ports and names from those of every other host.
    let number: Int
    let engine: Engine
    /// Between fatesync and the engine, if the test wants to know what is sent.
    let proxy: RecordingProxy?
    private let root: TemporaryFolder
    private let children = Mutex<[Child]>([])
    private static let count = Atomic(0)

    var folder: String { root.path }
    var clone: String { folder + "/state" }
    var stateDirectory: String { folder + "/var" }
    var dataDirectory: String { folder + "/parties" }
    var configuration: String { folder + "/fatesync.yaml" }

    /// Gives the body a host, and removes everything of it afterwards, whatever happens.
    static func use(
        name: String? = nil, engine version: Engine.Version = .oldest, isRecorded: Bool = false,
        settings: [String: String] = [:], _ body: (Host) async throws -> Void
    ) async throws {
        let host = try await Host(name, try await Engine.shared(version), isRecorded)
        do {
            try await host.prepare(settings)
            try await body(host)
        } catch {
            try await host.remove()
            throw error
        }
        try await host.remove()
    }

    private init(_ name: String?, _ engine: Engine, _ isRecorded: Bool) async throws {
        number = Self.count.add(1, ordering: .relaxed).newValue
        self.name = name ?? "host\(number)"
        self.engine = engine
        root = try TemporaryFolder()
        proxy = isRecorded ? try await RecordingProxy(of: engine, in: root.path) : nil
    }

    private func prepare(_ settings: [String: String]) async throws {
        try await Program.output(of: ["git", "init", "-q", "--bare", "-b", "main", folder + "/state.git"])
        try await Program.output(of: ["git", "clone", "-q", folder + "/state.git", clone])
        try await git("checkout", "-q", "-B", "main")
        try configure(settings)
    }

    /// Writes the configuration file.
    func configure(_ settings: [String: String] = [:]) throws {
        let standard = [
            "repository": folder + "/state.git", "host": name, "docker": proxy?.endpoint ?? engine.endpoint,
            "state-dir": stateDirectory, "data-dir": dataDirectory,
        ]
        let all = standard.merging(settings) { _, own in own }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }
        try lines.joined().write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// A child that ends at the latest with the test.
    func keep(_ child: Child) -> Child {
        children.withLock { $0.append(child) }
        return child
    }

    private func remove() async throws {
        for child in children.withLock(\.self) { child.signal(SIGKILL) }
        await proxy?.stop()
        let filter = ["-q", "--filter", "label=io.fatesync.host=\(name)"]
        for (list, removal) in [
            (["ps", "-a"], ["rm", "-f", "-v"]), (["network", "ls"], ["network", "rm"]),
            (["volume", "ls"], ["volume", "rm", "-f"]),
        ] {
            let found = try await engine.docker(list + filter).split(separator: "\n").map(String.init)
            if !found.isEmpty { try await engine.docker(removal + found) }
        }
    }
}
