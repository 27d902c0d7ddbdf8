import DesiredState
import Glibc

/// Puts a state repository into a directory, whole or not at all.
///
/// Everything is written beside its place first, below a hidden directory that no revision reads, and then
/// renamed; federation.yaml, without which nothing is valid, comes last.
enum StateDirectoryWriter {
    private static let parts = ["blueprints", "parties", "federation.yaml"]

    /// Refuses a directory that holds something, unless it may be replaced; hidden entries do not count.
    static func check(_ directory: String, replacing: Bool) throws(SettingsError) {
        guard !replacing, let stream = opendir(directory) else {
            if access(directory, F_OK) == 0, opendir(directory).map(closedir) == nil {
                throw SettingsError("cannot write to \(directory): it is no directory")
            }
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            // Names begin at the same place whatever their length.
            if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) {
                throw SettingsError(
                    "cannot write to \(directory): it is not empty; name another one, or use --force to replace "
                        + "blueprints, parties and federation.yaml in it")
            }
        }
    }

    static func write(_ tree: SourceTree, to directory: String, replacing: Bool) throws(SettingsError) {
        try check(directory, replacing: replacing)
        let staging = "\(directory)/.fatesync-import-\(getpid())"
        defer { remove(staging) }
        for (path, content) in tree.files.sorted(by: { $0.key < $1.key }) {
            try LocalFiles.write(content, to: "\(staging)/new/\(path)", replacing: false)
        }
        guard mkdir("\(staging)/old", 0o755) == 0 else { throw failure("\(staging)/old") }
        for part in parts {
            let place = "\(directory)/\(part)"
            if rename(place, "\(staging)/old/\(part)") != 0, errno != ENOENT { throw failure(place) }
            if rename("\(staging)/new/\(part)", place) != 0, errno != ENOENT { throw failure(place) }
        }
    }

    private static func failure(_ path: String) -> SettingsError {
        SettingsError("cannot write \(path): \(String(cString: strerror(errno)))")
    }

    /// Removes a directory that this process made.
    private static func remove(_ path: String) {
        guard let stream = opendir(path) else { return }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        }
        closedir(stream)
        rmdir(path)
    }
}
