import Glibc
import Testing

@testable import AuditJournal

/// Every record is signed, and whoever becomes root later cannot sign in the place of an earlier key.
@Suite struct JournalKeyTests {
    private let journal: JournalDirectoryFixture

    init() throws {
        journal = try JournalDirectoryFixture()
    }

    private func entries() throws -> [JournalEntry] { try JournalReader(directory: journal.path).query() }

    @Test func theFirstRecordNamesTheKeyThatSignsIt() throws {
        try journal.open().append([JournalRecord(.boot)], sync: true)
        let first = try journal.firstKey()
        #expect(try entries().map(\.key) == [first.id, first.id])
        #expect(try journal.mode(of: "audit.key") == 0o600)
        let report = journal.verify()
        #expect(report.verdict == .intact)
        #expect(report.firstKey == first)
        #expect(!report.isKeyPinned)
        #expect(journal.verify(key: first).isKeyPinned)
        let other = JournalSigningKey(since: 0, begun: JournalTime(milliseconds: 0)).publicKey
        #expect(journal.verify(key: other).classes.first == .unknownKey)
        #expect(journal.verify(key: other).verdict == .altered)
    }

    @Test func aKeySignsNoMoreRecordsThanItMay() throws {
        let writer = try journal.openAdjusted { $0.epochRecords = 8 }
        #expect(try writer.append(JournalRecord.steps(20), sync: true).count == 20)
        try writer.append(JournalRecord.steps(2), sync: false)
        let all = try entries()
        let signed = Dictionary(grouping: all) { $0.key ?? "-" }
        #expect(signed.values.allSatisfy { $0.count <= 8 })
        #expect(signed.count > 3)
        let report = journal.verify(key: try journal.firstKey())
        #expect(report.verdict == .intact)
        #expect(report.epochs == signed.count)
        // The last record of each key introduces the next.
        for (current, next) in zip(all, all.dropFirst()) where current.key != next.key {
            #expect(current.record.kind == .keyNext)
            #expect(current.introducedKey?.id == next.key)
        }
    }

    @Test func aKeySignsNoLongerThanItMay() throws {
        var hours: Int64 = 0
        let writer = try journal.open(clock: {
            JournalInstant(time: JournalTime(milliseconds: hours * 3_600_000), monotonic: UInt64(hours))
        })
        for _ in 0..<60 {
            hours += 1
            try writer.append([JournalRecord(.heartbeat)], sync: true)
        }
        #expect(journal.verify().epochs == 3)
    }

    @Test func theOldPrivateKeyIsGone() throws {
        let writer = try journal.openAdjusted { $0.epochRecords = 4 }
        let old = try journal.read("audit.key")
        try writer.append(JournalRecord.steps(4), sync: true)
        let secret = Array(old.prefix(44))
        for (name, bytes) in try journal.contents() {
            #expect(bytes.firstRange(of: secret) == nil, "\(name)")
        }
        #expect(!JournalDirectoryFixture.names(in: journal.path).contains("audit.key.next"))
    }

