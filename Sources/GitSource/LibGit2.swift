internal import CGit2
internal import Glibc

/// libgit2, for those who decide when it starts.
public enum GitLibrary {
    /// Starts libgit2, unless that has happened; everything else in this module does so when it needs it.
    ///
    /// As the first call of a process, before it has a second thread, it takes less than a millisecond. Later it
    /// takes about ten, because libgit2 then reads every certificate authority of the system.
    public static func start() throws(GitError) {
        try LibGit2.start()
    }
}

/// libgit2 itself: started once per process, with the settings that every use of it needs.
enum LibGit2 {
    /// Starts libgit2 if this process has not yet done so.
    static func start() throws(GitError) {
        if let failure { throw failure }
    }

    /// Switches off libgit2's own check of a repository's owner, which allows no exception; `GitHandle(opening:)` makes
    /// the same one.
    static func leaveOwnersToUs() throws(GitError) {
        if let ownerFailure { throw ownerFailure }
    }

    private static let ownerFailure: GitError? = {
        do throws(GitError) {
            try GitError.check("set an option of libgit2") {
                cgit2_set_switch(Int32(GIT_OPT_SET_OWNER_VALIDATION.rawValue), 0)
            }
            return nil
        } catch {
            return error
        }
    }()

    /// The first settings that could not be made; evaluated once, when first asked for.
    private static let failure: GitError? = {
        do throws(GitError) {
            // Before this call libgit2 has no place for its errors: `check`, which clears them, would crash.
            let count = initialize()
            guard count > 0 else { throw GitError(.other, "start libgit2", "it returned \(count)") }
            try ignoreConfigurationOfUsers()
            try setSwitches()
            try setLimits()
            return nil
        } catch {
            return error
        }
    }()

    /// Calls `git_libgit2_init` without letting it read the system's certificates.
    ///
    /// Debian's libgit2 parses all of them when it starts, and offers no way around it; only an https fetch needs
    /// any, and it names its file. So opening files is forbidden meanwhile, if no other thread could notice.
    private static func initialize() -> Int32 {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard isOnlyThread, getrlimit(files, &limit) == 0 else { return git_libgit2_init() }
        var none = rlimit(rlim_cur: 0, rlim_max: limit.rlim_max)
        setrlimit(files, &none)
        defer { setrlimit(files, &limit) }
        return git_libgit2_init()
    }

    /// The kernel counts a link of this folder for itself, one for its parent, and one for every thread.
    private static var isOnlyThread: Bool {
        var status = stat()
        return stat("/proc/self/task", &status) == 0 && status.st_nlink == 3
    }

    /// Without search paths there is no `insteadOf`, no proxy and no safe.directory from somebody's home.
    private static func ignoreConfigurationOfUsers() throws(GitError) {
        let levels = [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
            GIT_CONFIG_LEVEL_GLOBAL,
        ]
        for level in levels {
            try GitError.check("switch off git's own configuration files") {
                cgit2_set_search_path(level.rawValue, "")
            }
        }
    }

    private static func setSwitches() throws(GitError) {
        let switches = [
            GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, GIT_OPT_ENABLE_STRICT_OBJECT_CREATION,
            GIT_OPT_ENABLE_FSYNC_GITDIR, GIT_OPT_SET_OWNER_VALIDATION,
        ]
        for option in switches {
            try GitError.check("set an option of libgit2") { cgit2_set_switch(Int32(option.rawValue), 1) }
        }
    }

    private static func setLimits() throws(GitError) {
        let limits = [
            (GIT_OPT_SET_PACK_MAX_OBJECTS, Limits.objectsPerPack),
            (GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, Limits.mappedBytes),
            (GIT_OPT_SET_MWINDOW_FILE_LIMIT, Limits.openPacks),
            (GIT_OPT_SET_CACHE_MAX_SIZE, Limits.cacheBytes),
        ]
        for (option, limit) in limits {
            try GitError.check("set a limit of libgit2") { cgit2_set_size(Int32(option.rawValue), limit) }
        }
    }
}
