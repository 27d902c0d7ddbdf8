internal import Glibc

/// The directory that holds the files of one journal.
struct JournalDirectory: Sendable {
    let path: String

    /// The name of a journal file: the first digits of the journal's id and its first sequence number.
    struct FileName: Sendable, Hashable, Comparable, CustomStringConvertible {
        let log: String
        let firstSeq: UInt64

        init(log: String, firstSeq: UInt64) {
            self.log = String(log.prefix(8))
            self.firstSeq = firstSeq
        }

        init?(_ name: String) {
            let parts = name.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "audit", parts[1].count == 8,
                parts[2].hasSuffix(".jsonl"), let number = UInt64(parts[2].dropLast(6))
            else { return nil }
            self.init(log: String(parts[1]), firstSeq: number)
            guard description == name else { return nil }
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.firstSeq, left.log) < (right.firstSeq, right.log)
        }

        /// `audit-<log8>-<first seq>.jsonl`, padded so that `ls` sorts the files.
        var description: String {
            let digits = String(firstSeq)
            let padding = String(repeating: "0", count: max(0, 12 - digits.count))
            return "audit-\(log)-\(padding)\(digits).jsonl"
        }
    }

    func path(of name: some CustomStringConvertible) -> String { "\(path)/\(name)" }

    /// The journal's files in order; entries with other names are not looked at.
    func files() throws(JournalError) -> [FileName] {
        guard let stream = opendir(path) else {
            throw JournalError(.unreadable, "read the journal directory \(path)", errno: errno)
        }
        defer { closedir(stream) }
        var names: [FileName] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let parsed = FileName(name) { names.append(parsed) }
        }
        guard errno == 0 else {
            throw JournalError(.unreadable, "read the journal directory \(path)", errno: errno)
        }
        return names.sorted()
    }

    /// Makes the directory unless it is there; the directory above it must exist.
    func create() throws(JournalError) {
        guard mkdir(path, 0o750) == 0 else {
            if errno == EEXIST { return }
            throw JournalError(.unwritable, "make the journal directory \(path)", errno: errno)
        }
        // mkdir takes the umask away from the mode.
        try JournalFile(path, flags: O_RDONLY | O_DIRECTORY, as: .unreadable).setMode(0o750)
        try JournalDirectory(path: path + "/..").synchronize()
    }

    /// Makes names that were added or changed durable.
    func synchronize() throws(JournalError) {
        try JournalFile(path, flags: O_RDONLY | O_DIRECTORY, as: .unreadable).synchronize(.everything)
    }

    /// Makes a file that has `bytes` from the moment its name exists, so that no crash leaves it half made.
    func createFile(_ name: String, holding bytes: [UInt8], mode: mode_t = 0o640) throws(JournalError) {
        let temporary = path(of: ".audit.new")
        unlink(temporary)
        let file = try JournalFile(
            temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_APPEND, mode: mode, as: .unwritable)
        try file.setMode(mode)
        try file.append(bytes)
        try file.synchronize(.everything)
        guard rename(temporary, path(of: name)) == 0 else {
            throw JournalError(.unwritable, "name the file \(path(of: name))", errno: errno)
        }
        try synchronize()
    }
}
