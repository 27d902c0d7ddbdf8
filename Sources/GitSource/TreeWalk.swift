internal import DesiredState

/// One walk through the directories of a revision: collects files and what is wrong.
struct TreeWalk {
    private(set) var rootFailure: GitError?
    private let choice: DirectoryChoice?
    /// The directory of the choice, until it is known what is wanted of it.
    private var postponed: TreeEntry?
    private var wanted: Set<String>?
    private var files: [String: [UInt8]] = [:]
    /// Bytes of files and of directory listings: the same directory may stand in a tree very often.
    private var totalBytes = 0
    private var directories = 0
    private var diagnostics: [Diagnostic] = []
    private var errors = 0
    private var isComplete = true

    var reading: TreeReading {
        TreeReading(tree: SourceTree(files: files), diagnostics: diagnostics.sorted(), isComplete: isComplete)
    }

    init(choice: DirectoryChoice? = nil) {
        self.choice = choice
    }

    /// Reads everything below the directory `root` that is wanted.
    mutating func all(below root: [UInt8], of repository: borrowing StateRepository) {
        directory(root, at: [], of: repository)
        guard let postponed, let choice, isComplete else { return }
        wanted = choice.wanted(SourceTree(files: files))
        directory(postponed.id, at: [choice.directory], of: repository)
    }

    /// Reads the directory `id`, whose names from the top are `path`.
    private mutating func directory(
        _ id: [UInt8], at path: [String], of repository: borrowing StateRepository
    ) {
        directories += 1
        guard directories <= Limits.directories else {
            return stop(path, "the revision has more than \(Limits.directories) directories")
        }
        guard let entries = entries(of: id, at: path, repository) else { return }
        var seen: [String: String] = [:]
        for entry in entries where isComplete {
            guard !EntryName.isIgnored(entry.name, atTop: path.isEmpty) else { continue }
            let name = String(decoding: entry.name, as: UTF8.self)
            let place = path + [name]
            if let violation = EntryName.violation(entry.name) {
                report(violation.code, place, "the name \"\(name.prefix(80))\" \(violation.reason)")
            } else if let other = seen.updateValue(name, forKey: name.lowercased()) {
                reportClash(place, name, other)
            } else if place.count > Limits.depth {
                report(
                    "E-LIMIT", place,
                    "the path is \(place.count) names deep; at most \(Limits.depth) are allowed")
            } else {
                read(entry, at: place, repository)
            }
        }
    }

    private mutating func read(_ entry: TreeEntry, at path: [String], _ repository: borrowing StateRepository)
    {
        switch entry.kind {
        case .directory where path.count == 1 && path[0] == choice?.directory:
            postponed = entry
        case .directory where path.count == 2 && path[0] == choice?.directory && !isWanted(path[1]):
            break
        case .directory:
            directory(entry.id, at: path, of: repository)
        case .file(let isExecutable):
            if isExecutable {
                report("W-MODE", path, "the executable bit has no effect; remove it", severity: .warning)
            }
            file(entry, at: path, repository)
        case .link:
            let target = linkTarget(entry, repository)
            report("E-MODE", path, "a symbolic link\(target); commit the file itself")
        case .submodule:
            report("E-MODE", path, "a submodule; commit the files themselves")
        case .unknown(let mode):
            report("E-MODE", path, "the unknown mode \(mode)")
        }
    }

    private func isWanted(_ name: String) -> Bool { wanted?.contains(name) ?? false }

    private mutating func file(_ entry: TreeEntry, at path: [String], _ repository: borrowing StateRepository)
    {
        guard files.count < Limits.files else {
            return stop(path, "the revision has more than \(Limits.files) files")
        }
        guard
            let bytes = object(
                entry.id, .blob, at: path, limit: Limits.fileBytes, what: "file", repository)
        else { return }
        guard !bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) else {
            return report("E-LFS", path, "a Git LFS pointer, not the file; commit the file itself")
        }
        files[path.joined(separator: "/")] = bytes
    }

    private mutating func entries(
        of id: [UInt8], at path: [String], _ repository: borrowing StateRepository
    ) -> [TreeEntry]? {
        guard
            let bytes = object(
                id, .tree, at: path, limit: Limits.treeBytes, what: "directory listing", repository)
        else { return nil }
        guard let entries = TreeEntry.parse(bytes) else {
            report("E-GIT-CORRUPT", path, "the directory listing is damaged")
            return nil
        }
        return entries
    }

    /// Reads an object after looking at its kind and size; reports what is wrong with it.
    private mutating func object(
        _ id: [UInt8], _ kind: StateRepository.ObjectKind, at path: [String], limit: Int, what: String,
        _ repository: borrowing StateRepository
    ) -> [UInt8]? {
        do throws(GitError) {
            let header = try repository.header(of: id)
            guard header.kind == kind else {
                report("E-GIT-TYPE", path, "git has something else than a \(kind) there")
                return nil
            }
            guard header.size <= limit else {
                report("E-LIMIT", path, "the \(what) has \(header.size) bytes; at most \(limit) are allowed")
                return nil
            }
            totalBytes += header.size
            guard totalBytes <= Limits.totalBytes else {
                stop(path, "the files have more than \(Limits.totalBytes >> 20) MiB together")
                return nil
            }
            return try repository.read(id)
        } catch {
            if path.isEmpty { rootFailure = error }
            report("E-GIT-CORRUPT", path, error.reason)
            return nil
        }
    }

    private func linkTarget(_ entry: TreeEntry, _ repository: borrowing StateRepository) -> String {
        do throws(GitError) {
            guard try repository.header(of: entry.id).size <= Limits.linkBytes else { return "" }
            return " to \"\(String(decoding: try repository.read(entry.id), as: UTF8.self).prefix(120))\""
        } catch {
            // The link is refused either way; where it points is only a hint.
            return ""
        }
    }

    private mutating func reportClash(_ path: [String], _ name: String, _ other: String) {
        if name == other {
            report("E-TREE-DUP", path, "\"\(name)\" stands twice in the directory")
        } else {
            report("E-TREE-CASE", path, "\"\(name)\" and \"\(other)\" differ only in upper and lower case")
        }
    }

    private mutating func stop(_ path: [String], _ message: String) {
        isComplete = false
        report("E-LIMIT", path, message)
    }

    private mutating func report(
        _ code: String, _ path: [String], _ message: String, severity: Diagnostic.Severity = .error
    ) {
        let file = path.isEmpty ? "." : path.joined(separator: "/")
        diagnostics.append(Diagnostic(severity, code: code, at: SourceLocation(file: file), message))
        guard severity == .error else { return }
        errors += 1
        if path.isEmpty || errors >= Limits.errors { isComplete = false }
    }
}
