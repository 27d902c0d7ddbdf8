import DesiredState
import Foundation
import GitSource
import Testing

struct TreeReadingTests {
    private let folder: TemporaryFolder
    private let origin: GitRepository
    private let blob: String

    init() async throws {
        folder = try TemporaryFolder()
        origin = try await GitRepository(in: folder)
        blob = try await origin.blob(Array("id: 9999\n".utf8))
    }

    /// Reads a commit of these entries at the top.
    private func read(_ entries: [Entry], folder: String? = nil) async throws -> TreeReading {
        let commit = try await origin.commit(tree: origin.tree(entries))
        let repository = try StateRepository(opening: origin.path)
        return try repository.readTree(at: commit, folder: folder)
    }

    private func inFolder(_ name: String, _ entries: [Entry]) async throws -> Entry {
        Entry("40000", name, try await origin.tree(entries))
    }

    private func codes(_ reading: TreeReading) -> [String] {
        reading.diagnostics.map { "\($0.code) \($0.location.file)" }
    }

    @Test func `every file is read, with the names that FATE needs`() async throws {
        let names = [
            "blueprints/fate-1.5.1/compose.yaml",
            "blueprints/fate-1.5.1/confs/create-eggroll-meta-tables.sql",
            "parties/10000/party.yaml", "parties/10000/confs/route_table.json", "parties/10000/README.md",
            "federation.yaml",
        ]
        let commit = try await origin.commit(
            Dictionary(uniqueKeysWithValues: names.map { ($0, "content of \($0)") }))
        let repository = try StateRepository(opening: origin.path)
        let reading = try repository.readTree(at: commit)
        #expect(reading.tree.files.keys.sorted() == names.sorted())
        #expect(reading.tree.files["federation.yaml"] == Array("content of federation.yaml".utf8))
        #expect(reading.diagnostics == [])
        #expect(reading.isComplete)
    }

    @Test func `of a directory with a choice only what the other files ask for is read`() async throws {
        let names = [
            "blueprints/used/a/b", "blueprints/spare/a", "blueprints/README.md", "parties/1/used", "z",
        ]
        let commit = try await origin.commit(Dictionary(uniqueKeysWithValues: names.map { ($0, "x") }))
        let repository = try StateRepository(opening: origin.path)
        let choice = DirectoryChoice(in: "blueprints") { outside in
            #expect(outside.files.keys.sorted() == ["parties/1/used", "z"])
            return ["used", "absent"]
        }
        let reading = try repository.readTree(at: commit, choice: choice)
        #expect(reading.tree.files.keys.sorted() == names.filter { $0 != "blueprints/spare/a" }.sorted())
        #expect(reading.diagnostics == [] && reading.isComplete)
    }

    @Test func `what every repository has beside the state is left out without a word`() async throws {
        let github = try await origin.tree([Entry("100644", "ci.yaml", blob)])
        let reading = try await read([
            Entry("40000", ".github", github), Entry("100644", ".gitignore", blob),
            Entry("100644", "LICENSE", blob),
            Entry("100644", "README.md", blob), Entry("100644", "federation.yaml", blob),
            try await inFolder("parties", [Entry("100644", ".gitkeep", blob)]),
        ])
        #expect(reading.tree.files.keys.sorted() == ["federation.yaml"])
        #expect(reading.diagnostics == [])
    }

    @Test func `a folder of a larger repository is read alone, and paths start there`() async throws {
        let state = try await inFolder("state", [Entry("100644", "federation.yaml", blob)])
        let entries = [try await inFolder("deploy", [state]), Entry("120000", "link", blob)]
        for path in ["deploy/state", "/deploy/state/", "./deploy/./state"] {
            let reading = try await read(entries, folder: path)
            #expect(reading.tree.files.keys.sorted() == ["federation.yaml"])
            #expect(reading.diagnostics == [])
        }
    }

