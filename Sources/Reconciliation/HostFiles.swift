import DesiredState
import Glibc
import Planning

/// Reading and writing of config files and directories on this host.
///
/// A symbolic link as the last component is never followed. Unless a file is written in place, a reader sees
/// the old bytes or the new ones, never a part.
enum HostFiles {
    /// A config file larger than this is not one that fatesync wrote.
    private static let sizeLimit = 1 << 20

    /// Reads what stands at `path`; `nil` when nothing does.
    static func read(_ path: String) throws(HostFileError) -> LiveFile? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw HostFileError("read \(path)")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: break
        case S_IFLNK: return .other("symbolic link")
        default: return .other("special file")
        }
        let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        guard status.st_size <= sizeLimit else { return .other("file of \(status.st_size) bytes") }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostFileError("read \(path)") }
        defer { close(descriptor) }
        let content = try readAll(descriptor, path: path, expected: Int(status.st_size))
        return .file(content: content, mode: status.st_mode & 0o7777, modified: modified)
    }

    /// The owner of what stands at `path`; `nil` when nothing can be seen there.
    static func owner(of path: String) -> FileOwner? {
        var status = stat()
        return lstat(path, &status) == 0 ? FileOwner(uid: status.st_uid, gid: status.st_gid) : nil
    }

    /// The names in a directory, sorted, without those that begin with a dot.
    static func names(in directory: String) throws(HostFileError) -> [String] {
        guard let stream = opendir(directory) else { throw HostFileError("read \(directory)") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Replaces a file: a temporary file in the same directory, `fsync`, `rename`, `fsync` of the directory.
    ///
    /// Owner and group of a file that is replaced are kept, because a container's process may own it.
    ///
    /// With `durably` false a crash of the machine may lose it; readers see whole files all the same.
    static func write(_ file: FileSpec, durably: Bool = true) throws(HostFileError) {
        let directory = parent(of: file.path)
        try makeDirectories(directory, mode: 0o755)
        let name = file.path.dropFirst(directory.count).drop { $0 == "/" }
        // One name for all times: what a crash leaves is overwritten by the next write of the same file.
        let temporary = "\(directory)/.\(name).fatesync"
        var previous = stat()
        let hasPrevious = lstat(file.path, &previous) == 0
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HostFileError("write \(temporary)") }
        do throws(HostFileError) {
            try writeAll(file.content, to: descriptor, path: temporary)
            if hasPrevious, fchown(descriptor, previous.st_uid, previous.st_gid) != 0 {
                throw HostFileError("set the owner of \(temporary)")
            }
            // After fchown, which clears set-id bits; and against the umask.
            guard fchmod(descriptor, file.mode) == 0 else {
                throw HostFileError("set the permissions of \(temporary)")
            }
            guard !durably || fsync(descriptor) == 0 else {
                throw HostFileError("write \(temporary) to disk")
            }
            guard rename(temporary, file.path) == 0 else { throw HostFileError("replace \(file.path)") }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        close(descriptor)
        if durably { try syncDirectory(directory) }
    }

    /// Changes the bytes of the file that stands there, so that who mounted or opened it sees them too.
    ///
    /// A reader may find a part of both versions. To make that unlikely, the new bytes go out in one call, with
    /// line breaks up to the length of the old ones, before the file is cut: a program that reads between the
    /// two calls finds the whole new version with empty lines at its end.
    static func writeInPlace(_ file: FileSpec) throws(HostFileError) {
        let descriptor = open(file.path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostFileError("write \(file.path)") }
        defer { close(descriptor) }
        var previous = stat()
        guard fstat(descriptor, &previous) == 0 else { throw HostFileError("write \(file.path)") }
        let surplus = min(max(0, Int(previous.st_size) - file.content.count), sizeLimit)
        let padding = [UInt8](repeating: 0x0A, count: surplus)
        try writeAll(file.content + padding, to: descriptor, path: file.path)
        guard ftruncate(descriptor, file.content.count) == 0 else {
            throw HostFileError("shorten \(file.path)")
        }
        guard fchmod(descriptor, file.mode) == 0 else {
            throw HostFileError("set the permissions of \(file.path)")
        }
        guard fsync(descriptor) == 0 else { throw HostFileError("write \(file.path) to disk") }
    }

    /// Makes a directory with the wanted permissions and owner; one that exists is left as it is.
    static func make(_ directory: DirectorySpec) throws(HostFileError) {
        try makeDirectories(parent(of: directory.path), mode: 0o755)
        guard mkdir(directory.path, directory.mode) == 0 else {
            if errno == EEXIST { return }
            throw HostFileError("make the directory \(directory.path)")
        }
        guard chmod(directory.path, directory.mode) == 0 else {
            throw HostFileError("set the permissions of \(directory.path)")
        }
        if let owner = directory.owner, chown(directory.path, owner.uid, owner.gid) != 0 {
            throw HostFileError("set the owner of \(directory.path)")
        }
        try syncDirectory(parent(of: directory.path))
    }

    /// Makes a directory and those above it.
    static func makeDirectories(_ path: String, mode: mode_t) throws(HostFileError) {
        guard !path.isEmpty, path != "/" else { return }
        if mkdir(path, mode) == 0 { return try syncDirectory(parent(of: path)) }
        switch errno {
        case EEXIST: return
        case ENOENT:
            try makeDirectories(parent(of: path), mode: mode)
            guard mkdir(path, mode) == 0 || errno == EEXIST else {
                throw HostFileError("make the directory \(path)")
            }
            try syncDirectory(parent(of: path))
        default: throw HostFileError("make the directory \(path)")
        }
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static func syncDirectory(_ path: String) throws(HostFileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HostFileError("open the directory \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw HostFileError("write the directory \(path) to disk") }
    }

    private static func readAll(
        _ descriptor: Int32, path: String, expected: Int
    ) throws(HostFileError) -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: max(4096, expected + 1))
        while content.count <= sizeLimit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw HostFileError("read \(path)") }
            if count == 0 { break }
            content += buffer[..<count]
        }
        return content
    }

    private static func writeAll(
        _ content: [UInt8], to descriptor: Int32, path: String
    ) throws(HostFileError) {
        var offset = 0
        while offset < content.count {
            let count = content.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + offset }, content.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw HostFileError("write \(path)") }
            offset += count
        }
    }
}

/// Why a file or directory of this host could not be read or written.
public struct HostFileError: Error, Sendable, CustomStringConvertible {
    public let operation: String
    public let reason: String

    /// Takes the reason from `errno`, so it is made right after the call that failed.
    init(_ operation: String) {
        self.operation = operation
        reason = String(cString: strerror(errno))
    }

    init(_ operation: String, reason: String) {
        self.operation = operation
        self.reason = reason
    }

    public var description: String { "cannot \(operation): \(reason)" }
}
