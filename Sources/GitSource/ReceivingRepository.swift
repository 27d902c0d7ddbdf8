internal import CGit2
internal import Glibc

/// The bare repository of this host that people push to.
public enum ReceivingRepository {
    /// Makes the repository, with `branch` as the one that clones check out; one that is there is left as it is.
    ///
    /// - Throws: `GitError` when something else is there, or the path cannot be used.
    public static func make(at path: String, branch: String) throws(GitError) {
        try LibGit2.start()
        try BranchName.check(branch)
        do throws(GitError) {
            _ = try GitHandle(opening: path)
            return
        } catch {
            guard error.code == .notFound else { throw error }
        }
        guard access(path + "/.git", F_OK) != 0 else {
            throw GitError(
                .invalid, "make the bare repository \(path)",
                "a repository with a work tree is there; git does not let anybody push to its branch")
        }
        guard isFree(path) else {
            throw GitError(.invalid, "make the bare repository \(path)", "something else is there")
        }
        var options = git_repository_init_options()
        git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        options.flags = GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
        let operation = "make the bare repository \(path)"
        _ = try branch.withMutableCString { (name) throws(GitError) -> Bool in
            options.initial_head = UnsafePointer(name)
            _ = try GitHandle(operation, free: git_repository_free) { pointer in
                git_repository_init_ext(&pointer, path, &options)
            }
            return true
        }
    }
}

extension ReceivingRepository {
    /// Whether nothing is there, or a folder without entries.
    private static func isFree(_ path: String) -> Bool {
        guard let folder = opendir(path) else { return errno == ENOENT }
        defer { closedir(folder) }
        var count = 0
        // Every folder has entries for itself and its parent.
        while readdir(folder) != nil { count += 1 }
        return count <= 2
    }
}

extension StateRepository {
    /// Opens a repository that is being pushed to, as its hook sees it.
    ///
    /// Git has chosen the repository and has checked that its user may trust it.
    ///
    /// - Parameter quarantine: Where git keeps the new objects until the push is accepted (`GIT_OBJECT_DIRECTORY`
    ///   while `pre-receive` runs, git-receive-pack(1)); nil afterwards.
    public init(receivingAt path: String, quarantine: String?) throws(GitError) {
        try LibGit2.start()
        try GitError.check("read \(path)") {
            cgit2_set_switch(Int32(GIT_OPT_SET_OWNER_VALIDATION.rawValue), 0)
        }
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        let repository = try GitHandle("open the repository \(path)", free: git_repository_free) { pointer in
            git_repository_open_ext(&pointer, path, flags, nil)
        }
        try self.init(repository, at: path, quarantine: quarantine)
    }
}

/// The rule for names of branches.
enum BranchName {
    /// - Throws: `GitError` with code `.invalid` when git does not allow the name.
    static func check(_ branch: String) throws(GitError) {
        var valid: Int32 = 0
        try GitError.check("use the branch \(branch)") { git_branch_name_is_valid(&valid, branch) }
        guard valid == 1 else {
            throw GitError(.invalid, "use the branch \"\(branch)\"", "git does not allow this name")
        }
    }
}
