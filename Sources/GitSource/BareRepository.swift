internal import CGit2
internal import Glibc

/// The bare repository of the watcher, while it is being written to.
///
/// Only the fetch process writes it, and only one at a time: the others wait for the lock, within their deadline.
struct BareRepository: ~Copyable {
    let handle: GitHandle
    private let lock: FileLock

    /// Opens the repository, and makes it if there is none.
    init(at path: String, forBranch branch: String) throws(GitError) {
        try Self.makeFolder(path)
        let file = try FileLock(path + "/fatesync.lock")
        Self.removeLeftovers(in: path, branch: branch)
        let repository = try Self.open(path)
        lock = file
        handle = repository
    }

    /// Opens what git recognises as a repository, and initialises anything less.
    ///
    /// A process that was killed while it made the repository leaves an incomplete one; doing it again is harmless.
    private static func open(_ path: String) throws(GitError) -> GitHandle {
        do {
            return try GitHandle(opening: path)
        } catch  where error.code == .notFound {
            return try GitHandle("make the bare repository \(path)", free: git_repository_free) { pointer in
                git_repository_init(&pointer, path, 1)
            }
        }
    }

    private static func makeFolder(_ path: String) throws(GitError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw GitError(.invalid, "make the folder \(path)", String(cString: strerror(errno)))
    }

    /// Removes what a killed fetch leaves behind.
    ///
    /// Half a pack would fill the disk in time. The locks of git would block every later fetch: those of the reference
    /// and, if it was killed while it made the repository, of its configuration. Our own lock proves that nobody uses
    /// them.
    private static func removeLeftovers(in path: String, branch: String) {
        for name in [FetchedReference.name(of: branch), "config", "HEAD"] { unlink("\(path)/\(name).lock") }
        let packs = path + "/objects/pack"
        guard let folder = opendir(packs) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix(while: { $0 != 0 }), as: UTF8.self)
            }
            if name.hasPrefix("pack_git2_") || name.hasPrefix("tmp_") { unlink("\(packs)/\(name)") }
        }
    }
}

/// A lock on a file, waited for and held until it is let go of.
struct FileLock: ~Copyable {
    private let file: CInt

    init(_ path: String) throws(GitError) {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw GitError(.invalid, "open \(path)", String(cString: strerror(errno))) }
        while flock(opened, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(opened)
                throw GitError(.other, "lock \(path)", reason)
            }
        }
        file = opened
    }

    deinit { close(file) }
}

/// Where a fetched branch is kept in the bare repository.
enum FetchedReference {
    static func name(of branch: String) -> String { "refs/fatesync/fetched/\(branch)" }
}

extension GitHandle {
    /// Opens the bare repository at exactly this path; it must belong to the user of this process, or to anyone.
    init(opening path: String, ofAnyUser: Bool = false) throws(GitError) {
        var status = stat()
        // libgit2 checks this too, but without search paths it complains about a missing setting instead.
        guard ofAnyUser || stat(path, &status) != 0 || status.st_uid == geteuid() else {
            throw GitError(
                .invalid, "open the repository \(path)",
                "it belongs to user \(status.st_uid) and not to \(geteuid()), who runs fatesync")
        }
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        try self.init("open the repository \(path)", free: git_repository_free) { pointer in
            git_repository_open_ext(&pointer, path, flags, nil)
        }
    }
}
