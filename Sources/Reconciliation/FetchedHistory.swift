public import DesiredState
import GitSource

/// The commits that the last fetch brought, for people who name one of them.
public struct FetchedHistory: Sendable {
    private let configuration: WatcherConfiguration

    public init(_ configuration: WatcherConfiguration) {
        self.configuration = configuration
    }

    /// The commit that begins with these digits.
    ///
    /// - Parameter party: Must have its file in that commit; `nil` for the host.
    /// - Throws: `OrderError` when the branch does not contain the commit, because nobody reviewed it then.
    public func find(_ digits: String, for party: String? = nil) throws -> Revision {
        let repository = try open()
        let (tip, commit) = (try tip(in: repository), try repository.find(digits))
        guard try repository.isDescendant(tip, of: commit) else {
            throw OrderError(
                "cannot use \(commit): branch \(configuration.branch), which is at \(tip), does not contain it"
            )
        }
        if let party {
            let tree = try repository.readTree(at: commit, folder: configuration.folder).tree
            guard tree.files["parties/\(party)/party.yaml"] != nil else {
                throw OrderError("cannot use \(commit) for party \(party): the party is not in that commit")
            }
        }
        return try repository.revision(commit, branch: configuration.branch)
    }

    /// The newest revision that all parties of the host had reached before the present one.
    ///
    /// The present one is what the host is pinned to, or the tip of the branch, whether or not it was reached.
    public func lastReached() throws -> Revision {
        let repository = try open()
        let pin = try OperatorOrders.read(from: configuration.stateDirectory).pin(of: nil)
        let present = try pin?.revision.commit ?? tip(in: repository)
        let reached = try HostState.read(configuration.stateDirectory.hostState).reached ?? []
        let end = reached.lastIndex { $0.commit == present } ?? reached.endIndex
        for revision in reached[..<end].reversed() where revision.commit != present {
            // One that a rewritten branch has lost is no way back.
            if try repository.find(revision.commit, before: present) { return revision }
        }
        throw OrderError(
            "this host has reached no revision before \(present.prefix(12)) that it remembers; name one, such as "
                + "`fatesync rollback REVISION`; `fatesync audit list` shows those that it has seen"
        )
    }

    /// The tip of the branch, if it does not contain what was applied and these digits are its own.
    public func rewrittenTip(_ digits: String) throws -> Revision {
        let repository = try open()
        let (tip, commit) = (try tip(in: repository), try repository.find(digits))
        guard commit == tip else {
            throw OrderError(
                "cannot accept \(commit): branch \(configuration.branch) is at \(tip); only its newest commit "
                    + "can be accepted, after you have looked at it")
        }
        let memory = try HostState.read(configuration.stateDirectory.hostState)
        let known = memory.parties.values.compactMap(\.applied?.commit) + (memory.accepted.map { [$0] } ?? [])
        let isGrowth = try known.allSatisfy { commit in
            let required = memory.replaced[commit] ?? commit
            return try required == tip || repository.find(required, before: tip)
        }
        guard !isGrowth else {
            throw OrderError(
                "there is nothing to accept: branch \(configuration.branch) at \(tip) contains all that was applied"
            )
        }
        return try repository.revision(tip, branch: configuration.branch)
    }

    private func open() throws -> StateRepository {
        try configuration.openRepository()
    }

    private func tip(in repository: borrowing StateRepository) throws -> String {
        guard let tip = try repository.tip(of: configuration.branch) else {
            throw OrderError(
                "branch \(configuration.branch) was not fetched yet; `fatesync plan` fetches it")
        }
        return tip
    }
}

extension StateRepository {
    /// Whether a commit is here, and the other one descends from it.
    fileprivate func find(_ commit: String, before other: String) throws(GitError) -> Bool {
        do throws(GitError) {
            return try isDescendant(other, of: commit)
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }
}

/// Why something that a person asked for is not done.
public struct OrderError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
