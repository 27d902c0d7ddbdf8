import Foundation
import Testing

/// What a person made on a host without fatesync: nothing of it has a label, so names tell what it is.
struct HandMade {
    let host: Host
    let prefix: String

    /// Removes everything with the prefix when the body has ended, whatever happens.
    static func use(_ prefix: String, on host: Host, _ body: (HandMade) async throws -> Void) async throws {
        let made = HandMade(host: host, prefix: prefix)
        do {
            try await body(made)
        } catch {
            try await made.remove()
            throw error
        }
        try await made.remove()
    }

    /// The containers by name.
    func containers() async throws -> [String: Host.Standing] {
        let ids = try await list("ps", "-aq", "--no-trunc")
        return try await host.standing(ids)
    }

    /// The config files of a party as the state in the clone has them, where its containers look for them.
    func writeFiles(of party: Int, to directory: String) async throws {
        let output = "\(host.folder)/rendered"
        try await Program.run(
            [
                Program.fatesync, "render", "\(party)", "--state", host.clone, "--output", output,
                "--data-dir", host.dataDirectory,
            ]
        ).expect(0)
        let url = URL(fileURLWithPath: directory)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: output + "/confs", toPath: directory)
    }

    /// Types what `SmallState` describes for a party.
    func type(_ state: SmallState, _ party: Int) async throws {
        let confs = "\(host.dataDirectory)/\(prefix)/confs"
        try await writeFiles(of: party, to: confs)
        let net = prefix + "_net"
        let command = ["federatedai/client:1.5.1-release", "sh", "-c", "sleep 100000"]
        let run = ["run", "-d", "--stop-signal", "SIGKILL", "--network", net]
        try await host.engine.docker(
            "network", "create", "--subnet", "\(state.subnet(party)).0/24", net)
        try await host.engine.docker("volume", "create", prefix + "_data")
        try await host.engine.docker(
            run + ["--name", prefix + "_db", "--network-alias", "db", "-v", prefix + "_data:/data"]
                + ["-v", "\(confs)/db:/conf:ro"] + command)
        try await host.engine.docker(
            run + ["--name", prefix + "_web", "--network-alias", "web", "--network-alias", "www"]
                + ["--ip", "\(state.subnet(party)).10", "-p", "\(state.port(party)):9370"] + command)
        try await host.engine.docker(
            run + ["--name", prefix + "_job", "--network-alias", "job", "--restart", "always"] + command)
    }

    private func list(_ words: String...) async throws -> [String] {
        try await host.engine.docker(words + ["--filter", "name=\(prefix)"])
            .split(separator: "\n").map(String.init)
    }

    private func remove() async throws {
        for (found, removal) in [
            (try await list("ps", "-aq"), ["rm", "-f", "-v"]),
            (try await list("network", "ls", "-q"), ["network", "rm"]),
            (try await list("volume", "ls", "-q"), ["volume", "rm", "-f"]),
        ] where !found.isEmpty {
            try await host.engine.docker(removal + found)
        }
    }
}

/// What a plan says, for comparisons.
struct PlanSummary: Decodable {
    struct Change: Decodable, Hashable {
        var field: String
        var old: String
        var new: String
    }

    struct Step: Decodable {
        var action: String
        var object: String
        var cause: String
        var changes: [Change]
    }

    struct Object: Decodable {
        var name: String
        var standsFor: String
    }

    struct Warning: Decodable {
        var object: String
        var message: String
    }

    struct Refusal: Decodable {
        var name: String
        var reason: String
    }

    /// What `adopt -o json` prints.
    struct Adoption: Decodable {
        var refused: [Refusal]
        var plan: PlanSummary
    }

    var adopted: [Object]
    var steps: [Step]
    var warnings: [Warning]
}
