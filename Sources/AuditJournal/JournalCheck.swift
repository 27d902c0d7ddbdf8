/// Walks through the lines of a journal, and collects what is wrong with them.
struct JournalCheck {
    private var state: JournalCheckState
    private let depth: JournalVerification.Depth
    private var name = JournalDirectory.FileName(log: "", firstSeq: 0)
    private var lineNumber = 0
    private var files = 0

    /// How things stood before the last line, and before the last run of lines that are no records.
    ///
    /// A `recover` record takes back one of the two: what a crash cut short may look like a record, or like
    /// several broken lines.
    private var beforeLine: Snapshot?
    private var beforeRun: Snapshot?
    private var isInRun = false

    private struct Snapshot {
        let offset: Int
        let state: JournalCheckState
    }

    init(_ trust: JournalTrust, _ depth: JournalVerification.Depth) {
        self.depth = depth
        // Without anchors the chain alone leads to the signatures.
        state = JournalCheckState(trust, buildsTree: depth == .full || !trust.anchors.isEmpty)
    }

    /// Demands that the record named by `head` is there.
    mutating func expect(_ head: JournalHead) {
        state.heads.append(head)
    }

    mutating func begin(_ name: JournalDirectory.FileName) {
        self.name = name
        files += 1
        lineNumber = 0
        beforeLine = nil
        beforeRun = nil
        isInRun = false
        state.isFirstInFile = true
    }

    mutating func take(_ line: JournalLines.Line, in file: borrowing JournalFile) throws(JournalError) {
        lineNumber += 1
        let before = Snapshot(offset: line.offset, state: state)
        if depth == .fast, line.isTerminated, !line.isTooLong, state.acceptUnread(line.bytes, at: place) {
            if !isInRun { beforeRun = nil }
            isInRun = false
            beforeLine = before
            return
        }
        do throws(JournalError) {
            guard !line.isTooLong, line.isTerminated else {
                let reason = line.isTooLong ? "it is too long" : "it has no newline"
                throw JournalError(.badBytes, "read a journal record", reason)
            }
            let entry = try JournalEntry(line: line.bytes, file: "\(name)", line: lineNumber)
            if !isInRun { beforeRun = nil }
            isInRun = false
            if entry.record.namesTornBytes { try takeBack(entry, at: line.offset, in: file) }
            state.accept(entry, line: line.bytes, named: name)
        } catch {
            guard error.code == .badBytes || error.code == .notCanonical else { throw error }
            if !isInRun { beforeRun = before }
            isInRun = true
            state.noteBadLine(at: place, error)
        }
        beforeLine = before
    }

    /// Undoes the lines that a `recover` record names, if they are what it says.
    private mutating func takeBack(
        _ entry: JournalEntry, at offset: Int, in file: borrowing JournalFile
    ) throws(JournalError) {
        let details = entry.record.details
        let before = [beforeLine, beforeRun].compactMap { $0 }
            .first { Int64($0.offset) == details["offset"]?.integer }
        guard let before, details["file"]?.string == entry.file,
            // The newline between the torn bytes and the record is no part of either.
            details["length"]?.integer == Int64(offset - before.offset - 1),
            details["sha256"]?.string == (try JournalDigest(of: before.offset..<(offset - 1), in: file).hex)
        else {
            state.add(.badBytes, place, "it names torn bytes that are not before it")
            return
        }
        state = before.state
        state.add(
            .recovered, place, "\(offset - before.offset - 1) bytes that a crash cut short are accounted for")
    }

    mutating func noteTornTail() {
        lineNumber += 1
        state.add(
            .tornTail, place, "the last line has no newline: it is being written, or was cut by a crash")
    }

    mutating func endFile() {
        guard lineNumber == 0 else { return }
        state.add(.truncated, JournalPlace(file: "\(name)"), "the file is empty")
    }

    /// What can be said only after the last line.
    mutating func noteEnd(headFile: JournalHeadFile.Content, isExpecting: Bool) {
        let place = JournalPlace(file: JournalHeadFile.name)
        switch headFile {
        case .missing where files > 0 && !isExpecting:
            state.add(.noHead, place, "the file is missing: whether the end is complete cannot be told")
        case .unusable: state.add(.noHead, place, "the file holds no head")
        default: break
        }
        let lastFile = files > 0 ? "\(name)" : JournalHeadFile.name
        state.noteEnd(in: lastFile)
    }

    func report(unreadable: JournalError?) -> JournalReport {
        var report = state.report
        report.files = files
        if report.findings.contains(where: { $0.severity == .alteration }) {
            report.verdict = .altered
        } else if let unreadable {
            report.verdict = .unknown(reason: "\(unreadable)")
        } else if report.records > 0, report.epochs == 0 {
            report.verdict = .unknown(
                reason: "no record is signed: an older version of fatesync wrote this journal")
        } else if report.records == 0 {
            report.verdict = .unknown(reason: "there is no record of a journal")
        }
        return report
    }

    private var place: JournalPlace { JournalPlace(file: "\(name)", line: lineNumber) }
}

/// Where a finding is.
struct JournalPlace {
    let file: String
    var line: Int?
    var seq: UInt64?
}
