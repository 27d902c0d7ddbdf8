import AuditJournal
import Glibc
import Testing

/// Runs alone, because it compares times.
@Suite(.serialized) struct JournalPerformanceTests {
    @Test func durableAppendsKeepUpWithPlainWrites() throws {
        let journal = try JournalDirectoryFixture()
        let writer = try journal.open()
        let count = 200
        let line = try #require(try sampleLine())
        let plain = Glibc.open(journal.path + "/plain", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(plain >= 0)
        defer { close(plain) }
        var spent = (journal: Duration.zero, plain: Duration.zero)
        let clock = ContinuousClock()
        // In turns, so that other load on the disk meets both alike.
        for number in 0..<count {
            spent.plain += try clock.measure {
                try #require(Glibc.write(plain, line, line.count) == line.count)
                try #require(fdatasync(plain) == 0)
            }
            spent.journal += try clock.measure {
                try writer.append([.step(.stepIntent, number: number)], sync: true)
            }
        }
        let ratio = spent.plain / spent.journal
        let rate = Double(count) / (spent.journal / .seconds(1))
        print("durable appends: \(Int(rate))/s, \(Int(ratio * 100)) % of plain write and fdatasync")
        #expect(ratio > 0.5)
    }

    private func sampleLine() throws -> [UInt8]? {
        let journal = try JournalDirectoryFixture()
        try journal.open().append([.step(.stepIntent)], sync: false)
        return try journal.lines().last
    }
}
