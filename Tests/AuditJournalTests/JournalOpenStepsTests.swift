import Testing

@testable import AuditJournal

/// After a crash the journal itself tells which steps have no end.
@Suite struct JournalOpenStepsTests {
    private static func record(
        _ kind: JournalKind, _ step: Int? = nil, _ outcome: JournalOutcome? = nil
    ) -> JournalRecord {
        var record = JournalRecord(kind)
        record.plan = "plan"
        record.party = step.map { _ in "1" }
        record.step = step
        record.action = step.map { _ in "container.start" }
        record.object = step.map { JournalObject(name: "object \($0)") }
        record.outcome = outcome
        return record
    }

    private static func open(
        after records: [JournalRecord], rotationSize: Int = 16 << 20
    ) throws -> [Int] {
        let journal = try JournalDirectoryFixture()
        let writer = try journal.open(rotationSize: rotationSize)
        for record in records { try writer.append([record], sync: true) }
        return try JournalReader(directory: journal.path).openSteps().compactMap(\.record.step)
    }

    @Test func anIntentWithoutResultIsOpen() throws {
        let records = [
            Self.record(.planMade), Self.record(.stepIntent, 0), Self.record(.stepIntent, 1),
            Self.record(.stepResult, 0, .ok),
        ]
        #expect(try Self.open(after: records) == [1])
    }

    @Test func aResultThatNobodyKnowsLeavesTheStepOpen() throws {
        let records = [
            Self.record(.planMade), Self.record(.stepIntent, 0), Self.record(.stepResult, 0, .unknown),
            Self.record(.stepIntent, 1), Self.record(.stepResult, 1, .failed),
        ]
        #expect(try Self.open(after: records) == [0])
    }

    @Test func aRecoveryGivesTheStepAnEnd() throws {
        let records = [
            Self.record(.planMade), Self.record(.stepIntent, 0), Self.record(.stepIntent, 1),
            Self.record(.boot), Self.record(.recover, 0, .notDone),
        ]
        #expect(try Self.open(after: records) == [1])
    }

    @Test func onlyTheLastPlanCounts() throws {
        let closed = [
            Self.record(.planMade), Self.record(.stepIntent, 0), Self.record(.planDone, nil, .failed),
        ]
        #expect(try Self.open(after: closed) == [])
        #expect(try Self.open(after: closed + [Self.record(.planMade), Self.record(.stepIntent, 5)]) == [5])
    }

    @Test func aPlanThatGoesOnInTheNextFileIsReadWhole() throws {
        let steps = (0..<40).map { Self.record(.stepIntent, $0) }
        let results = (0..<39).map { Self.record(.stepResult, $0, .ok) }
        #expect(try Self.open(after: [Self.record(.planMade)] + steps + results, rotationSize: 1000) == [39])
    }

    @Test func aPlanThatIsLongerThanOneReadIsReadWhole() throws {
        let steps = (0..<600).map { Self.record(.stepIntent, $0) }
        let results = (1..<600).map { Self.record(.stepResult, $0, .ok) }
        #expect(try Self.open(after: [Self.record(.planMade)] + steps + results) == [0])
    }

    /// Nothing was sent for an intent that was not durable.
    @Test func anIntentThatWasCutShortIsNotOpen() throws {
        for keepsText in [true, false] {
            let journal = try JournalDirectoryFixture()
            do {
                let writer = try journal.open()
                for record in [Self.record(.planMade), Self.record(.stepIntent, 0)] {
                    try writer.append([record], sync: true)
                }
            }
            // All but the newline, and half of the line.
            let name = try #require(try journal.files().last)
            try journal.write(journal.read(name).dropLast(keepsText ? 1 : 40), to: name)
            #expect(try JournalReader(directory: journal.path).openSteps() == [])
            _ = try journal.open()
            #expect(try JournalReader(directory: journal.path).openSteps() == [])
        }
    }

    @Test func aStepThatWasRecoveredIsNoWarning() throws {
        let journal = try JournalDirectoryFixture()
        let writer = try journal.open()
        try writer.append([Self.record(.planMade), Self.record(.stepIntent, 0)], sync: true)
        #expect(journal.verify().classes == [.unfinishedStep])
        try writer.append([Self.record(.recover, 0, .notDone)], sync: true)
        let report = journal.verify()
        #expect(report.classes == [])
        #expect(report.verdict == .intact)
    }
}
