import Testing

@testable import AuditJournal

@Suite struct JournalCheckpointTests {
    private let journal: JournalDirectoryFixture

    init() throws {
        journal = try JournalDirectoryFixture()
    }

    private func checkpoints() throws -> [JournalCheckpoint] {
        try JournalReader(directory: journal.path).query().compactMap(\.checkpoint)
    }

    @Test func aCheckpointCoversAllRecordsBeforeIt() throws {
        var announced: [JournalCheckpoint] = []
        let writer = try journal.openAdjusted {
            $0.checkpointRecords = 5
            $0.onCheckpoint = { announced.append($0) }
        }
        for record in JournalRecord.steps(20) { try writer.append([record], sync: true) }
        let made = try checkpoints()
        #expect(made.map(\.size) == [5, 10, 15, 20])
        #expect(announced == made)
        let first = try journal.firstKey()
        #expect(made.allSatisfy { $0.isSigned(by: first) })
        for checkpoint in made {
            let report = journal.verify(key: first, anchors: [checkpoint])
            #expect(report.verdict == .intact)
            #expect(report.anchor == checkpoint)
            #expect(report.recordsAfterAnchor == 25 - checkpoint.size)
        }
    }

    @Test func aQuietJournalGetsACheckpointWithTheNextRecord() throws {
        var minutes: Int64 = 0
        let writer = try journal.open(clock: {
            JournalInstant(time: JournalTime(milliseconds: minutes * 60_000), monotonic: 0)
        })
        for minute in [1, 14, 16, 17, 31, 100, 200] as [Int64] {
            minutes = minute
            try writer.append([JournalRecord(.heartbeat)], sync: true)
        }
        #expect(try checkpoints().map(\.size) == [3, 6, 8, 10])
    }

    /// The tree after opening is that which the verification builds from all lines.
    @Test func anOpenedJournalGoesOnWithItsTree() throws {
        for _ in 0..<12 {
            let writer = try journal.openAdjusted(rotationSize: 9000) {
                $0.checkpointRecords = 7
                $0.epochRecords = 10
            }
            try writer.append(JournalRecord.steps(4), sync: true)
            // A crash cuts a record short.
            let name = try #require(try journal.files().last)
            try journal.write(journal.read(name) + Array("{\"act\":\"con".utf8), to: name)
        }
        _ = try journal.open()
        #expect(try checkpoints().count >= 6)
        #expect(try journal.files().count > 2)
        let report = journal.verify(key: try journal.firstKey(), anchors: try checkpoints())
        #expect(report.verdict == .intact)
        #expect(report.anchor == (try checkpoints().last))
        #expect(journal.verify(depth: .fast).verdict == .intact)
    }

    @Test func aCheckpointOfAnotherJournalOrOfMoreRecordsFails() throws {
        let writer = try journal.openAdjusted { $0.checkpointRecords = 5 }
        for record in JournalRecord.steps(20) { try writer.append([record], sync: true) }
        let made = try checkpoints()
        let other = try JournalDirectoryFixture()
        try other.open().append(JournalRecord.steps(40), sync: true)
        #expect(other.verify(anchors: made).classes.first == .chainBreak)
        try journal.write(lines: Array(journal.lines().prefix(12)))
        try journal.remove("audit.head")
        #expect(journal.verify(anchors: made).classes.contains(.truncated))
        #expect(journal.verify(anchors: made).verdict == .altered)
    }

    @Test func aNoteIsReadAsItWasWritten() throws {
        let writer = try journal.openAdjusted { $0.checkpointRecords = 5 }
        for record in JournalRecord.steps(6) { try writer.append([record], sync: true) }
        let made = try #require(try checkpoints().first)
        #expect(JournalCheckpoint(note: made.note) == made)
        let lines = made.note.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.prefix(2) == ["\(made.origin)", "5"])
        #expect(made.origin == "fatesync/demo/\(made.log)")
        for broken in [
            "", made.origin, String(made.note.dropLast()), made.note + "\n", "a\nb\nc\n\n\u{2014} d\n",
        ] {
            #expect(JournalCheckpoint(note: broken) == nil)
        }
        let other = made.note.replacing("\n5\n", with: "\n6\n")
        let first = try journal.firstKey()
        #expect(JournalCheckpoint(note: other)?.isSigned(by: first) == false)
    }

    /// Opening must not read more than it needs: no file before the last checkpoint.
    @Test func openingLooksNoFurtherBackThanTheLastCheckpoint() throws {
        let writer = try journal.open(rotationSize: 4000)
        for record in JournalRecord.steps(30) { try writer.append([record], sync: true) }
        let names = try journal.files()
        try #require(names.count > 3)
        for name in names.dropLast(2) { try journal.write(Array("nothing\n".utf8), to: name) }
        try journal.openAdjusted { $0.checkpointRecords = 1 }.append(JournalRecord.steps(2), sync: true)
        let last = try #require(try checkpoints().last)
        #expect(last.size > 30)
    }
}
