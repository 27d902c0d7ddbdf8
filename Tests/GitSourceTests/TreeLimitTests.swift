import DesiredState
import Foundation
import GitSource
import Testing

struct TreeLimitTests {
    private let folder: TemporaryFolder
    private let origin: GitRepository
    private let blob: String

    init() async throws {
        folder = try TemporaryFolder()
        origin = try await GitRepository(in: folder)
        blob = try await origin.blob(Array("id: 9999\n".utf8))
    }

    private func read(_ entries: [Entry]) async throws -> TreeReading {
        let commit = try await origin.commit(tree: origin.tree(entries))
        let repository = try StateRepository(opening: origin.path)
        return try repository.readTree(at: commit)
    }

    @Test func `a file of 256 KiB is read, one byte more is refused`() async throws {
        let most = try await origin.blob([UInt8](repeating: 0x61, count: 256 << 10))
        let more = try await origin.blob([UInt8](repeating: 0x61, count: (256 << 10) + 1))
        let reading = try await read([Entry("100644", "more", more), Entry("100644", "most", most)])
        #expect(reading.tree.files.keys.sorted() == ["most"])
        #expect(
            reading.diagnostics.map(\.description) == [
                "more:1:1: error E-LIMIT: the file has 262145 bytes; at most 262144 are allowed"
            ])
        #expect(reading.isComplete)
    }

    /// The object's content is cut off after its header: whoever reads it gets an error instead of the size.
    @Test func `an oversize file is refused before it is read`() async throws {
        let id = try await origin.blob(Array("to be replaced".utf8))
        let commit = try await origin.commit(tree: origin.tree([Entry("100644", "huge", id)]))
        try await LooseObject(id, in: origin).write(header: "blob 734003200", content: "")
        let repository = try StateRepository(opening: origin.path)
        let reading = try repository.readTree(at: commit)
        #expect(reading.diagnostics.map(\.code) == ["E-LIMIT"])
        #expect(reading.diagnostics.first?.message.contains("734003200 bytes") == true)
    }

    @Test func `a name of 64 bytes is read, a longer one is refused`() async throws {
        let most = String(repeating: "a", count: 64)
        let more = String(repeating: "b", count: 256)
        let reading = try await read([Entry("100644", most, blob), Entry("100644", more, blob)])
        #expect(reading.tree.files.keys.sorted() == [most])
        #expect(reading.diagnostics.map(\.code) == ["E-LIMIT"])
    }

    @Test func `eight names deep is read, forty are refused where nine are reached`() async throws {
        var tree = try await origin.tree([Entry("100644", "file", blob)])
        for depth in 1..<40 {
            let file = depth == 33 ? [Entry("100644", "file", blob)] : []
            tree = try await origin.tree([Entry("40000", "d", tree)] + file)
        }
        let reading = try await read([Entry("40000", "d", tree)])
        #expect(reading.tree.files.keys.sorted() == ["d/d/d/d/d/d/d/file"])
        #expect(reading.diagnostics.map(\.location.file) == ["d/d/d/d/d/d/d/d/d"])
        #expect(reading.diagnostics.map(\.code) == ["E-LIMIT"])
    }

    @Test func `more than two thousand files, or 16 MiB, stop the reading and say so`() async throws {
        let files = (0...2000).map { Entry("100644", "f\(10_000 + $0)", blob) }
        let many = try await read(files)
        #expect(many.diagnostics.map(\.code) == ["E-LIMIT"])
        #expect(!many.isComplete)
        let large = try await origin.blob([UInt8](repeating: 0x61, count: 250 << 10))
        let heavy = try await read((0..<70).map { Entry("100644", "f\(10 + $0)", large) })
        #expect(heavy.diagnostics.map(\.code) == ["E-LIMIT"])
        #expect(!heavy.isComplete)
    }

    @Test func `a directory with a hundred thousand entries is refused unread, the rest is read`()
        async throws
    {
        let entries = (0...100_000).map { Entry("100644", "f\(100_000 + $0)", blob) }
        let huge = Entry("40000", "huge", try await origin.tree(entries))
        let beside = try await read([Entry("100644", "federation.yaml", blob), huge])
        #expect(beside.diagnostics.map { "\($0.code) \($0.location.file)" } == ["E-LIMIT huge"])
        #expect(beside.tree.files.keys.sorted() == ["federation.yaml"])
        #expect(beside.isComplete)
        let top = try await read(entries)
        #expect(top.diagnostics.map { "\($0.code) \($0.location.file)" } == ["E-LIMIT ."])
        #expect(!top.isComplete)
    }

    /// Seven levels of the same thousand directories: 10^21 paths in a few KiB.
    @Test(.timeLimit(.minutes(1)))
    func `a few objects that unfold into a huge tree are stopped`() async throws {
        var tree = try await origin.tree([Entry]())
        for _ in 0..<7 {
            let id = tree
            tree = try await origin.tree((0..<1000).map { Entry("40000", "d\(1000 + $0)", id) })
        }
        let commit = try await origin.commit(tree: tree)
        let repository = try StateRepository(opening: origin.path)
        let reading = try repository.readTree(at: commit)
        #expect(!reading.isComplete)
        #expect(reading.diagnostics.map(\.code) == ["E-LIMIT"])
    }

    @Test func `an endless list of mistakes is cut, and then nothing counts as read`() async throws {
        let reading = try await read((0..<500).map { Entry("120000", "link\(100 + $0)", blob) })
        #expect(reading.diagnostics.count == 200)
        #expect(!reading.isComplete)
    }
}
