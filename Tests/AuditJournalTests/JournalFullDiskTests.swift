import AuditJournal
import Glibc
import Testing

@Suite struct JournalFullDiskTests {
    @Test func fullDiskStopsTheJournalUntilThereIsSpace() throws {
        let journal = try JournalDirectoryFixture()
        try #require(mkdir(journal.path, 0o750) == 0)
        try #require(mount("tmpfs", journal.path, "tmpfs", 0, "size=4m") == 0)
        defer { umount2(journal.path, Int32(MNT_DETACH)) }
        let writer = try journal.open()
        // All but some pages of what the reserve leaves.
        try journal.write([UInt8](repeating: 1, count: 3 << 20 - 100_000), to: "ballast")
        var durable: UInt64 = 0
        let failure = #expect(throws: JournalError.self) {
            while true { durable = try writer.append(JournalRecord.steps(2), sync: true)[1] }
        }
        #expect(failure?.code == .unwritable)
        #expect(failure?.isDiskFull == true)
        #expect(#expect(throws: JournalError.self) { try writer.append([], sync: false) } == failure)
        #expect(#expect(throws: JournalError.self) { try writer.sync() } == failure)
        // The reserve has made room for the journal to say why, and for nothing else.
        #expect(writer.unrecordedFailure == nil)
        let last = try #require(try JournalReader(directory: journal.path).query().last)
        #expect(last.record.kind == .gap)
        #expect(last.record.error == failure?.description)
        #expect(last.seq > durable)
        #expect(#expect(throws: JournalError.self) { try journal.open() }?.isDiskFull == true)
        try journal.remove("ballast")
        let seqs = try journal.open().append(JournalRecord.steps(2), sync: true)
        #expect(try #require(seqs.first) > last.seq)
        #expect(journal.verify().verdict == .intact)
        #expect(journal.verify().classes.contains(.declaredGap))
    }

    @Test func whatCouldNotBeRecordedIsHandedOn() throws {
        let journal = try JournalDirectoryFixture()
        try journal.open().append([JournalRecord(.boot)], sync: true)
        let error = #expect(throws: JournalError.self) {
            try JournalWriter(directory: "/nowhere/audit", host: "demo", version: "1")
        }
        let failure = try #require(error)
        try journal.openAdjusted { $0.interruption = failure }.append([JournalRecord(.boot)], sync: true)
        let entries = try JournalReader(directory: journal.path).query()
        #expect(entries.map(\.record.kind) == [.logOpen, .boot, .gap, .boot])
        #expect(entries[2].record.error == failure.description)
        #expect(journal.verify().classes == [.declaredGap])
    }
}
