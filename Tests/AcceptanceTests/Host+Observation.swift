import Foundation

/// What runs on the engine, and what fatesync says.
extension Host {
    /// A container as far as somebody who must not be disturbed cares.
    struct Standing: Equatable, Sendable {
        var id: String
        var startedAt: String
        var status: String
    }

    /// The containers of this host by name.
    func containers() async throws -> [String: Standing] {
        let ids = try await engine.docker(
            "ps", "-aq", "--no-trunc", "--filter", "label=io.fatesync.host=\(name)")
        return try await standing(ids.split(separator: "\n").map(String.init))
    }

    /// These containers by name.
    func standing(_ ids: [String]) async throws -> [String: Standing] {
        guard !ids.isEmpty else { return [:] }
        let format = "{{.Name}} {{.Id}} {{.State.StartedAt}} {{.State.Status}}"
        let lines = try await engine.docker(
            ["inspect", "--format", format] + ids)
        return lines.split(separator: "\n").reduce(into: [:]) { result, line in
            let words = line.split(separator: " ").map(String.init)
            result[String(words[0].dropFirst())] = Standing(
                id: words[1], startedAt: words[2], status: words[3])
        }
    }

    /// The names of this host's networks or volumes.
    func names(of kind: String) async throws -> Set<String> {
        let lines = try await engine.docker(
            kind, "ls", "--format", "{{.Name}}", "--filter", "label=io.fatesync.host=\(name)")
        return Set(lines.split(separator: "\n").map(String.init))
    }

    /// Runs a command of fatesync with this host's configuration.
    func fatesync(_ words: String..., environment: [String: String] = [:]) async throws -> Exit {
        try await Program.run(
            [Program.fatesync] + words + ["--config", configuration], environment: environment)
    }

    /// Starts a command of fatesync and does not wait for it.
    func start(_ words: String...) throws -> Child {
        keep(try Child([Program.fatesync] + words + ["--config", configuration]))
    }

    /// Starts a watcher and waits until it has made its first pass.
    func watch(_ words: String...) async throws -> Child {
        let child = keep(try Child([Program.fatesync, "run", "--config", configuration] + words))
        let isReady = try await eventually(within: .seconds(60)) {
            try await self.status()?.watcher == child.pid
        }
        guard isReady else { throw Failure("the watcher makes no pass: \(child.errors)") }
        return child
    }

    /// `fatesync status`, or `nil` before the first pass.
    func status() async throws -> Status? {
        let exit = try await fatesync("status", "-o", "json")
        return exit.output.isEmpty ? nil : try exit.decode(Status.self)
    }

    struct Status: Decodable {
        struct Wanted: Decodable { var commit: String }
        struct Order: Decodable {
            var party: String?
            var reason: String?
        }
        struct Party: Decodable {
            var id: String
            var applied: String?
            var condition: String
        }

        var parties: [Party]
        var suspended: [Order]?
        var pinned: [Order]?
        var wanted: Wanted?
        var result: String
        var trigger: String
        var pass: Int
        var watcher: Int32?
    }

    /// The journal's records, oldest first, as they stand on disk.
    func journal() throws -> [Record] {
        let directory = stateDirectory + "/audit"
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).filter {
            $0.hasSuffix(".jsonl")
        }
        return try files.sorted().flatMap { file in
            try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8).split(separator: "\n").map {
                line in
                try JSONDecoder().decode(Record.self, from: Data(line.utf8))
            }
        }
    }

    struct Record: Decodable {
        struct Object: Decodable {
            var name: String
            var id: String?
        }
        struct Source: Decodable { var commit: String }
        struct Outage: Decodable {
            var object: String
            var milliseconds: Int
            var rolledBack: Bool
        }
        struct Details: Decodable {
            var outages: [Outage]?
            var rolledBack: [String]?
            var user: String?
            var why: String?
        }

        struct Cause: Decodable {
            var trigger: String
            var uid: Int?
            var pid: Int32?
        }

        var kind: String
        var cause: Cause?
        var act: String?
        var obj: Object?
        var src: Source?
        var req: String?
        var out: String?
        var err: String?
        var party: String?
        var plan: String?
        var data: Details?
    }
}
