import Glibc

/// The directory in which fatesync keeps its repository, journal and memory; one watcher at a time owns it.
public struct StateDirectory: Sendable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// The bare repository that fetches go into.
    public var repository: String { path + "/repository.git" }
    /// The one that the fetch service keeps, beside this directory, which its user cannot enter.
    public var fetchedRepository: String { path + "-fetch/repository.git" }
    /// The audit journal's `*.jsonl` files.
    public var journal: String { path + "/audit" }
    var hostState: String { path + "/parties.json" }
    /// What `status` shows, replaced after each pass.
    public var status: String { path + "/status.json" }
    var lockFile: String { path + "/lock" }

    /// Makes the directory if needed.
    public func prepare() throws(HostFileError) {
        try HostFiles.makeDirectories(path, mode: 0o750)
    }

    /// Takes the lock; the answer holds it until it goes away.
    ///
    /// - Throws: `LockError` with the other process's id when a watcher or a sync holds it.
    public func lock() throws -> StateLock {
        try prepare()
        let descriptor = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw HostFileError("open \(lockFile)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let owner = Self.readOwner(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw HostFileError("lock \(lockFile)") }
            throw LockError(path: path, owner: owner)
        }
        let text = "\(getpid())\n"
        // The owner's id only helps people and `sync`; the lock itself is what counts.
        _ = ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
        return StateLock(descriptor: descriptor)
    }

    /// Who has the lock; `nil` when nobody has it.
    var lockOwner: Int32? {
        let descriptor = open(lockFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // A shared lock is refused while the exclusive one is held, and hinders nobody once it is given back.
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        return Self.readOwner(descriptor)
    }

    private static func readOwner(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer[..<count], as: UTF8.self).prefix { $0.isNumber })
    }
}

/// Holds the lock of a state directory.
public final class StateLock: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}

/// Another fatesync works on the same state directory.
public struct LockError: Error, Sendable, CustomStringConvertible {
    public let path: String
    /// Process id of the owner, when it could be read.
    public let owner: Int32?

    public var description: String {
        let who = owner.map { "process \($0)" } ?? "another process"
        return "cannot lock \(path): \(who) is at work there; two watchers on one state directory would "
            + "undo each other's changes"
    }
}
