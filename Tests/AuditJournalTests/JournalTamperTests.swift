import AuditJournal
import Testing

@testable import struct AuditJournal.JournalDigest

@Suite struct JournalTamperTests {
    private let journal: JournalDirectoryFixture

    /// A journal of 31 records in one file: the one that opens it, and 30 others.
    init() throws {
        journal = try JournalDirectoryFixture()
        let short = Array(repeating: JournalRecord(.heartbeat), count: 24)
        try journal.open().append(JournalRecord.steps(4) + short + JournalRecord.steps(2), sync: true)
    }

    @Test func everyChangedByteIsNoticed() throws {
        let journal = try JournalDirectoryFixture()
        try journal.open().append([JournalRecord(.boot)], sync: true)
        let name = try #require(journal.files().first)
        let bytes = try journal.read(name)
        var random = SeededGenerator(seed: 3)
        var missed: [Int] = []
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try journal.write(changed, to: name)
            if journal.verify().verdict != .altered { missed.append(place) }
        }
        #expect(missed == [])
    }

    @Test func untouchedJournalIsIntact() {
        let report = journal.verify()
        #expect(report.verdict == .intact)
        #expect(report.findings == [])
        #expect(report.records == 31)
        #expect(report.files == 1)
    }

    @Test func deletedLineIsAGap() throws {
        var lines = try journal.lines()
        lines.remove(at: 7)
        try journal.write(lines: lines)
        let report = journal.verify()
        #expect(report.verdict == .altered)
        #expect(
            report.findings.map(\.description) == [
                "\(try journal.files()[0]):8 (seq 8): gap: records 7 to 7 are missing"
            ])
    }

    @Test func duplicatedLineIsADuplicate() throws {
        var lines = try journal.lines()
        lines.insert(lines[7], at: 8)
        try journal.write(lines: lines)
        #expect(journal.verify().classes == [.duplicate])
    }

    @Test func swappedLinesAreReordered() throws {
        var lines = try journal.lines()
        lines.swapAt(7, 8)
        try journal.write(lines: lines)
        #expect(journal.verify().classes == [.reordered, .reordered])
        #expect(journal.verify().findings.map(\.line) == [8, 9])
    }

    @Test func editedLineIsNamedByItsSignature() throws {
        var lines = try journal.lines()
        lines[3] = try lines[3].replacing("add a party", with: "nothing at all")
        try journal.write(lines: lines)
        let finding = try #require(journal.verify().findings.first)
        #expect(journal.verify().classes == [.badSignature])
        #expect(finding.line == 4)
        #expect(finding.seq == 3)
    }

    @Test func editedPreviousDigestIsNamedByItsSignature() throws {
        var lines = try journal.lines()
        let digest = JournalDigest(of: lines[9].dropLast()).hex
        lines[10] = try lines[10].replacing(digest, with: String(digest.reversed()))
        try journal.write(lines: lines)
        #expect(journal.verify().classes == [.badSignature])
        #expect(journal.verify().findings.map(\.line) == [11])
    }

    @Test func editWithTheWholeChainMadeAnewFailsAtEachSignature() throws {
        var lines = try journal.lines()
        var digests = lines.map { JournalDigest(of: $0.dropLast()).hex }
        lines[3] = try lines[3].replacing("add a party", with: "nothing at all")
        for index in 3..<(lines.count - 1) {
            let digest = JournalDigest(of: lines[index].dropLast()).hex
            lines[index + 1] = try lines[index + 1].replacing(digests[index], with: digest)
            digests[index] = digest
        }
        try journal.write(lines: lines)
        #expect(Set(journal.verify().classes) == [.badSignature])
        #expect(journal.verify().findings.map(\.line) == Array(4...31))
    }

    @Test(arguments: [1, 2, 30])
    func recordsCutOffTheEndFailAgainstTheHead(count: Int) throws {
        try journal.write(lines: journal.lines().dropLast(count))
        #expect(journal.verify().verdict == .altered)
        #expect(journal.verify().classes.contains(.truncated))
    }

    @Test func headKeptElsewhereShowsWhatALostHeadFileHides() throws {
        let head = try #require(journal.verify().head)
        try journal.write(lines: journal.lines().dropLast(1))
        try journal.remove("audit.head")
        #expect(journal.verify().verdict == .intact)
        #expect(journal.verify().classes.contains(.noHead))
        #expect(journal.verify(expecting: head).verdict == .altered)
    }

    @Test(arguments: [
        (" }\n", JournalFinding.Class.notCanonical), ("}\r\n", .notCanonical), ("\n", .badBytes),
    ])
    func lineWrittenInAnotherWayIsNamed(_ end: String, _ expected: JournalFinding.Class) throws {
        var lines = try journal.lines()
        lines[5] = lines[5].dropLast(2) + Array(end.utf8)
        try journal.write(lines: lines)
        #expect(journal.verify().classes == [expected])
        #expect(journal.verify().findings.map(\.line) == [6])
    }

    @Test func emptiedJournalIsAltered() throws {
        try journal.write([], to: #require(journal.files().first))
        #expect(journal.verify().verdict == .altered)
    }

    @Test func removedJournalIsAlteredWhileTheHeadIsThere() throws {
        try journal.remove(#require(journal.files().first))
        #expect(journal.verify().classes == [.missingFile])
        #expect(journal.verify().verdict == .altered)
    }

    @Test func emptyOrMissingDirectoryCannotBeJudged() throws {
        try journal.remove(#require(journal.files().first))
        try journal.remove("audit.head")
        for path in [journal.path, journal.path + "/missing"] {
            let report = JournalVerification.verify(directory: path)
            guard case .unknown = report.verdict else {
                Issue.record("\(report.verdict)")
                continue
            }
        }
    }
}
