import Foundation
import Testing

/// The programs that the tests run.
enum Program {
    /// `FATESYNC_EXECUTABLE`, or the one built beside the tests.
    static let fatesync: String = {
        if let named = ProcessInfo.processInfo.environment["FATESYNC_EXECUTABLE"] { return named }
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("fatesync").path
    }()

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A script of `Tests/Support`.
    static func support(_ name: String) -> String {
        root.appendingPathComponent("Tests/Support/\(name)").path
    }

    /// The state repository that comes with the project.
    static let exampleState = root.appendingPathComponent("state").path

    static func run(_ words: [String], environment: [String: String] = [:]) async throws -> Exit {
        try await Child(words, environment: environment).wait()
    }

    /// What a program prints that has to succeed, without the last line break.
    @discardableResult
    static func output(of words: [String], environment: [String: String] = [:]) async throws -> String {
        let exit = try await run(words, environment: environment)
        guard exit.status == 0 else { throw Failure("\(exit)") }
        return exit.output.trimmingCharacters(in: .newlines)
    }
}

extension Exit {
    /// Requires an exit code, and shows everything that was printed if it is another.
    @discardableResult
    func expect(_ status: Int32, sourceLocation: SourceLocation = #_sourceLocation) throws -> Exit {
        try #require(self.status == status, "\(self)", sourceLocation: sourceLocation)
        return self
    }

    /// The output as a JSON document.
    func decode<Document: Decodable>(_ type: Document.Type) throws -> Document {
        do {
            return try JSONDecoder().decode(type, from: Data(output.utf8))
        } catch {
            throw Failure("\(error)\n\(self)")
        }
    }
}

/// A folder of one test, removed with everything in it when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let name = "fatesync-" + UUID().uuidString.prefix(13).lowercased()
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        // Nothing depends on it: the system empties its folder of temporary files.
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Whether something becomes true in time.
func eventually(
    within limit: Duration, every pause: Duration = .milliseconds(50), _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        // Cancellation only makes the next look come earlier.
        try? await Task.sleep(for: pause)
    }
    return try await condition()
}
