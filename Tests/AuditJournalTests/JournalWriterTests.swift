import AuditJournal
import Glibc
import Testing

@Suite struct JournalWriterTests {
    private let journal: JournalDirectoryFixture

    init() throws {
        journal = try JournalDirectoryFixture()
    }

    @Test func recordsComeBackAsTheyWereGiven() throws {
        var record = JournalRecord(.stepResult)
        record.cause = JournalCause("manual", uid: 1000, pid: 4711, detail: "sync")
        record.source = RevisionSource(
            remote: "https://git.example.org/state", ref: "refs/heads/main", commit: "4f1c", previous: "99ab",
            author: "Ada \u{202E}<ada@example.org>", subject: "say \u{1B}[31mred")
        record.party = "10000"
        record.plan = "p1"
        record.step = 3
        record.action = "container.create"
        record.object = JournalObject(name: "rollsite", id: "c0ffee")
        record.requestDigest = String(repeating: "a", count: 64)
        record.diff = [
            JournalChange(field: "image", old: "a:1", new: "a:2"),
            JournalChange(field: "environment.X", old: nil, new: "1"),
        ]
        record.outcome = .failed
        record.code = 409
        record.error = "name in use\n"
        record.milliseconds = 17
        record.details = ["round": 2]
        let time = try #require(JournalTime("2026-01-31T23:59:59.123Z"))
        let clock = JournalInstant(time: time, monotonic: 18_446_744_073_709_551_615)
        try journal.open(clock: { clock }).append([record], sync: true)
        let entry = try #require(try JournalReader(directory: journal.path).query().last)
        #expect(entry.record == record)
        #expect(entry.seq == 1)
        #expect(entry.line == 2)
        #expect(entry.time == time)
        #expect(entry.monotonic == clock.monotonic)
        #expect(entry.host == "demo")
        #expect(entry.version == "0.1.0")
        #expect(entry.boot.count == 36)
        #expect(entry.log.count == 32)
    }

    @Test func firstRecordOpensTheJournal() throws {
        let writer = try journal.open()
        #expect(try writer.append([JournalRecord(.boot)], sync: true) == [1])
        let entries = try JournalReader(directory: journal.path).query()
        #expect(entries.map(\.record.kind) == [.logOpen, .boot])
        #expect(entries[0].previous == String(repeating: "0", count: 64))
        #expect(try journal.mode() == 0o750)
        #expect(try journal.mode(of: #require(journal.files().first)) == 0o640)
    }

    @Test func fieldsThatAreNotSetAreAbsent() throws {
        try journal.open().append([JournalRecord(.heartbeat)], sync: true)
        let entry = try #require(try JournalReader(directory: journal.path).query().last)
        let always = [
            "boot", "host", "key", "kind", "log", "mono", "prev", "seq", "sig", "ts", "v", "ver",
        ]
        #expect(entry.fields.keys.sorted() == always)
    }

    @Test func rawFileHoldsNothingThatActsOnATerminal() throws {
        var record = JournalRecord.step(.stepIntent)
        record.source?.subject = "\u{1B}]0;owned\u{7}\u{202E}\u{7F}\r\n\u{0}é"
        try journal.open().append([record], sync: true)
        let bytes = try journal.read(#require(journal.files().first))
        #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A })
        #expect(bytes.filter { $0 == 0x0A }.count == 2)
        let entry = try #require(try JournalReader(directory: journal.path).query().last)
        #expect(entry.record.source?.subject == record.source?.subject)
    }

    @Test(arguments: ["x", "é", "€", "😀"])
    func longErrorIsCutBetweenCharacters(character: String) throws {
        var record = JournalRecord(.stepResult)
        record.error = "y" + String(repeating: character, count: 3000)
        try journal.open().append([record], sync: true)
        let error = try #require(try JournalReader(directory: journal.path).query().last?.record.error)
        #expect(error.utf8.count <= 2048)
        #expect(error.utf8.count > 2044)
        #expect(record.error?.hasPrefix(error) == true)
    }

    @Test func batchGetsNumbersWithoutGaps() throws {
        let writer = try journal.open()
        #expect(try writer.append(JournalRecord.steps(3), sync: false) == [1, 2, 3])
        #expect(try writer.append([], sync: true) == [])
        #expect(try writer.append(JournalRecord.steps(2), sync: true) == [4, 5])
        #expect(journal.verify().head == writer.head)
    }

    @Test func recordThatIsTooLongIsRefusedAndHarmsNothing() throws {
        let writer = try journal.open()
        var record = JournalRecord(.driftSeen)
        record.details = ["text": .string(String(repeating: "x", count: 1 << 20))]
        let error = #expect(throws: JournalError.self) {
            try writer.append([JournalRecord(.boot), record], sync: true)
        }
        #expect(error?.code == .recordTooLong)
        #expect(try writer.append([JournalRecord(.boot)], sync: true) == [1])
        #expect(journal.verify().isIntact)
    }

    @Test func intentWithoutResultIsAWarning() throws {
        let writer = try journal.open()
        try writer.append([.step(.stepIntent, number: 1), .step(.stepResult, number: 1)], sync: true)
        #expect(journal.verify().findings == [])
        try writer.append([.step(.stepIntent, number: 2), .step(.stepIntent, number: 3)], sync: true)
        try writer.append([.step(.stepIntent, number: 2), .step(.stepResult, number: 3)], sync: true)
        #expect(journal.verify().classes == [.unfinishedStep, .unfinishedStep])
        #expect(journal.verify().findings.map(\.seq) == [3, 5])
        #expect(journal.verify().isIntact)
    }

    @Test func clockThatGoesBackIsAWarning() throws {
        var times: [Int64] = [5000, 6000, 5500, 7000]
        let writer = try journal.open(clock: {
            JournalInstant(time: JournalTime(milliseconds: times.removeFirst()), monotonic: 1)
        })
        try writer.append(Array(repeating: JournalRecord(.heartbeat), count: 3), sync: true)
        #expect(journal.verify().classes == [.clockBackwards])
        #expect(journal.verify().findings.map(\.seq) == [2])
        #expect(journal.verify().isIntact)
    }

    @Test func missingParentDirectoryIsAnErrorThatNamesIt() {
        let error = #expect(throws: JournalError.self) {
            try JournalWriter(directory: "/nowhere/audit", host: "demo", version: "1")
        }
        #expect(
            error?.description
                == "cannot make the journal directory /nowhere/audit: No such file or directory")
    }
}
