import Foundation

/// A bare repository made by the real git, without anybody's configuration.
struct GitRepository {
    let path: String

    init(in folder: TemporaryFolder, name: String = "state.git") async throws {
        path = "\(folder.path)/\(name)"
        try await Self.git(["init", "--quiet", "--bare", "--initial-branch=main", path])
    }

    /// Commits these files on top of `parent` and moves the branch there.
    @discardableResult
    func commit(
        _ files: [String: String], parent: String? = nil, branch: String = "main",
        message: String = "a change"
    ) async throws -> String {
        try await commit(tree: await tree(files), parent: parent, branch: branch, message: message)
    }

    @discardableResult
    func commit(
        tree: String, parent: String? = nil, branch: String = "main", message: String = "a change"
    ) async throws -> String {
        let parents = parent.map { ["-p", $0] } ?? []
        let id = try await git(["commit-tree", tree, "-m", message] + parents)
        try await git(["update-ref", "refs/heads/\(branch)", id])
        return id
    }

    /// A tree of plain files; the keys are paths.
    func tree(_ files: [String: String]) async throws -> String {
        var entries: [Entry] = []
        for (folder, below) in Dictionary(grouping: files, by: { $0.key.split(separator: "/")[0] }) {
            if let file = below.first, file.key == String(folder) {
                entries.append(Entry("100644", String(folder), try await blob(Array(file.value.utf8))))
            } else {
                let inner = below.map { (String($0.key.dropFirst(folder.count + 1)), $0.value) }
                let id = try await tree(Dictionary(uniqueKeysWithValues: inner))
                entries.append(Entry("40000", String(folder), id))
            }
        }
        return try await tree(entries.sorted { $0.name.lexicographicallyPrecedes($1.name) })
    }

    /// A tree object with exactly these entries in this order, whether git likes them or not.
    func tree(_ entries: [Entry]) async throws -> String {
        let bytes = entries.flatMap(\.bytes)
        return try await git(["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], input: bytes)
    }

    func blob(_ bytes: [UInt8]) async throws -> String {
        try await git(["hash-object", "-w", "--stdin"], input: bytes)
    }

    @discardableResult
    func git(_ words: [String], input: [UInt8] = []) async throws -> String {
        try await Self.git(["-C", path] + words, input: input)
    }

    @discardableResult
    static func git(_ words: [String], input: [UInt8] = []) async throws -> String {
        let environment = [
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada Admin",
            "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_COMMITTER_NAME": "Ada Admin",
            "GIT_COMMITTER_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
            "GIT_COMMITTER_DATE": "1700000000 +0000",
        ]
        let output = try await Program.run(["git"] + words, input: input, environment: environment)
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

/// One line of a tree object.
struct Entry {
    let mode: String
    let name: [UInt8]
    let id: String

    init(_ mode: String, _ name: String, _ id: String) {
        self.init(mode, bytes: Array(name.utf8), id)
    }

    init(_ mode: String, bytes: [UInt8], _ id: String) {
        self.mode = mode
        self.name = bytes
        self.id = id
    }

    fileprivate var bytes: [UInt8] {
        let digits = stride(from: 0, to: 40, by: 2).compactMap {
            UInt8(id.dropFirst($0).prefix(2), radix: 16)
        }
        return Array(mode.utf8) + [0x20] + name + [0] + digits
    }
}
