import DesiredState
import Foundation
import GitSource
import Testing

/// The repository that people push to, and what its hooks see of a push.
struct ReceivingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a repository is made once, with the branch that clones check out`() async throws {
        let path = folder.path + "/made/state.git"
        try ReceivingRepository.make(at: path, branch: "live")
        #expect(try String(contentsOfFile: path + "/HEAD", encoding: .utf8) == "ref: refs/heads/live\n")
        try "kept".write(toFile: path + "/description", atomically: true, encoding: .utf8)
        try ReceivingRepository.make(at: path, branch: "main")
        #expect(try String(contentsOfFile: path + "/description", encoding: .utf8) == "kept")
        #expect(try String(contentsOfFile: path + "/HEAD", encoding: .utf8) == "ref: refs/heads/live\n")
    }

    @Test func `what else is there is left alone`() async throws {
        try FileManager.default.createDirectory(
            atPath: folder.path + "/mine", withIntermediateDirectories: false)
        let file = try folder.file("mine/notes", "text")
        let error = #expect(throws: GitError.self) {
            try ReceivingRepository.make(at: folder.path + "/mine", branch: "main")
        }
        #expect(error?.reason == "something else is there")
        #expect(FileManager.default.contents(atPath: file) == Data("text".utf8))
        try await Program.run(["git", "init", "-q", folder.path + "/work"])
        let tree = #expect(throws: GitError.self) {
            try ReceivingRepository.make(at: folder.path + "/work", branch: "main")
        }
        #expect(tree?.reason.contains("a repository with a work tree is there") == true)
        let name = #expect(throws: GitError.self) {
            try ReceivingRepository.make(at: folder.path + "/new", branch: "a..b")
        }
        #expect(name?.code == .invalid)
    }

    /// As git-receive-pack has it while `pre-receive` runs.
    @Test func `objects in quarantine are seen by the hook, and by nobody else`() async throws {
        let repository = try await GitRepository(in: folder)
        let first = try await repository.commit(["federation.yaml": "one"])
        let other = try await GitRepository(in: folder, name: "pusher.git")
        let pushed = try await other.commit(["federation.yaml": "two"])
        let quarantine = other.path + "/objects"
        do {
            let hook = try StateRepository(receivingAt: repository.path, quarantine: quarantine)
            let reading = try hook.readTree(at: pushed)
            #expect(reading.tree.files["federation.yaml"] == Array("two".utf8))
            let isDescendant = try hook.isDescendant(pushed, of: first)
            #expect(!isDescendant)
            var contained: [Bool] = []
            for commit in [String(first.prefix(7)), pushed, "1234567"] {
                contained.append(try hook.contains(commit, in: first))
            }
            #expect(contained == [true, false, false])
        }
        #expect(throws: GitError.self) {
            let accepted = try StateRepository(receivingAt: repository.path, quarantine: nil)
            _ = try accepted.readTree(at: pushed)
        }
    }
}
