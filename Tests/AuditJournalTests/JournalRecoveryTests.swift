import AuditJournal
import Testing

@Suite struct JournalRecoveryTests {
    private let journal: JournalDirectoryFixture

    init() throws {
        journal = try JournalDirectoryFixture()
        try journal.open().append(JournalRecord.steps(4), sync: true)
    }

    @Test func recordCutShortAtAnyByteIsRecovered() throws {
        let name = try #require(journal.files().first)
        let head = try journal.read("audit.head")
        let kept = try journal.read(name)
        try journal.open().append([.step(.heartbeat)], sync: true)
        let record = try journal.read(name).dropFirst(kept.count)
        // Every seventh byte, and all near the end, where the line is nearly a record.
        for length in 1..<record.count where length % 7 == 1 || length > record.count - 4 {
            try journal.write(kept + record.prefix(length), to: name)
            try journal.write(head, to: "audit.head")
            #expect(journal.verify().classes == [.tornTail])
            let seqs = try journal.open().append(JournalRecord.steps(2), sync: true)
            let report = journal.verify()
            #expect(seqs == [6, 7])
            #expect(report.verdict == .intact)
            #expect(report.classes == [.recovered])
            #expect(report.records == 8)
            #expect(try journal.read(name).starts(with: kept + record.prefix(length)))
        }
    }

    @Test func recoveryNamesPlaceLengthAndDigest() throws {
        let name = try #require(journal.files().first)
        let size = try journal.read(name).count
        try journal.write(journal.read(name) + Array("abc".utf8), to: name)
        _ = try journal.open()
        let entry = try #require(try JournalReader(directory: journal.path).query().last)
        #expect(entry.record.kind == .recover)
        #expect(
            entry.record.details == [
                "file": .string(name), "offset": .int(Int64(size)), "length": 3,
                "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ])
    }

    @Test func readerPassesOverARecordThatWasTakenBack() throws {
        let name = try #require(journal.files().first)
        try journal.write(journal.read(name).dropLast(), to: name)
        try journal.write(head(of: 3), to: "audit.head")
        try journal.open().append([.step(.heartbeat)], sync: true)
        let entries = try JournalReader(directory: journal.path).query()
        #expect(entries.map(\.seq) == [0, 1, 2, 3, 4, 5])
        #expect(entries[4].record.kind == .recover)
        #expect(journal.verify().isIntact)
    }

    @Test(arguments: [1, 40, 200])
    func crashWhileRecoveringIsRecovered(length: Int) throws {
        let name = try #require(journal.files().first)
        let head = try journal.read("audit.head")
        try journal.write(journal.read(name) + Array("{\"act\":".utf8), to: name)
        let size = try journal.read(name).count
        _ = try journal.open()
        try journal.write(Array(journal.read(name).prefix(size + length)), to: name)
        try journal.write(head, to: "audit.head")
        try journal.open().append([.step(.heartbeat)], sync: true)
        #expect(journal.verify().verdict == .intact)
        #expect(journal.verify().classes == [.recovered])
    }

    @Test func severalBrokenLinesAtTheEndAreRecoveredTogether() throws {
        let name = try #require(journal.files().first)
        let zeros = [UInt8](repeating: 0, count: 5000) + Array("\nrest\n{".utf8)
        try journal.write(journal.read(name) + zeros, to: name)
        try journal.open().append([.step(.heartbeat)], sync: true)
        #expect(journal.verify().verdict == .intact)
        #expect(journal.verify().classes == [.recovered])
    }

    @Test func recoveryDoesNotExcuseBytesThatItDoesNotName() throws {
        let name = try #require(journal.files().first)
        try journal.write(journal.read(name) + Array("abc".utf8), to: name)
        _ = try journal.open()
        let bytes = try journal.read(name)
        let place = try #require(bytes.firstRange(of: Array("\nabc\n".utf8))).lowerBound + 1
        for change in [Array("abd".utf8), Array("abcd".utf8), Array("ab".utf8)] {
            try journal.write(Array(bytes[..<place]) + change + bytes[(place + 3)...], to: name)
            #expect(journal.verify().verdict == .altered)
        }
    }

    @Test func durableRecordsThatAreGoneAreToldForEver() throws {
        try journal.write(lines: journal.lines().dropLast(2))
        let writer = try journal.open()
        try writer.append(JournalRecord.steps(6), sync: true)
        #expect(journal.verify().verdict == .altered)
        #expect(journal.verify().classes.contains(.truncated))
    }

    @Test func changedLastRecordIsNotForgottenByOpening() throws {
        var lines = try journal.lines()
        lines[4][40] ^= 1
        try journal.write(lines: lines)
        try journal.open().append(JournalRecord.steps(2), sync: true)
        #expect(journal.verify().verdict == .altered)
    }

    @Test func fileWithoutAnyRecordIsNotContinued() throws {
        try journal.write(Array("nothing\n".utf8), to: #require(journal.files().first))
        let error = #expect(throws: JournalError.self) { try journal.open() }
        #expect(error?.code == .damaged)
    }

    @Test func filesOfTwoJournalsAreNotContinued() throws {
        try journal.write([], to: "audit-00000000-000000000000.jsonl")
        let error = #expect(throws: JournalError.self) { try journal.open() }
        #expect(error?.code == .damaged)
    }

    /// The head file's content when the record with this number was the last.
    private func head(of seq: Int) throws -> [UInt8] {
        let scratch = try JournalDirectoryFixture()
        _ = try scratch.open()
        try scratch.remove(#require(scratch.files().first))
        let name = try #require(journal.files().first)
        let lines = try journal.read(name).journalLines.prefix(seq + 1)
        try scratch.write(Array(lines.joined()), to: name)
        return Array("\(try #require(scratch.verify().head))\n".utf8)
    }
}
