import Foundation

/// A program that a test runs to its end.
enum Program {
    struct Failure: Error {
        let words: [String]
        let output: String
    }

    /// Runs the program with `input` on its standard input and returns what it prints.
    @discardableResult
    static func run(
        _ words: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = environment.merging(["PATH": path]) { own, _ in own }
        let (input, file) = (Data(input), Pipe())
        let source = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try input.write(to: source)
        defer { try? FileManager.default.removeItem(at: source) }
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = file
        process.standardError = file
        try process.run()
        let output = file.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(words: words, output: String(decoding: output, as: UTF8.self))
        }
        return Array(output)
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
