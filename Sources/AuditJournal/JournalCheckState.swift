/// Everything that one line changes in a verification, so that a line can be taken back.
struct JournalCheckState {
    var heads: [JournalHead] = []
    var isFirstInFile = true

    private var keys = JournalKeyCheck()
    private var seals: JournalSealCheck
    private var records = 0
    private var firstTime: JournalTime?
    private var last: Last?
    private var digest = JournalDigest.genesis
    private var expectedSeq: UInt64 = 0
    private var badLines: UInt64 = 0
    private var gaps: [(range: Range<UInt64>, finding: Int)] = []
    private var steps = JournalOpenSteps()
    private var findings: [JournalFinding] = []
    private var omittedFindings = 0

    /// What is kept of the last record.
    private struct Last {
        var place: JournalPlace
        let log: String
        let boot: String
        let time: JournalTime
        let monotonic: UInt64
        let endsFile: Bool
        /// Whether its own signature was complained of; the chain then has nothing to add.
        var isDoubtful = false
        /// Its line, if the signature was not looked at.
        var unread: [UInt8]?
    }

    init(_ trust: JournalTrust, buildsTree: Bool) {
        heads = trust.head.map { [$0] } ?? []
        keys.pinned = trust.key
        seals = JournalSealCheck(anchors: trust.anchors, buildsTree: buildsTree)
    }

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
        badLines += 1
        isFirstInFile = false
        seals.giveUp()
        add(error.code == .notCanonical ? .notCanonical : .badBytes, place, error.reason)
    }

    /// Takes a well-formed record as the next one.
    mutating func accept(_ entry: JournalEntry, line: [UInt8], named name: JournalDirectory.FileName) {
        let place = entry.place
        records += 1
        let verdict = keys.check(entry, line: line)
        if case .badSignature = verdict {
            seals.giveUp()
            add(.badSignature, place, "the line was changed: its signature does not fit")
            // Nothing that it says counts, and it stands for one record.
            guard entry.seq == expectedSeq else {
                badLines += 1
                isFirstInFile = false
                return
            }
        } else if entry.log != (last?.log ?? entry.log) || !entry.log.hasPrefix(name.log) {
            add(.chainBreak, place, "the record belongs to another journal")
        }
        guard entry.seq >= expectedSeq else {
            isFirstInFile = false
            noteOld(entry)
            return
        }
        let digest = JournalDigest(of: line)
        var isDoubtful = true
        if case .valid = verdict { isDoubtful = false }
        checkPosition(entry, in: name, isDoubtful: isDoubtful)
        noteKey(of: entry, verdict)
        checkClock(entry)
        checkKind(entry)
        checkSeals(entry, digest, isDoubtful: isDoubtful)
        badLines = 0
        isFirstInFile = false
        firstTime = firstTime ?? entry.time
        last = Last(
            place: place, log: entry.log, boot: entry.boot, time: entry.time, monotonic: entry.monotonic,
            endsFile: entry.record.kind == .rotateEnd, isDoubtful: isDoubtful)
        self.digest = digest
        expectedSeq = entry.seq + 1
    }

    private mutating func checkPosition(
        _ entry: JournalEntry, in name: JournalDirectory.FileName, isDoubtful: Bool
    ) {
        if entry.seq == expectedSeq {
            if isFirstInFile, entry.seq != name.firstSeq {
                add(.reordered, entry.place, "the file's name promises record \(name.firstSeq)")
            }
            // The signature tells which of two neighbours was changed.
            guard entry.previous != digest.hex, !isDoubtful, last?.isDoubtful != true else { return }
            seals.giveUp()
            add(.chainBreak, entry.place, "the line before it is not the one that it was written after")
        } else {
            seals.giveUp()
            // Lines that are no records stand for as many records.
            if entry.seq > expectedSeq + badLines { noteMissing(before: entry, in: name) }
        }
    }

    private mutating func noteKey(of entry: JournalEntry, _ verdict: JournalKeyCheck.Verdict) {
        let key = entry.key ?? "-"
        switch verdict {
        case .valid, .badSignature, .unknownKey(isNew: false): break
        case .oldKey:
            add(.unknownKey, entry.place, "it is signed with key \(key), which was replaced before")
        case .unknownKey(isNew: true):
            add(.unknownKey, entry.place, "it is signed with key \(key), which no signed record introduces")
        }
    }

    private mutating func checkSeals(_ entry: JournalEntry, _ digest: JournalDigest, isDoubtful: Bool) {
        if isDoubtful { seals.giveUp() }
        if entry.record.kind == .checkpoint, !isDoubtful, let fault = seals.fault(of: entry, keys: keys) {
            add(.badSignature, entry.place, fault)
        }
        if !isDoubtful {
            for head in heads
            where head.seq == entry.seq && (head.log != entry.log || head.digest != digest.hex) {
                add(.chainBreak, entry.place, "the line was changed: the head names another digest for it")
            }
        }
        for fault in seals.append(digest, of: entry.log) { add(.chainBreak, entry.place, fault) }
    }
}

