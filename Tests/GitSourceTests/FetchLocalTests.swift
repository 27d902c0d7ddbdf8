import DesiredState
import Foundation
import GitSource
import Testing

struct FetchLocalTests {
    private let folder: TemporaryFolder
    private let origin: GitRepository
    private let first: String

    init() async throws {
        folder = try TemporaryFolder()
        origin = try await GitRepository(in: folder)
        first = try await origin.commit(["federation.yaml": "one"])
    }

    private var bare: String { folder.path + "/bare" }

    private func fetch(_ repository: String? = nil, branch: String = "main") async throws(GitError) -> String
    {
        let request = FetchRequest(
            repository: repository ?? origin.path, branch: branch, bareRepository: bare, deadlineSeconds: 20)
        return try await FetchProcess(executable: Program.fatesync).fetch(request)
    }

    @Test func `a path gives the tip and its files`() async throws {
        #expect(try await fetch() == first)
        let repository = try StateRepository(opening: bare)
        let tip = try repository.tip(of: "main")
        let reading = try repository.readTree(at: first)
        #expect(tip == first)
        #expect(reading.tree.files == ["federation.yaml": Array("one".utf8)])
    }

    @Test func `every further fetch follows the branch, also when history was rewritten`() async throws {
        _ = try await fetch()
        let second = try await origin.commit(["federation.yaml": "two"], parent: first)
        #expect(try await fetch() == second)
        let unrelated = try await origin.commit(["federation.yaml": "three"])
        #expect(try await fetch() == unrelated)
        #expect(try await fetch() == unrelated)
        let repository = try StateRepository(opening: bare)
        let tip = try repository.tip(of: "main")
        #expect(tip == unrelated)
    }

    @Test(arguments: ["with space.git", "colon:in.git", "100%.git", "ümlaut.git"])
    func `a path with special characters works, plain and as file URL`(_ name: String) async throws {
        let special = try await GitRepository(in: folder, name: name)
        let tip = try await special.commit(["a": "b"])
        #expect(try await fetch(special.path) == tip)
        let encoded = try #require(special.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed))
        #expect(try await fetch("file://" + encoded) == tip)
    }

    @Test func `a repository of another user can be served`() async throws {
        try await Program.run(["chown", "-R", "nobody", origin.path])
        #expect(try await fetch() == first)
    }

    @Test func `our own repository of another user is refused`() async throws {
        _ = try await fetch()
        try await Program.run(["chown", "-R", "nobody", bare])
        let error = await #expect(throws: GitError.self) { try await fetch() }
        #expect(error?.code == .invalid)
        #expect(error?.reason.contains("belongs to user") == true)
    }

    @Test func `nobody else may read what was fetched`() async throws {
        _ = try await fetch()
        let open = try await Program.run(["find", bare, "-perm", "/077", "!", "-type", "l"])
        #expect(String(decoding: open, as: UTF8.self) == "")
    }

    @Test func `only the branch is fetched: no tag, no other branch`() async throws {
        try await origin.git(["tag", "v1", first])
        try await origin.commit(["a": "b"], branch: "other")
        _ = try await fetch()
        let references = try await GitRepository.git(["-C", bare, "for-each-ref", "--format=%(refname)"])
        #expect(references == "refs/fatesync/fetched/main")
    }

    @Test func `a missing branch is named together with those that exist`() async throws {
        try await origin.commit(["a": "b"], branch: "production")
        let error = await #expect(throws: GitError.self) { try await fetch(branch: "prod") }
        #expect(error?.code == .notFound)
        #expect(error?.reason == "the repository has no such branch; it has main, production")
    }

    @Test func `a repository without commits is empty, not broken`() async throws {
        let empty = try await GitRepository(in: folder, name: "empty.git")
        let error = await #expect(throws: GitError.self) { try await fetch(empty.path) }
        #expect(error?.code == .empty)
    }

    @Test(arguments: ["/nonexistent/state.git", "/etc"])
    func `a path without a repository is not found`(_ path: String) async {
        let error = await #expect(throws: GitError.self) { try await fetch(path) }
        #expect(error?.code == .notFound)
        #expect(
            error?.description == "cannot fetch branch main of \(path): there is no git repository at \(path)"
        )
    }

    @Test(arguments: ["", "a..b", "-x", "a b", "a\u{7}", "x.lock"])
    func `a name that git does not allow for a branch is refused`(_ branch: String) async {
        let error = await #expect(throws: GitError.self) { try await fetch(branch: branch) }
        #expect(error?.code == .invalid)
    }

    @Test func `what a killed fetch left behind neither blocks the next one nor stays`() async throws {
        _ = try await fetch()
        let second = try await origin.commit(["federation.yaml": "two"], parent: first)
        let leftovers = [
            bare + "/refs/fatesync/fetched/main.lock", bare + "/objects/pack/pack_git2_0123456789abcdef",
        ]
        for file in leftovers { try Data("half".utf8).write(to: URL(fileURLWithPath: file)) }
        #expect(try await fetch() == second)
        for file in leftovers { #expect(!FileManager.default.fileExists(atPath: file)) }
    }

    @Test(arguments: ["objects", "config.lock", "HEAD.lock"])
    func `a repository whose making was interrupted is completed`(_ made: String) async throws {
        try FileManager.default.createDirectory(atPath: bare + "/objects", withIntermediateDirectories: true)
        if made != "objects" { try Data("half".utf8).write(to: URL(fileURLWithPath: "\(bare)/\(made)")) }
        #expect(try await fetch() == first)
    }

    @Test func `many fetches at once give the same answer`() async throws {
        let tips = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 { group.addTask { try await fetch() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(tips == Array(repeating: first, count: 6))
    }
}
