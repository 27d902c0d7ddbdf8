internal import Glibc

extension JournalReader {
    /// The intents of the last plan whose end nobody knows, oldest first; empty when that plan was closed.
    ///
    /// Those are intents without a result, and those whose result is `unknown`. A `recover` record for a step
    /// gives it an end, and `plan.done` closes its plan. Reads only as much of the end of the journal as it
    /// needs, so call it before anything else is recorded after a start.
    public func openSteps() throws(JournalError) -> [JournalEntry] {
        var later: [JournalEntry] = []
        for name in try directory.files().reversed() {
            let part = try Self.lastPlan(of: name, in: directory)
            later = part.entries + later
            if part.isWhole { break }
        }
        return Self.open(among: later)
    }

    private static func open(among entries: [JournalEntry]) -> [JournalEntry] {
        var open: [Int: JournalEntry] = [:]
        for entry in entries {
            guard let step = entry.record.step else { continue }
            switch entry.record.kind {
            case .stepIntent: open[step] = entry
            case .stepResult where entry.record.outcome != .unknown: open[step] = nil
            case .recover: open[step] = nil
            default: continue
            }
        }
        return open.values.sorted { $0.seq < $1.seq }
    }

    /// The records after the last one in the file that begins or ends a plan, and whether there was one.
    private static func lastPlan(
        of name: JournalDirectory.FileName, in directory: JournalDirectory
    ) throws(JournalError) -> (entries: [JournalEntry], isWhole: Bool) {
        let file = try JournalFile(directory.path(of: name), flags: O_RDONLY, as: .unreadable)
        let size = try file.size
        var window = 64 * 1024
        while true {
            let start = max(0, size - window)
            let bytes = try file.bytes(at: start, count: size - start)
            var entries: [JournalEntry] = []
            var isWhole = false
            // The first piece may be the end of a line, and the last one be cut short: neither is a record.
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .dropLast()
            for line in lines.reversed() {
                guard let entry = try? JournalEntry(line: line, file: "\(name)", line: 0) else { continue }
                // A crash cut it off just before its newline, and the recovery has its number.
                if let later = entries.last, entry.seq >= later.seq { continue }
                isWhole = entry.record.kind == .planMade || entry.record.kind == .planDone
                if isWhole { break }
                entries.append(entry)
            }
            if isWhole || start == 0 { return (entries.reversed(), isWhole) }
            window *= 4
        }
    }
}
