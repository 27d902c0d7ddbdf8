import AuditJournal
import Glibc
import Testing

@Suite struct JournalPerformanceTests {
    /// Prints the rate; the bound is loose, since other work may run beside it.
    ///
    /// In a debug build the cryptography is not optimised, and each record has a signature.
    @Test func durableAppendsKeepUpWithPlainWrites() throws {
        let journal = try JournalDirectoryFixture()
        let writer = try journal.open()
        let line = try sampleLine()
        let plain = Glibc.open(journal.path + "/plain", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(plain >= 0)
        defer { close(plain) }
        let rounds = try (0..<4).map { _ in
            try Self.compare(rounds: 50) {
                try #require(Glibc.write(plain, line, line.count) == line.count)
                try #require(fdatasync(plain) == 0)
            } with: {
                try writer.append([.step(.stepIntent)], sync: true)
            }
        }
        let best = try #require(rounds.max { $0.ratio < $1.ratio })
        print("durable appends: \(best.rate)/s, \(Int(best.ratio * 100)) % of plain write and fdatasync")
        #if DEBUG
            #expect(best.ratio > 0.1)
        #else
            #expect(best.ratio > 0.5)
        #endif
    }

    /// Does both in turns, so that other load on the disk meets them alike.
    private static func compare(
        rounds: Int, _ plain: () throws -> Void, with journal: () throws -> Void
    ) throws -> (ratio: Double, rate: Int) {
        let clock = ContinuousClock()
        var spent = (plain: Duration.zero, journal: Duration.zero)
        for _ in 0..<rounds {
            spent.plain += try clock.measure(plain)
            spent.journal += try clock.measure(journal)
        }
        return (spent.plain / spent.journal, Int(Double(rounds) / (spent.journal / .seconds(1))))
    }

    private func sampleLine() throws -> [UInt8] {
        let journal = try JournalDirectoryFixture()
        try journal.open().append([.step(.stepIntent)], sync: false)
        return try #require(journal.lines().last)
    }
}
