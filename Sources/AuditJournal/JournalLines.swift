internal import Glibc

/// The lines of a journal file, one after the other, with bounded memory.
struct JournalLines: ~Copyable {
    struct Line {
        /// Where the line begins in the file.
        let offset: Int
        /// The line without its newline; only its beginning if it is too long.
        let bytes: [UInt8]
        /// Length in the file, without the newline.
        let length: Int
        /// Whether there is a newline; a line without one is cut short or being written.
        let isTerminated: Bool

        /// Whether the line is longer than any line of a journal.
        var isTooLong: Bool { length > bytes.count }
    }

    let file: JournalFile
    private var buffer: [UInt8] = []
    private var start = 0
    private var readOffset = 0
    private var lineOffset = 0

    private static let chunk = 256 * 1024

    init(of name: JournalDirectory.FileName, in directory: JournalDirectory) throws(JournalError) {
        file = try JournalFile(directory.path(of: name), flags: O_RDONLY, as: .unreadable)
    }

    /// The next line, or `nil` at the end of the file.
    mutating func next() throws(JournalError) -> Line? {
        var head: [UInt8] = []
        var length = 0
        var isTerminated = false
        while !isTerminated, try fill() {
            let newline = firstNewline()
            let part = buffer[start..<(newline ?? buffer.count)]
            head += part.prefix(JournalChain.longestLine - head.count)
            length += part.count
            isTerminated = newline != nil
            start = newline.map { $0 + 1 } ?? buffer.count
        }
        guard length > 0 || isTerminated else { return nil }
        defer { lineOffset += length + (isTerminated ? 1 : 0) }
        return Line(offset: lineOffset, bytes: head, length: length, isTerminated: isTerminated)
    }

    /// Reads on if nothing is left, and says whether there is something.
    private mutating func fill() throws(JournalError) -> Bool {
        guard start == buffer.count else { return true }
        buffer = try file.bytes(at: readOffset, count: Self.chunk)
        readOffset += buffer.count
        start = 0
        return !buffer.isEmpty
    }

    private func firstNewline() -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
