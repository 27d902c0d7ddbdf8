import Foundation

/// Containers made by hand, in every detail as others are.
extension Host {
    /// The engine's own answers, by container name.
    func inspect(_ names: [String]) async throws -> [String: Data] {
        let text = try await engine.docker(["inspect"] + names)
        let documents = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
        return try documents.reduce(into: [:]) { result, document in
            let name = String((document["Name"] as? String ?? "").dropFirst())
            result[name] = try JSONSerialization.data(withJSONObject: document)
        }
    }

    /// Makes and starts a container from what the engine said about another one.
    ///
    /// - Parameter change: Changes the body of the create call.
    func make(
        _ name: String, like original: Data, change: @Sendable (inout [String: Any]) -> Void = { _ in }
    ) async throws {
        let document = try JSONSerialization.jsonObject(with: original) as? [String: Any] ?? [:]
        var body = document["Config"] as? [String: Any] ?? [:]
        let id = document["Id"] as? String ?? ""
        if let hostname = body["Hostname"] as? String, id.hasPrefix(hostname) { body["Hostname"] = nil }
        body["HostConfig"] = document["HostConfig"]
        let settings = document["NetworkSettings"] as? [String: Any] ?? [:]
        let endpoints = (settings["Networks"] as? [String: [String: Any]] ?? [:]).mapValues { endpoint in
            let aliases = (endpoint["Aliases"] as? [String] ?? []).filter { !id.hasPrefix($0) }
            return ["Aliases": aliases, "IPAMConfig": endpoint["IPAMConfig"] ?? NSNull()] as [String: Any]
        }
        body["NetworkingConfig"] = ["EndpointsConfig": endpoints]
        change(&body)
        let folder = try TemporaryFolder()
        let file = folder.path + "/body.json"
        try JSONSerialization.data(withJSONObject: body).write(to: URL(fileURLWithPath: file))
        try await Program.output(of: [
            "curl", "-fsS", "--unix-socket", engine.socket, "-H", "Content-Type: application/json",
            "-d", "@" + file, "http://docker/containers/create?name=\(name)",
        ])
        try await engine.docker("start", name)
    }
}
