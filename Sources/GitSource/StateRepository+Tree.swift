internal import CGit2

extension StateRepository {
    /// Reads all files of a commit below `folder`, or below the root.
    ///
    /// Every entry that breaks a rule becomes a diagnostic, and the others are read all the same. Not read and not
    /// reported: `.gitignore`, `.gitattributes` and `.gitkeep` anywhere; at the top also `README*`, `LICENSE*` and
    /// everything else whose name starts with a dot.
    ///
    /// With a `choice` only some subdirectories of one directory at the top are read.
    ///
    /// - Throws: `GitError` if the commit, its root or the folder cannot be read at all.
    public func readTree(
        at commit: String, folder: String? = nil, choice: DirectoryChoice? = nil
    ) throws(GitError) -> TreeReading {
        let object = try lookup(commit)
        var root = git_commit_tree_id(object.pointer).pointee.bytes
        for name in (folder ?? "").split(separator: "/") where name != "." {
            root = try subdirectory(String(name), of: root, folder: folder ?? "", commit: commit)
        }
        var walk = TreeWalk(choice: choice)
        walk.all(below: root, of: self)
        if let failure = walk.rootFailure {
            throw GitError(failure.code, "read the files of \(commit)", failure.reason)
        }
        return walk.reading
    }

    private func subdirectory(
        _ name: String, of tree: [UInt8], folder: String, commit: String
    ) throws(GitError) -> [UInt8] {
        let operation = "read folder \(folder) of \(commit)"
        guard try header(of: tree).size <= Limits.treeBytes, let entries = TreeEntry.parse(try read(tree))
        else {
            throw GitError(.limit, operation, "the directory that holds \(name) is too large or damaged")
        }
        guard let entry = entries.first(where: { $0.name == Array(name.utf8) && $0.kind == .directory })
        else {
            throw GitError(.notFound, operation, "there is no directory \(name) in that revision")
        }
        return entry.id
    }
}