    @Test(arguments: ["nowhere", "deploy/state", "..", "file"])
    func `a folder that is not there is an error`(_ path: String) async throws {
        let error = await #expect(throws: GitError.self) {
            try await read([Entry("100644", "file", blob)], folder: path)
        }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: [
        ("..", "is reserved"), (".", "is reserved"), (".git", "reserved for git"),
        (".GIT", "reserved for git"),
        ("git~1", "reserved for git"), ("a/b", "contains \"/\""), ("a\\b", "contains \"\\\""),
        ("a\nb", "control character U+000A"), ("a\u{1B}[31mb", "control character U+001B"),
        ("a\u{202E}b", "control character U+202E"), ("a b", "contains \" \""), ("é", "contains U+00E9"),
        ("-rf", "must start"), (".hidden", "must start"),
    ])
    func `a dangerous name is refused, shown harmlessly, and the others are read`(
        _ name: String, _ reason: String
    ) async throws {
        let party = try await inFolder(
            "parties", [Entry("100644", name, blob), Entry("100644", "party.yaml", blob)])
        let reading = try await read([party])
        #expect(reading.tree.files.keys.sorted() == ["parties/party.yaml"])
        let diagnostic = try #require(reading.diagnostics.first)
        #expect(reading.diagnostics.count == 1)
        #expect(diagnostic.code == "E-TREE-NAME")
        #expect(diagnostic.message.contains(reason), "\(diagnostic)")
        let shown = diagnostic.description
        #expect(shown == shown.escapingControls)
    }

    @Test func `the same names are refused at the top`() async throws {
        let reading = try await read(["..", ".", ".git", "a/b"].map { Entry("100644", $0, blob) })
        #expect(Set(reading.diagnostics.map(\.code)) == ["E-TREE-NAME"])
        #expect(reading.diagnostics.count == 4)
    }

    @Test func `a name that is not UTF-8 is refused`() async throws {
        let reading = try await read([Entry("100644", bytes: [0x61, 0xFF], blob)])
        #expect(reading.diagnostics.map(\.code) == ["E-TREE-NAME"])
    }

    @Test func `duplicate names and names that differ only in case are refused`() async throws {
        let file = Entry("100644", "party.yaml", blob)
        let twice = try await inFolder("9998", [file, file])
        let cased = try await inFolder("9999", [Entry("100644", "Party.yaml", blob), file])
        let reading = try await read([try await inFolder("parties", [twice, cased])])
        #expect(
            codes(reading) == ["E-TREE-DUP parties/9998/party.yaml", "E-TREE-CASE parties/9999/party.yaml"])
    }

    @Test func `links and submodules are refused by their mode`() async throws {
        let target = try await origin.blob(Array("../../etc/shadow\u{1B}".utf8))
        let reading = try await read([
            try await inFolder(
                "parties",
                [
                    Entry("120000", "9997", target), Entry("160000", "9998", blob),
                    Entry("10755", "9999", blob),
                ])
        ])
        #expect(reading.tree.files == [:])
        #expect(codes(reading) == ["E-MODE parties/9997", "E-MODE parties/9998", "E-MODE parties/9999"])
        #expect(reading.diagnostics[0].message.contains(#"to "../../etc/shadow\u001b""#))
    }

    @Test func `an executable file is read with a warning`() async throws {
        let reading = try await read([
            Entry("100755", "federation.yaml", blob), Entry("100664", "old.yaml", blob),
        ])
        #expect(reading.tree.files.keys.sorted() == ["federation.yaml", "old.yaml"])
        #expect(codes(reading) == ["W-MODE federation.yaml"])
        #expect(reading.diagnostics.first?.severity == .warning)
    }

    @Test func `an entry whose object is of another type is refused`() async throws {
        let tree = try await origin.tree([Entry("100644", "party.yaml", blob)])
        let reading = try await read([Entry("100644", "file", tree), Entry("40000", "folder", blob)])
        #expect(codes(reading) == ["E-GIT-TYPE file", "E-GIT-TYPE folder"])
    }

    @Test func `an object that is missing or damaged is refused where it stands`() async throws {
        let damaged = try await origin.blob(Array("a: 1\n".utf8))
        let commit = try await origin.commit(
            tree: origin.tree([
                Entry("100644", "damaged", damaged), Entry("100644", "fine", blob),
                Entry("100644", "missing", String(repeating: "12", count: 20)),
            ]))
        try await LooseObject(damaged, in: origin).write(header: "blob 5", content: "a: 2\n")
        let repository = try StateRepository(opening: origin.path)
        let reading = try repository.readTree(at: commit)
        #expect(reading.tree.files.keys.sorted() == ["fine"])
        #expect(codes(reading) == ["E-GIT-CORRUPT damaged", "E-GIT-CORRUPT missing"])
    }

    @Test func `a commit whose root is missing cannot be read at all`() async throws {
        let tree = try await origin.tree([Entry("100644", "a", blob)])
        let commit = try await origin.commit(tree: tree)
        try FileManager.default.removeItem(atPath: LooseObject(tree, in: origin).file)
        let error = #expect(throws: GitError.self) {
            let repository = try StateRepository(opening: origin.path)
            _ = try repository.readTree(at: commit)
        }
        #expect(error?.operation == "read the files of \(commit)")
    }

    @Test func `a Git LFS pointer is not taken for the file`() async throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n"
        let reading = try await read([
            Entry("100644", "party.yaml", try await origin.blob(Array(pointer.utf8)))
        ])
        #expect(codes(reading) == ["E-LFS party.yaml"])
    }
}
