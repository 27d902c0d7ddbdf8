import AuditJournal
import Testing

@Suite struct JournalRotationTests {
    private let journal: JournalDirectoryFixture

    /// A journal in several files.
    init() throws {
        journal = try JournalDirectoryFixture()
        let writer = try journal.open(rotationSize: 4000)
        for record in JournalRecord.steps(40) { try writer.append([record], sync: true) }
        try #require(journal.files().count > 3)
    }

    @Test func chainGoesOnFromFileToFile() throws {
        let report = journal.verify()
        #expect(report.verdict == .intact)
        #expect(report.findings == [])
        #expect(report.files == (try journal.files().count))
        for name in try journal.files().dropLast() {
            #expect(try journal.mode(of: name) == 0o440)
        }
        #expect(try journal.mode(of: #require(journal.files().last)) == 0o640)
    }

    @Test func filesAreNamedByTheJournalAndTheirFirstRecord() throws {
        let head = try #require(journal.verify().head)
        let first = try journal.files().map { name in
            let entry = try JournalReader(directory: journal.path).query().first { $0.file == name }
            return try #require(entry).seq
        }
        let padded = first.map { String(repeating: "0", count: 12 - String($0).count) + String($0) }
        #expect(try journal.files() == padded.map { "audit-\(head.log.prefix(8))-\($0).jsonl" })
    }

    @Test func reopenedJournalGoesOnInTheLastFile() throws {
        let before = try #require(journal.verify().head)
        let seqs = try journal.open().append([.step(.stepIntent)], sync: true)
        #expect(seqs == [before.seq + 1])
        #expect(journal.verify().isIntact)
    }

    @Test func missingMiddleFileIsFound() throws {
        try journal.remove(journal.files()[1])
        #expect(journal.verify().classes.first == .missingFile)
        #expect(journal.verify().verdict == .altered)
    }

    @Test func missingFirstFileIsFound() throws {
        try journal.remove(journal.files()[0])
        #expect(journal.verify().classes.first == .missingFile)
    }

    @Test func missingLastFileIsFound() throws {
        try journal.remove(#require(journal.files().last))
        #expect(journal.verify().classes.last == .missingFile)
    }

    @Test func endCutOffAMiddleFileIsFound() throws {
        let name = try journal.files()[1]
        try journal.write(Array(journal.read(name).journalLines.dropLast(2).joined()), to: name)
        #expect(journal.verify().classes.first == .truncated)
        #expect(journal.verify().findings.first?.file == name)
    }

    @Test func exchangedFilesAreFound() throws {
        let names = try journal.files()
        let first = try journal.read(names[1])
        try journal.write(journal.read(names[2]), to: names[1])
        try journal.write(first, to: names[2])
        #expect(Set(journal.verify().classes) == [.reordered])
    }

    @Test func fileWithTheWrongNameIsFound() throws {
        let name = try #require(journal.files().last)
        let bytes = try journal.read(name)
        try journal.remove(name)
        try journal.write(bytes, to: name.dropLast(18) + "900000000000.jsonl")
        #expect(journal.verify().classes == [.reordered])
    }

    @Test func crashBetweenTwoFilesIsMended() throws {
        let last = try #require(journal.files().last)
        try journal.remove(last)
        let name = try #require(journal.files().last)
        let entry = try #require(try JournalReader(directory: journal.path).query().last)
        #expect(entry.record.kind == .rotateEnd)
        // What the head file held when the crash came.
        let digest = try #require(journal.verify().head)
        try journal.write(Array("\(digest)\n".utf8), to: "audit.head")
        try journal.open().append([.step(.stepIntent)], sync: true)
        #expect(journal.verify().isIntact)
        #expect(journal.verify().classes.allSatisfy { $0 == .unfinishedStep })
        #expect(try #require(journal.files().last) != name)
    }
}
