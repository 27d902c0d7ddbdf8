import DesiredState
import Foundation
import GitSource
import Testing

struct HistoryTests {
    private let folder: TemporaryFolder
    private let origin: GitRepository

    init() async throws {
        folder = try TemporaryFolder()
        origin = try await GitRepository(in: folder)
    }

    @Test func `a commit descends from itself and its ancestors, through merges too`() async throws {
        // base -- left --- merge
        //     \-- right --/
        let base = try await origin.commit(["a": "0"])
        let left = try await origin.commit(["a": "1"], parent: base)
        let right = try await origin.commit(["a": "2"], parent: base)
        let tree = try await origin.tree(["a": "3"])
        let merge = try await origin.git(["commit-tree", tree, "-m", "merge", "-p", left, "-p", right])
        let repository = try StateRepository(opening: origin.path)
        for ancestor in [base, left, right, merge] {
            let descends = try repository.isDescendant(merge, of: ancestor)
            #expect(descends)
        }
        for (commit, stranger) in [(left, right), (base, left), (left, merge)] {
            let descends = try repository.isDescendant(commit, of: stranger)
            #expect(!descends)
        }
    }

    @Test func `a branch that grew is followed`() async throws {
        let first = try await origin.commit(["a": "1"])
        let second = try await origin.commit(["a": "2"], parent: first)
        let repository = try StateRepository(opening: origin.path)
        try repository.requireGrowth(of: "main", from: first, to: second)
        try repository.requireGrowth(of: "main", from: second, to: second)
    }

    @Test func `a rewritten branch is refused, with both commits and the way to accept it`() async throws {
        let base = try await origin.commit(["a": "0"])
        let applied = try await origin.commit(["a": "1"], parent: base)
        let tip = try await origin.commit(["a": "2"], parent: base)
        let lost = String(repeating: "ab", count: 20)
        for known in [applied, lost] {
            let error = #expect(throws: GitError.self) {
                let repository = try StateRepository(opening: origin.path)
                try repository.requireGrowth(of: "main", from: known, to: tip)
            }
            #expect(error?.code == .rewritten)
            #expect(
                error?.description
                    == "cannot follow branch main to \(tip): it no longer contains \(known), the"
                    + " revision applied last: the history was rewritten; if that was intended, run:"
                    + " fatesync accept-history \(tip)")
        }
    }

    @Test func `going back to an older commit is a rewritten branch`() async throws {
        let first = try await origin.commit(["a": "1"])
        let second = try await origin.commit(["a": "2"], parent: first)
        let error = #expect(throws: GitError.self) {
            let repository = try StateRepository(opening: origin.path)
            try repository.requireGrowth(of: "main", from: second, to: first)
        }
        #expect(error?.code == .rewritten)
    }

    @Test func `an unknown ancestor is not found, and no id is no commit`() async throws {
        let tip = try await origin.commit(["a": "1"])
        for (ancestor, code) in [
            (String(repeating: "0", count: 40), GitError.Code.notFound), ("main", .invalid),
        ] {
            let error = #expect(throws: GitError.self) {
                let repository = try StateRepository(opening: origin.path)
                _ = try repository.isDescendant(tip, of: ancestor)
            }
            #expect(error?.code == code)
        }
    }

    @Test func `a revision tells author, subject and time`() async throws {
        let id = try await origin.commit(["a": "1"], message: "Add party 9998\n\nIt joins on Monday.")
        let repository = try StateRepository(opening: origin.path)
        let revision = try repository.revision(id, branch: "main")
        #expect(revision.commit == id)
        #expect(revision.branch == "main")
        #expect(revision.author == "Ada Admin <ada@example.org>")
        #expect(revision.subject == "Add party 9998")
        #expect(revision.time == 1_700_000_000)
    }

    @Test func `a branch that was never fetched has no tip`() async throws {
        let repository = try StateRepository(opening: origin.path)
        let tip = try repository.tip(of: "main")
        #expect(tip == nil)
    }

    @Test func `a repository that is not there is not found`() {
        let error = #expect(throws: GitError.self) {
            _ = try StateRepository(opening: folder.path + "/none").tip(of: "main")
        }
        #expect(error?.code == .notFound)
    }
}
