import AuditJournal
import Glibc
import Testing

@Suite struct JournalReaderTests {
    private let journal: JournalDirectoryFixture
    private let reader: JournalReader

    /// 40 records of two parties, one second apart, in several files.
    init() throws {
        journal = try JournalDirectoryFixture()
        reader = JournalReader(directory: journal.path)
        var seconds: Int64 = 0
        let writer = try journal.open(rotationSize: 4000) {
            seconds += 1
            return JournalInstant(time: JournalTime(milliseconds: seconds * 1000), monotonic: 0)
        }
        for number in 0..<20 {
            let party = number.isMultiple(of: 4) ? "9999" : "10000"
            try writer.append([.step(.stepIntent, number: number, party: party)], sync: false)
            var result = JournalRecord.step(.stepResult, number: number, party: party)
            result.outcome = number == 7 ? .failed : .ok
            try writer.append([result], sync: false)
        }
        try writer.sync()
        try #require(journal.files().count > 3)
    }

    @Test func entriesOfAllFilesComeInOrder() throws {
        let seqs = try reader.query().map(\.seq)
        #expect(seqs == Array(0..<UInt64(seqs.count)))
        #expect(seqs.count > 41)
    }

    @Test func filterLimitsByEachOfItsFields() throws {
        var filter = JournalFilter()
        filter.party = "9999"
        #expect(try reader.query(filter).count == 10)
        filter.kinds = [.stepResult, .boot]
        #expect(try reader.query(filter).count == 5)
        filter.action = "container.remove"
        #expect(try reader.query(filter) == [])
        filter = JournalFilter()
        filter.outcome = .failed
        #expect(try reader.query(filter).map(\.record.step) == [7])
        filter = JournalFilter()
        filter.since = JournalTime("1970-01-01T00:00:10Z")
        filter.until = JournalTime("1970-01-01T00:00:12.000Z")
        #expect(Set(try reader.query(filter).map(\.time.milliseconds)) == [10_000, 11_000])
    }

    @Test(arguments: [0, 1, 3, 7, 15, 40, 1000, Int.max])
    func lastGivesTheNewest(count: Int) throws {
        var filter = JournalFilter()
        filter.kinds = [.stepResult]
        let all = try reader.query(filter)
        filter.last = count
        #expect(try reader.query(filter) == Array(all.suffix(count)))
    }

    @Test func lastLooksAtNoMoreFilesThanItNeeds() throws {
        // A file that cannot be read as a journal file shows whether it was looked at.
        let first = try journal.files()[0]
        try journal.remove(first)
        try #require(symlink("/nowhere", journal.path + "/" + first) == 0)
        var filter = JournalFilter()
        filter.last = 2
        #expect(try reader.query(filter).count == 2)
        #expect(throws: JournalError.self) { try reader.query() }
    }

    @Test func visitorEndsTheReading() throws {
        var seen = 0
        try reader.visit { _ in
            seen += 1
            return seen == 3 ? .enough : .more
        }
        #expect(seen == 3)
    }

    @Test func lineThatIsBeingWrittenIsNotRead() throws {
        let name = try #require(journal.files().last)
        let count = try reader.query().count
        try journal.write(journal.read(name).dropLast(), to: name)
        #expect(try reader.query().count == count - 1)
    }
}
