/// Everything that one line changes in a verification, so that a line can be taken back.
struct JournalCheckState {
    var heads: [JournalHead] = []
    var isFirstInFile = true

    private var records = 0
    private var firstTime: JournalTime?
    private var last: JournalEntry?
    private var digest = JournalDigest.genesis.hex
    private var expectedSeq: UInt64 = 0
    private var badLines: UInt64 = 0
    private var gaps: [(range: Range<UInt64>, finding: Int)] = []
    /// Two neighbours that do not fit; the next line shows which of them was changed.
    private var openBreak: (earlier: JournalPlace, later: JournalPlace)?
    private var steps = JournalOpenSteps()
    private var findings: [JournalFinding] = []
    private var omittedFindings = 0

    mutating func add(_ kind: JournalFinding.Class, _ place: JournalPlace, _ explanation: String) {
        guard findings.count < JournalVerification.mostFindings else {
            omittedFindings += 1
            return
        }
        findings.append(
            JournalFinding(
                kind: kind, file: place.file, line: place.line, seq: place.seq, explanation: explanation))
    }

    mutating func noteBadLine(at place: JournalPlace, _ error: JournalError) {
        settleBreak()
        badLines += 1
        isFirstInFile = false
        add(error.code == .notCanonical ? .notCanonical : .badBytes, place, error.reason)
    }

    /// Takes a well-formed record as the next one.
    mutating func accept(_ entry: JournalEntry, named name: JournalDirectory.FileName, digest: String) {
        let place = entry.place
        if entry.log != (last?.log ?? entry.log) || !entry.log.hasPrefix(name.log) {
            add(.chainBreak, place, "the record belongs to another journal")
        }
        records += 1
        guard entry.seq >= expectedSeq else {
            isFirstInFile = false
            noteOld(entry)
            return
        }
        checkPosition(entry, in: name)
        checkClock(entry)
        checkKind(entry)
        checkHeads(entry, digest)
        badLines = 0
        isFirstInFile = false
        firstTime = firstTime ?? entry.time
        last = entry
        self.digest = digest
        expectedSeq = entry.seq + 1
    }

    private mutating func checkPosition(_ entry: JournalEntry, in name: JournalDirectory.FileName) {
        if entry.seq == expectedSeq {
            if isFirstInFile, entry.seq != name.firstSeq {
                add(.reordered, entry.place, "the file's name promises record \(name.firstSeq)")
            }
            checkChain(entry)
        } else {
            settleBreak()
            // Lines that are no records stand for as many records.
            if entry.seq > expectedSeq + badLines { noteMissing(before: entry, in: name) }
        }
    }

    private mutating func checkChain(_ entry: JournalEntry) {
        if entry.previous == digest {
            settleBreak()
        } else if let broken = openBreak {
            add(.chainBreak, broken.later, Self.breakExplanation)
            openBreak = nil
        } else if let last {
            openBreak = (last.place, entry.place)
        } else {
            add(.chainBreak, entry.place, "the first record of a journal names no line before it")
        }
    }

    private mutating func settleBreak() {
        guard let broken = openBreak else { return }
        add(.chainBreak, broken.earlier, Self.breakExplanation)
        openBreak = nil
    }

    private static let breakExplanation = "the line was changed: the lines beside it do not fit to it"
}

extension JournalCheckState {
    private mutating func noteMissing(before entry: JournalEntry, in name: JournalDirectory.FileName) {
        let missing = expectedSeq..<entry.seq
        let explanation = "records \(missing.lowerBound) to \(missing.upperBound - 1) are missing"
        gaps.append((missing, findings.count))
        if !isFirstInFile || name.firstSeq != entry.seq {
            add(.gap, entry.place, explanation)
        } else if let last, last.record.kind != .rotateEnd {
            add(.truncated, JournalPlace(file: last.file, line: last.line, seq: last.seq), explanation)
        } else {
            add(.missingFile, entry.place, "\(explanation), and so is the file before this one")
        }
    }

    /// Notes a record whose number is lower than that of a record before it.
    private mutating func noteOld(_ entry: JournalEntry) {
        guard let gap = gaps.first(where: { $0.range.contains(entry.seq) }) else {
            add(.duplicate, entry.place, "the number of this record was there before")
            return
        }
        guard findings.indices.contains(gap.finding), findings[gap.finding].kind != .reordered else { return }
        findings[gap.finding].kind = .reordered
        findings[gap.finding].explanation = "records from \(gap.range.lowerBound) on come later"
        add(.reordered, entry.place, "the record belongs before others that precede it")
    }

    private mutating func checkClock(_ entry: JournalEntry) {
        guard let last else { return }
        if entry.time < last.time {
            add(.clockBackwards, entry.place, "the time is before that of the record before, \(last.time)")
        } else if entry.boot == last.boot, entry.monotonic < last.monotonic {
            add(.clockBackwards, entry.place, "the time since boot is before that of the record before")
        }
    }

    private mutating func checkKind(_ entry: JournalEntry) {
        switch entry.record.kind {
        case .stepIntent:
            if let earlier = steps.begin(entry) { noteUnfinished(earlier) }
        case .stepResult, .recover: steps.end(entry)
        case .gap:
            if let lost = entry.record.details["lost"]?.string {
                add(.truncated, entry.place, "the records up to this head were not there any more: \(lost)")
            } else {
                add(.declaredGap, entry.place, "nothing could be recorded for a while")
            }
        default: break
        }
    }

    private mutating func noteUnfinished(_ place: JournalPlace) {
        add(.unfinishedStep, place, "the step was begun, but no result is recorded")
    }

    private mutating func checkHeads(_ entry: JournalEntry, _ digest: String) {
        for head in heads where head.seq == entry.seq && (head.log != entry.log || head.digest != digest) {
            add(.chainBreak, entry.place, "the line was changed: the head names another digest for it")
        }
    }

    mutating func noteEnd(in file: String) {
        settleBreak()
        for place in steps.open { noteUnfinished(place) }
        let place = last?.place ?? JournalPlace(file: file)
        if let furthest = heads.map(\.seq).max(), furthest >= expectedSeq {
            let isWholeFile = last == nil || last?.record.kind == .rotateEnd
            add(
                isWholeFile ? .missingFile : .truncated, place,
                "records \(expectedSeq) to \(furthest) are missing, which the head promises")
        }
    }

    var report: JournalReport {
        var report = JournalReport()
        report.records = records
        report.firstTime = firstTime
        report.lastTime = last?.time
        report.head = last.map { JournalHead(log: $0.log, seq: $0.seq, digest: digest) }
        report.findings = findings.enumerated()
            .sorted {
                ($0.element.file, $0.element.line ?? .max, $0.offset)
                    < ($1.element.file, $1.element.line ?? .max, $1.offset)
            }
            .map(\.element)
        report.omittedFindings = omittedFindings
        return report
    }
}

extension JournalEntry {
    var place: JournalPlace { JournalPlace(file: file, line: line, seq: seq) }
}
