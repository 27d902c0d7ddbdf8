internal import CGit2

/// libgit2 itself: started once per process, with the settings that every use of it needs.
enum LibGit2 {
    /// Starts libgit2 if this process has not yet done so.
    static func start() throws(GitError) {
        if let failure { throw failure }
    }

    /// The first settings that could not be made; evaluated once, when first asked for.
    private static let failure: GitError? = {
        do throws(GitError) {
            // Before this call libgit2 has no place for its errors: `check`, which clears them, would crash.
            let count = git_libgit2_init()
            guard count > 0 else { throw GitError(.other, "start libgit2", "it returned \(count)") }
            try ignoreConfigurationOfUsers()
            try setSwitches()
            try setLimits()
            return nil
        } catch {
            return error
        }
    }()

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
