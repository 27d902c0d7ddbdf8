internal import Glibc

/// The end of a journal file: its last record, and what a crash left after it.
struct JournalTail {
    let last: JournalEntry
    /// Digest of the last record's line.
    let digest: JournalDigest
    let size: Int
    /// Where the bytes after the last record are; `nil` when there are none.
    let torn: Range<Int>?

    /// Reads backwards from the end of the file until there is a whole record.
    init(of name: JournalDirectory.FileName, in directory: JournalDirectory) throws(JournalError) {
        let file = try JournalFile(directory.path(of: name), flags: O_RDONLY, as: .unreadable)
        file.forgetCachedPages()
        let size = try file.size
        var window = 64 * 1024
        while true {
            let start = max(0, size - window)
            let bytes = try file.bytes(at: start, count: size - start)
            if let found = Self.lastRecord(in: bytes, file: "\(name)", isWhole: start == 0) {
                let end = start + found.range.upperBound + 1
                last = found.entry
                digest = JournalDigest(of: bytes[found.range])
                self.size = size
                torn = end < size ? end..<size : nil
                return
            }
            guard start > 0 else { break }
            window *= 4
        }
        throw JournalError(
            .damaged, "continue the journal in \(directory.path)",
            "\(name) holds no record; look at it with \"fatesync audit verify\", "
                + "then move the directory away to begin a new journal")
    }

    private static func lastRecord(
        in bytes: [UInt8], file: String, isWhole: Bool
    ) -> (entry: JournalEntry, range: Range<Int>)? {
        var end = bytes.lastIndex(of: UInt8(ascii: "\n"))
        while let lineEnd = end {
            let before = bytes[..<lineEnd].lastIndex(of: UInt8(ascii: "\n"))
            // Without the newline before it a line may have begun before the window.
            guard before != nil || isWhole else { return nil }
            let range = (before.map { $0 + 1 } ?? 0)..<lineEnd
            // A line that is no record belongs to the torn bytes; the place in the file is not used.
            if let entry = try? JournalEntry(line: bytes[range], file: file, line: 0) {
                return (entry, range)
            }
            end = before
        }
        return nil
    }
}
