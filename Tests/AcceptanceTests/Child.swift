import Foundation
import Glibc
import Synchronization

/// How a program ended and what it printed.
struct Exit: Sendable, CustomStringConvertible {
    let words: [String]
    /// The exit code; 128 and the signal's number for a signal.
    let status: Int32
    let output: String
    let errors: String
    let duration: Duration

    var description: String {
        "\(words.joined(separator: " ")) ended with \(status) after \(duration)\n\(output)\n\(errors)"
    }
}

/// A program that a test starts.
///
/// Its output goes to files, so that it never waits for a reader. A thread waits for its end, because Swift's
/// few shared ones also serve other tests.
final class Child: Sendable {
    let pid: pid_t
    private let words: [String]
    private let folder: TemporaryFolder
    private let isReaped = Mutex(false)
    private let started = ContinuousClock.now

    init(_ words: [String], environment: [String: String] = [:]) throws {
        self.words = words
        folder = try TemporaryFolder()
        pid = try Self.spawn(words, Self.environment.merging(environment) { _, own in own }, in: folder.path)
    }

    /// What it has printed so far.
    var output: String { Self.text(folder.path + "/output") }
    var errors: String { Self.text(folder.path + "/errors") }

    /// Waits for the end; call it once.
    func wait() async -> Exit {
        let status = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.reap()) }
        }
        return Exit(
            words: words, status: status, output: output, errors: errors,
            duration: started.duration(to: .now))
    }

    /// Does nothing after `wait`, when the number may belong to another process.
    func signal(_ number: Int32) {
        isReaped.withLock { isReaped in
            if !isReaped { kill(pid, number) }
        }
    }

    private func reap() -> Int32 {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        var status: Int32 = 0
        isReaped.withLock { isReaped in
            waitpid(pid, &status, 0)
            isReaped = true
        }
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    /// Nobody's settings but those that say where the test engines live.
    private static let environment: [String: String] = {
        let kept: Set = ["FATESYNC_CACHE", "FATESYNC_ENGINES"]
        let dropped: Set = ["DOCKER_HOST", "NO_COLOR", "NOTIFY_SOCKET"]
        return ProcessInfo.processInfo.environment.filter { name, _ in
            !dropped.contains(name) && (!name.hasPrefix("FATESYNC_") || kept.contains(name))
        }
    }()

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String], in folder: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder + "/output", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder + "/errors", O_WRONLY | O_CREAT, 0o600)
        // The threads that run tests block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Failure("cannot start \(words[0]): \(String(cString: strerror(code)))") }
        return pid
    }
}

/// Why a test cannot go on.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
