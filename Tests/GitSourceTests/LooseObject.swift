import Foundation

/// A loose object of a repository, to be damaged.
struct LooseObject {
    let file: String

    init(_ id: String, in repository: GitRepository) {
        file = "\(repository.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    }

    /// Replaces the object by one that claims the same id; the content may be shorter than the header says.
    func write(header: String, content: String) async throws {
        let script = "import sys, zlib; sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read()))"
        let bytes = Array(header.utf8) + [0] + Array(content.utf8)
        let packed = try await Program.run(["/usr/bin/python3", "-c", script], input: bytes)
        try FileManager.default.removeItem(atPath: file)
        try Data(packed).write(to: URL(fileURLWithPath: file))
    }
}
