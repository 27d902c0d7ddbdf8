/// Reads the entries of a journal, also while somebody writes it.
///
/// Lines that are no records are passed over: to judge them is what `JournalVerification` is for.
public struct JournalReader: Sendable {
    let directory: JournalDirectory

    public init(directory: String) {
        self.directory = JournalDirectory(path: directory)
    }

    /// Whether the reader goes on.
    public enum Continuation: Sendable {
        case more
        case enough
    }

    /// Visits the entries that match, oldest first, one at a time; `last` of the filter does not matter.
    public func visit(
        matching filter: JournalFilter = JournalFilter(),
        _ body: (JournalEntry) -> Continuation
    ) throws(JournalError) {
        for name in try directory.files() {
            let next = try visit(in: name) { entry, _ in filter.matches(entry) ? body(entry) : .more }
            if next == .enough { return }
        }
    }

    /// Visits all entries with their lines.
    func visitLines(
        _ body: (JournalEntry, _ line: [UInt8]) -> Continuation
    ) throws(JournalError) {
        for name in try directory.files() {
            if try visit(in: name, body) == .enough { return }
        }
    }

    /// The first record; `nil` when there is none.
    public func first() throws(JournalError) -> JournalEntry? {
        var first: JournalEntry?
        try visit { entry in
            first = entry
            return .enough
        }
        return first
    }

    /// The entries that match, oldest first; with `last` only the newest of them.
    ///
    /// With `last` it reads only as many files from the end as it needs.
    public func query(_ filter: JournalFilter = JournalFilter()) throws(JournalError) -> [JournalEntry] {
        let limit = max(0, filter.last ?? .max)
        var found: [JournalEntry] = []
        for name in try directory.files().reversed() where found.count < limit {
            var part: [JournalEntry] = []
            let wanted = limit - found.count
            try visit(in: name) { entry, _ in
                if filter.matches(entry) { part.append(entry) }
                // Twice the number, so that the surplus is not moved away for each entry.
                if wanted < 1 << 20, part.count >= 2 * wanted { part.removeFirst(part.count - wanted) }
                return .more
            }
            found = part.suffix(wanted) + found
        }
        return found
    }

    @discardableResult
    private func visit(
        in name: JournalDirectory.FileName, _ body: (JournalEntry, [UInt8]) -> Continuation
    ) throws(JournalError) -> Continuation {
        var lines = try JournalLines(of: name, in: directory)
        var number = 0
        var pending: (entry: JournalEntry, line: [UInt8])?
        while let line = try lines.next(), line.isTerminated {
            number += 1
            // What is no record is passed over.
            guard let entry = try? JournalEntry(line: line.bytes, file: "\(name)", line: number) else {
                continue
            }
            // A record that a crash cut off just before its newline was taken back by the recovery.
            let isTakenBack = entry.record.namesTornBytes && pending?.entry.seq == entry.seq
            if let pending, !isTakenBack, body(pending.entry, pending.line) == .enough { return .enough }
            pending = (entry, line.bytes)
        }
        guard let pending else { return .more }
        return body(pending.entry, pending.line)
    }
}
