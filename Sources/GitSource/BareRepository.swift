internal import CGit2
internal import Glibc

/// The bare repository of the watcher, while it is being written to.
///
/// Only the fetch process writes it, and only one at a time: the others wait for the lock, within their deadline.
struct BareRepository: ~Copyable {
    let handle: GitHandle
    private let lock: CInt

    /// Opens the repository, and makes it if there is none.
    init(at path: String, forBranch branch: String) throws(GitError) {
        try Self.makeFolder(path)
        lock = try Self.takeLock(path + "/fatesync.lock")
        do throws(GitError) {
            Self.removeLeftovers(in: path, branch: branch)
            handle = try Self.open(path)
        } catch {
            close(lock)
            throw error
        }
    }

    deinit { close(lock) }

    /// A repository that is complete enough to be recognised is opened; anything less is initialised again, which
    /// is harmless: a process that was killed while it made the repository leaves such a thing behind.
    private static func open(_ path: String) throws(GitError) -> GitHandle {
        do {
            return try GitHandle(opening: path)
        } catch where error.code == .notFound {
            return try GitHandle("make the bare repository \(path)", free: git_repository_free) { pointer in
                git_repository_init(&pointer, path, 1)
            }
        }
    }

    private static func makeFolder(_ path: String) throws(GitError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw GitError(.invalid, "make the folder \(path)", String(cString: strerror(errno)))
    }

    private static func takeLock(_ path: String) throws(GitError) -> CInt {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw GitError(.invalid, "open \(path)", String(cString: strerror(errno))) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(file)
                throw GitError(.other, "lock \(path)", reason)
            }
        }
        return file
    }

    /// Removes what a killed fetch leaves: half a pack, which would fill the disk in time, and the lock of the
    /// reference, which would block every later fetch. The lock held here proves that nobody uses them.
    private static func removeLeftovers(in path: String, branch: String) {
        unlink("\(path)/\(FetchedReference.name(of: branch)).lock")
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

/// Where a fetched branch is kept in the bare repository.
enum FetchedReference {
    static func name(of branch: String) -> String { "refs/fatesync/fetched/\(branch)" }
}

extension GitHandle {
    /// Opens the bare repository at exactly this path; it must belong to the user of this process.
    init(opening path: String) throws(GitError) {
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        try self.init("open the repository \(path)", free: git_repository_free) { pointer in
            git_repository_open_ext(&pointer, path, flags, nil)
        }
    }
}
