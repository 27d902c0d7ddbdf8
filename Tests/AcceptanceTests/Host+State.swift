import Foundation

/// What a user does: edit files, commit, push.
extension Host {
    @discardableResult
    func git(_ words: String...) async throws -> String {
        let name = ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"]
        let identity = ["-c", "user.name=Olga Operator", "-c", "user.email=olga@example.org"]
        return try await Program.output(of: ["git", "-C", clone] + identity + words, environment: name)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(clone)/\(path)", encoding: .utf8)
    }

    func write(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(clone)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    /// Replaces a text that the file must contain.
    func replace(_ old: String, with new: String, in path: String) throws {
        let text = try read(path)
        guard text.contains(old) else { throw Failure("\(path) does not contain \(old)") }
        try write(path, text.replacingOccurrences(of: old, with: new))
    }

    func append(_ text: String, to path: String) throws { try write(path, try read(path) + text) }

    func delete(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(clone)/\(path)") }

    /// Copies the project's own example into the clone.
    func copyExample() throws {
        for item in try FileManager.default.contentsOfDirectory(atPath: Program.exampleState) {
            try FileManager.default.copyItem(
                atPath: "\(Program.exampleState)/\(item)", toPath: "\(clone)/\(item)")
        }
    }

    /// Commits and pushes everything; answers the commit's id.
    @discardableResult
    func push(_ subject: String = "a change") async throws -> String {
        try await git("add", "-A")
        try await git("commit", "-q", "-m", subject)
        try await git("push", "-q", "origin", "HEAD:main")
        return try await git("rev-parse", "HEAD")
    }

    /// Commits the opposite of the last commit, and pushes it.
    @discardableResult
    func revert() async throws -> String {
        try await git("revert", "--no-edit", "HEAD")
        try await git("push", "-q", "origin", "HEAD:main")
        return try await git("rev-parse", "HEAD")
    }
}