extension JournalCheckState {
    /// Takes a line as the next record by its text alone, if it follows from the one before and is of no kind
    /// that has to be read.
    mutating func acceptUnread(_ line: [UInt8], at place: JournalPlace) -> Bool {
        guard !isFirstInFile, badLines == 0, var last, let position = JournalLinePosition(line),
            position.seq == expectedSeq, position.previous == digest,
            !Self.kindsToRead.contains(position.kind),
            !heads.contains(where: { $0.seq == expectedSeq })
        else { return false }
        records += 1
        digest = JournalDigest(of: line)
        last.place = place
        last.place.seq = expectedSeq
        last.isDoubtful = false
        last.unread = line
        self.last = last
        for fault in seals.append(digest, of: last.log) { add(.chainBreak, last.place, fault) }
        expectedSeq += 1
        return true
    }

    private static let kindsToRead: Set<String> = Set(
        [JournalKind.logOpen, .keyNext, .checkpoint, .rotateBegin, .rotateEnd, .recover, .gap].map(\.rawValue)
    )

    private mutating func noteMissing(before entry: JournalEntry, in name: JournalDirectory.FileName) {
        let missing = expectedSeq..<entry.seq
        let explanation = "records \(missing.lowerBound) to \(missing.upperBound - 1) are missing"
        gaps.append((missing, findings.count))
        if !isFirstInFile || name.firstSeq != entry.seq {
            add(.gap, entry.place, explanation)
        } else if let last, !last.endsFile {
            add(.truncated, last.place, explanation)
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

    mutating func noteEnd(in file: String) {
        for place in steps.open { noteUnfinished(place) }
        if let last, let line = last.unread, !keys.isSigned(line) {
            add(.badSignature, last.place, "the line was changed: its signature does not fit")
        }
        let place = last?.place ?? JournalPlace(file: file)
        let promised = heads.map(\.seq) + seals.unreached.map { $0.size - 1 }
        // Lines that are no records stand for as many records.
        let end = expectedSeq + badLines
        if let furthest = promised.max(), furthest >= end {
            // A file that was begun and has no whole record is there.
            let isWholeFile = last.map { $0.endsFile && $0.place.file == file } ?? true
            add(
                isWholeFile ? .missingFile : .truncated, place,
                "records \(end) to \(furthest) are missing, which the head or an anchor promises")
        }
    }

    var report: JournalReport {
        var report = JournalReport()
        report.records = records
        report.firstTime = firstTime
        report.lastTime = last?.time
        report.head = last.map { JournalHead(log: $0.log, seq: expectedSeq - 1, digest: digest.hex) }
        report.epochs = keys.epochs
        report.firstKey = keys.first
        report.isKeyPinned = keys.pinned != nil
        report.anchor = seals.confirmed
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
