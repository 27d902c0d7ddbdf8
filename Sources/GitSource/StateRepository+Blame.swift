internal import CGit2
public import DesiredState

extension StateRepository {
    /// The commit that wrote a line last, as seen from another one.
    ///
    /// - Parameters:
    ///   - path: Below the root of the repository.
    ///   - line: Counted from 1.
    /// - Throws: `GitError`, code `.notFound` when the commit has no such file or line.
    public func author(
        ofLine line: Int, of path: String, at commit: String, branch: String
    ) throws(GitError) -> Revision {
        let operation = "find who wrote \(path):\(line)"
        var options = git_blame_options()
        try GitError.check(operation) {
            git_blame_options_init(&options, UInt32(GIT_BLAME_OPTIONS_VERSION))
        }
        options.newest_commit = try git_oid(commit: commit)
        (options.min_line, options.max_line) = (line, line)
        let blame = try GitHandle(operation, free: git_blame_free) { pointer in
            git_blame_file(&pointer, handle.pointer, path, &options)
        }
        guard let hunk = git_blame_get_hunk_byline(blame.pointer, line)?.pointee else {
            throw GitError(.notFound, operation, "there is no such line in \(commit)")
        }
        return try revision(hunk.final_commit_id.hexadecimal, branch: branch)
    }
}
