import Foundation

/// A program that a test runs to its end.
enum Program {
    struct Failure: Error {
        let words: [String]
        let output: String
    }

    /// Runs the program with `input` on its standard input and returns what it prints.
    ///
    /// It waits on a thread of its own, because Swift's few shared ones also serve the code under test.
    @discardableResult
    static func run(
        _ words: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try wait(for: words, input, environment) })
            }
        }
    }

    private static func wait(
        for words: [String], _ input: [UInt8], _ environment: [String: String]
    ) throws -> [UInt8] {
        let source = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(input).write(to: source)
        defer { try? FileManager.default.removeItem(at: source) }
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = environment.merging(["PATH": path]) { own, _ in own }
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(words: words, output: String(decoding: printed, as: UTF8.self))
        }
        return Array(printed)
    }

    static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"

    /// The binary with the subcommand `fetch-child`: `FATESYNC_EXECUTABLE`, or the one built beside the tests.
    static let fatesync: String = {
        if let named = ProcessInfo.processInfo.environment["FATESYNC_EXECUTABLE"] { return named }
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("fatesync").path
    }()

    /// A script of `Tests/Support`.
    static func support(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Support/\(name)").path
    }
}
