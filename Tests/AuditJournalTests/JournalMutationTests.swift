import AuditJournal
import Foundation
import Testing

/// Alterations of all kinds, many times at random places of a journal with several files, keys and checkpoints.
@Suite struct JournalMutationTests {
    /// `FATESYNC_TRIALS` of each kind; the whole test run takes a sample.
    private static let trials =
        ProcessInfo.processInfo.environment["FATESYNC_TRIALS"].flatMap(Int.init) ?? 5

    private static func journal() throws -> JournalDirectoryFixture {
        let journal = try JournalDirectoryFixture()
        let writer = try journal.openAdjusted(rotationSize: 2500) {
            $0.epochRecords = 10
            $0.checkpointRecords = 5
        }
        for record in JournalRecord.steps(12) { try writer.append([record], sync: false) }
        try writer.sync()
        try #require(journal.files().count > 2)
        try #require(journal.verify().epochs > 1)
        return journal
    }

    @Test(arguments: JournalMutation.allCases)
    func everyAlterationIsFoundAndNamed(_ mutation: JournalMutation) throws {
        let journal = try Self.journal()
        let contents = try journal.contents()
        let first = try journal.firstKey()
        var random = SeededGenerator(
            seed: mutation.rawValue.utf8.reduce(7 as UInt64) { $0 &* 31 &+ UInt64($1) })
        for trial in 0..<Self.trials {
            let altered = try mutation.apply(to: contents, using: &random)
            guard altered != contents else { continue }
            try journal.restore(altered)
            let report = journal.verify(key: first)
            let fault = report.findings.first { $0.severity == .alteration }
            #expect(report.verdict == .altered, "\(mutation) \(trial)")
            #expect(
                fault.map { mutation.classes.contains($0.kind) } == true,
                "\(mutation) \(trial): \(report.findings)")
            #expect(journal.verify(key: first, depth: .fast).verdict == .altered, "\(mutation) \(trial) fast")
            // Without the head only a cut end stays hidden.
            var alone = altered
            alone["audit.head"] = nil
            try journal.restore(alone)
            let isFound = journal.verify(key: first).verdict == .altered
            #expect(
                isFound == mutation.isFoundInFilesAlone(contents, altered),
                "\(mutation) \(trial) without head")
        }
    }

    /// The program that the manual prints, which shares nothing with fatesync.
    @Test func theVerifierOfTheManualAgrees() throws {
        let journal = try Self.journal()
        // A crash, so that torn bytes are there as well.
        let name = try #require(journal.files().last)
        try journal.write(journal.read(name) + Array("{\"act\":\"con".utf8), to: name)
        try journal.open().append(JournalRecord.steps(3), sync: true)
        try #require(journal.verify().verdict == .intact)
        let contents = try journal.contents()
        let first = try journal.firstKey()
        var random = SeededGenerator(seed: 11)
        let altered = try (0..<999).map { number in
            let mutation = JournalMutation.allCases[number % JournalMutation.allCases.count]
            return try mutation.apply(to: contents, using: &random)
        }
        let copies = try ([contents] + altered).map { contents in
            let copy = try JournalDirectoryFixture()
            try copy.restore(contents)
            return copy
        }
        let answers = try Self.verifierOfTheManual([first.base64] + copies.map(\.path))
        try #require(answers.count == copies.count)
        for (copy, answer) in zip(copies, answers) {
            let report = copy.verify(key: first)
            #expect((report.verdict == .intact) == (answer == "intact"), "\(report.findings): \(answer)")
        }
        #expect(answers.first == "intact")
        #expect(answers.count { $0 == "intact" } < 20)
    }

    private static func verifierOfTheManual(_ arguments: [String]) throws -> [Substring] {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appending(path: "Sources/fatesync/Documentation.docc/Journal.md"),
            encoding: .utf8)
        let program = try #require(page.split(separator: "```python\n").last?.split(separator: "```\n").first)
        return try Python.output(of: String(program), arguments)
    }
}

/// Independent programs that check what fatesync says.
enum Python {
    /// The lines that the program prints.
    static func output(of program: String, _ arguments: [String]) throws -> [Substring] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", program] + arguments
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
    }
}
