import DesiredState
import Glibc

/// Files that a person names on the command line.
enum LocalFiles {
    private static let sizeLimit = 1 << 20

    /// The bytes of a file; `nil` with `errno` set when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while content.count <= sizeLimit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return content }
            content += buffer[..<count]
        }
        errno = EFBIG
        return nil
    }

    /// The files below a directory as a revision would hold them; hidden entries are left out.
    static func tree(_ root: String) throws(SettingsError) -> SourceTree {
        var files: [String: [UInt8]] = [:]
        try collect(root, below: "", into: &files, depth: 0)
        return SourceTree(files: files)
    }

    private static func collect(
        _ directory: String, below prefix: String, into files: inout [String: [UInt8]], depth: Int
    ) throws(SettingsError) {
        guard depth <= 8 else { throw SettingsError("cannot read \(directory): more than 8 folders deep") }
        guard let stream = opendir(directory) else {
            throw SettingsError("cannot read \(directory): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else {
                throw SettingsError("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try collect(path, below: "\(prefix)\(name)/", into: &files, depth: depth + 1)
            case S_IFREG:
                guard let bytes = read(path) else {
                    throw SettingsError("cannot read \(path): \(String(cString: strerror(errno)))")
                }
                files[prefix + name] = bytes
            default:
                throw SettingsError(
                    "cannot read \(path): only files and folders belong into a state repository")
            }
        }
    }

    /// Makes the folders above `path` and writes the file, which must not exist yet unless `replacing`.
    static func write(_ content: [UInt8], to path: String, replacing: Bool) throws(SettingsError) {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += (path.hasPrefix("/") || !parent.isEmpty ? "/" : "") + part
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST else {
                throw SettingsError("cannot make \(parent): \(String(cString: strerror(errno)))")
            }
        }
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (replacing ? O_TRUNC : O_EXCL)
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else {
            throw SettingsError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                throw SettingsError("cannot write \(path): \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }
}
