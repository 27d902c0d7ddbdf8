internal import CGit2

extension StateRepository {
    /// The full id of a commit of which at least seven digits are given.
    ///
    /// - Throws: `GitError`, code `.notFound` if no commit here begins with them, `.invalid` if several do.
    public func find(_ digits: String) throws(GitError) -> String {
        let operation = "find the commit \"\(digits.prefix(80))\""
        let count = digits.utf8.count
        var id = git_oid()
        guard 7...40 ~= count, git_oid_fromstrn(&id, digits, count) == 0 else {
            throw GitError(.invalid, operation, "write at least 7 of its 40 hexadecimal digits")
        }
        let commit = try GitHandle(operation, free: git_commit_free) { pointer in
            git_commit_lookup_prefix(&pointer, handle.pointer, &id, count)
        }
        return git_commit_id(commit.pointer).pointee.hexadecimal
    }

    /// Whether `ancestor` can be reached from `commit` through parents; a commit descends from itself.
    ///
    /// - Throws: `GitError`, code `.notFound` if either commit is not here.
    public func isDescendant(_ commit: String, of ancestor: String) throws(GitError) -> Bool {
        _ = try lookup(commit)
        _ = try lookup(ancestor)
        guard commit != ancestor else { return true }
        var (younger, older) = (try git_oid(commit: commit), try git_oid(commit: ancestor))
        var result: Int32 = 0
        try GitError.check("compare the history of \(commit) and \(ancestor)") {
            result = git_graph_descendant_of(handle.pointer, &younger, &older)
            return result
        }
        return result == 1
    }

    /// The rule that history only grows: a new tip must contain the revision that was applied last.
    ///
    /// Otherwise a branch that was reset or replaced would silently take changes back.
    ///
    /// - Throws: `GitError`, code `.rewritten` with both commits and the way to accept the new history.
    public func requireGrowth(of branch: String, from applied: String, to tip: String) throws(GitError) {
        let isKnown: Bool
        do {
            _ = try lookup(applied)
            isKnown = true
        } catch  where error.code == .notFound {
            isKnown = false
        }
        if isKnown, try isDescendant(tip, of: applied) { return }
        throw GitError(
            .rewritten, "follow branch \(branch) to \(tip)",
            "it no longer contains \(applied), the revision applied last: the history was rewritten;"
                + " if that was intended, run: fatesync accept-history \(tip)")
    }
}

extension StateRepository {
    /// Whether a commit is here and can be reached from `tip`.
    ///
    /// - Parameter beginning: At least 7 hexadecimal digits that no other commit here begins with.
    public func contains(_ beginning: String, in tip: String) throws(GitError) -> Bool {
        var id = git_oid()
        guard git_oid_fromstrn(&id, beginning, beginning.utf8.count) == 0 else { return false }
        let found: String
        do {
            let commit = try GitHandle("find commit \(beginning) in \(path)", free: git_commit_free) {
                pointer in
                git_commit_lookup_prefix(&pointer, handle.pointer, &id, beginning.utf8.count)
            }
            guard let full = git_commit_id(commit.pointer) else { return false }
            found = full.pointee.hexadecimal
        } catch  where error.code == .notFound {
            return false
        }
        return try isDescendant(tip, of: found)
    }
}