    /// What a crash can leave at each point of the change from one key to the next.
    @Test func aCrashWhileTheKeyChangesIsMended() throws {
        _ = try journal.openAdjusted { $0.epochRecords = 4 }.append(JournalRecord.steps(1), sync: true)
        let before = try journal.contents()
        try journal.openAdjusted { $0.epochRecords = 4 }.append([JournalRecord(.boot)], sync: true)
        let after = try journal.contents()
        let name = try #require(try journal.files().first)
        var announced = after
        announced[name] = Array(try #require(after[name]).journalLines.dropLast().joined())
        announced["audit.head"] = before["audit.head"]
        func state(_ base: [String: [UInt8]], key: [UInt8]?, next: [UInt8]?) -> [String: [UInt8]] {
            var state = base
            state["audit.key"] = key
            state["audit.key.next"] = next
            return state
        }
        let old = before["audit.key"]
        let new = after["audit.key"]
        let zeros = old.map { [UInt8](repeating: 0, count: $0.count) }
        var torn = announced
        torn[name] = announced[name].map { Array($0.dropLast(30)) }
        let states = [
            state(before, key: old, next: new), state(torn, key: old, next: new),
            state(announced, key: old, next: new), state(announced, key: zeros, next: new),
            state(announced, key: new, next: nil),
        ]
        for (number, contents) in states.enumerated() {
            try journal.restore(contents)
            try journal.openAdjusted { $0.epochRecords = 4 }.append(JournalRecord.steps(6), sync: true)
            let report = journal.verify(key: try journal.firstKey())
            #expect(report.verdict == .intact, "state \(number): \(report.findings)")
            #expect(!JournalDirectoryFixture.names(in: journal.path).contains("audit.key.next"))
            #expect(try journal.mode(of: "audit.key") == 0o600)
        }
    }

    @Test func withoutThePrivateKeyNothingIsRecorded() throws {
        try journal.open().append([JournalRecord(.boot)], sync: true)
        let key = try journal.read("audit.key")
        try journal.remove("audit.key")
        let error = #expect(throws: JournalError.self) { try journal.open() }
        #expect(error?.code == .noKey)
        #expect(error?.description.contains("move the whole directory to another place") == true)
        #expect(journal.verify().verdict == .intact)
        try journal.write(key, to: "audit.key")
        #expect(throws: JournalError.self) { try journal.open() }
        chmod(journal.path + "/audit.key", 0o600)
        try journal.open().append([JournalRecord(.boot)], sync: true)
        #expect(journal.verify().verdict == .intact)
    }

    @Test func aJournalWithoutSignaturesIsNotContinued() throws {
        try journal.open().append([JournalRecord(.boot)], sync: true)
        var previous = JournalDigest.genesis
        var lines: [[UInt8]] = []
        for entry in try entries() {
            var fields = entry.fields
            fields["key"] = nil
            fields["sig"] = nil
            fields["data"] = nil
            fields["prev"] = .string(previous.hex)
            let line = JournalValue.object(fields).canonicalBytes
            previous = JournalDigest(of: line)
            lines.append(line + [UInt8(ascii: "\n")])
        }
        try journal.write(lines: lines)
        try journal.remove("audit.head")
        let error = #expect(throws: JournalError.self) { try journal.open() }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("no signatures") == true)
        guard case .unknown = journal.verify().verdict else {
            Issue.record("\(journal.verify())")
            return
        }
    }
}

/// Somebody has become root, with the key of the current epoch in his hands.
@Suite struct JournalForgeryTests {
    private let journal: JournalDirectoryFixture
    private let key: JournalSigningKey
    private let first: JournalPublicKey
    private let epochs: Int

    init() throws {
        journal = try JournalDirectoryFixture()
        try journal.openAdjusted { $0.epochRecords = 8 }.append(JournalRecord.steps(30), sync: true)
        key = try #require(JournalSigningKey(fileContent: journal.read("audit.key")))
        first = try journal.firstKey()
        epochs = journal.verify().epochs
        try #require(epochs > 3)
    }

    /// Changes the text of a record, and makes everything after it fit again, signed with the key at hand.
    private func forge(from seq: Int) throws {
        var previous = JournalDigest.genesis
        var lines: [[UInt8]] = []
        for (index, entry) in try JournalReader(directory: journal.path).query().enumerated() {
            var line = JournalValue.object(entry.fields).canonicalBytes
            if index >= seq {
                var fields = entry.fields
                if index == seq { fields["ver"] = "0.6.6" }
                fields["prev"] = .string(previous.hex)
                fields["key"] = .string(key.publicKey.id)
                fields["sig"] = .string(JournalSignature.placeholder)
                line = JournalValue.object(fields).canonicalBytes
                try JournalSignature.sign(&line, with: key)
            }
            previous = JournalDigest(of: line)
            lines.append(line + [UInt8(ascii: "\n")])
        }
        try journal.write(lines: lines)
        let log = try #require(try JournalReader(directory: journal.path).first()?.log)
        let head = JournalHead(log: log, seq: UInt64(lines.count - 1), digest: previous.hex)
        try journal.write(Array("\(head)\n".utf8), to: "audit.head")
    }

    @Test func anEarlierEpochCannotBeAltered() throws {
        for seq in stride(from: 1, to: Int(key.since), by: 3) {
            let contents = try journal.contents()
            try forge(from: seq)
            for depth in [JournalVerification.Depth.full, .fast] {
                let report = journal.verify(key: first, depth: depth)
                #expect(report.verdict == .altered)
                #expect(report.classes.first == .unknownKey)
                #expect(report.findings.first?.seq == UInt64(seq))
            }
            try journal.restore(contents)
        }
    }

    /// What signatures cannot show, a checkpoint that was kept elsewhere does.
    @Test func theCurrentEpochIsVouchedForByAnAnchor() throws {
        let all = try JournalReader(directory: journal.path).query()
        var tree = MerkleFrontier()
        for line in try journal.lines() { tree.append(JournalDigest(of: line.dropLast())) }
        let anchor = try JournalCheckpoint(tree, origin: try #require(all.first).origin, key: key)
        #expect(journal.verify(key: first, anchors: [anchor]).verdict == .intact)
        try forge(from: Int(key.since) + 1)
        #expect(journal.verify(key: first).verdict == .intact)
        for depth in [JournalVerification.Depth.full, .fast] {
            let report = journal.verify(key: first, anchors: [anchor], depth: depth)
            #expect(report.verdict == .altered)
            #expect(report.classes.first == .chainBreak)
        }
    }
}
