import Foundation
import Testing

extension Acceptance {
    /// The unit under a real systemd.
    @Suite struct ServiceTests {
        private static let unit = Program.support("../../systemd/fatesync.service")

        @Test func `systemd starts, watches, restarts and stops the watcher, and no container notices`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                let commit = try await host.push()
                let service = try await Service(host, unit: Self.unit)
                // Type=notify: systemctl returns when the watcher has said that it is ready.
                try await service.systemctl("start", "fatesync")
                let status = { try await service.property("StatusText") }
                let isInSync = try await eventually(within: .seconds(60)) {
                    try await status().contains(commit.prefix(12))
                }
                #expect(isInSync)
                let before = try await host.containers()
                #expect(Set(before.keys) == state.names(1))

                // The journal has its fields, and finds by commit what it led to.
                let line = try await service.run(
                    "journalctl", "-q", "-o", "json", "-n", "1", "FATESYNC_REVISION=\(commit)")
                let entry = try JSONDecoder().decode([String: JournalField].self, from: Data(line.utf8))
                #expect(entry["PRIORITY"]?.text == "5")
                #expect(entry["SYSLOG_IDENTIFIER"]?.text == "fatesync")
                #expect(entry["MESSAGE"]?.text?.contains(commit.prefix(12)) == true)

                // A watcher that works, with nothing to do, stays longer than the watchdog waits.
                try await Task.sleep(for: .seconds(Service.watchdogSeconds + 1))
                let restarts = try await service.property("NRestarts")
                #expect(restarts == "0")
                let hung = try await service.property("MainPID")
                try await service.run("kill", "-STOP", hung)
                let isReplaced = try await eventually(within: .seconds(30)) {
                    let states = try await service.run(
                        "systemctl", "show", "--value", "-p", "NRestarts", "-p", "ActiveState", "fatesync")
                    return Set(states.split(separator: "\n")) == ["1", "active"]
                }
                #expect(isReplaced)
                let fresh = try await service.property("MainPID")
                #expect(fresh != hung)

                // A reload looks for the new commit.
                try state.override(1, "job", "environment: {NEW: value}")
                let next = try await host.push()
                try await service.systemctl("reload", "fatesync")
                let isFollowed = try await eventually(within: .seconds(60)) {
                    try await status().contains(next.prefix(12))
                }
                #expect(isFollowed)
                var after = try await host.containers()
                let job = state.prefix(1) + "_job"
                #expect(after[job]?.id != before[job]?.id)
                after[job] = before[job]
                #expect(after == before)

                let standing = try await host.containers()
                try await service.systemctl("stop", "fatesync")
                let result = try await service.property("Result")
                #expect(result == "success")
                let left = try await host.containers()
                #expect(left == standing)
                try await host.fatesync("audit", "verify").expect(0)
                try await service.remove()
            }
        }

        @Test func `the unit's exposure is what the manual says`() async throws {
            let report = try await Program.output(of: [
                "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=32", Self.unit,
            ])
            #expect(report.contains("Overall exposure level"))
        }
    }
}

/// A field of the system's journal, which is text, or bytes when the text has control characters.
private struct JournalField: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
    }
}

/// The unit in a container with systemd, for one host.
private struct Service {
    static let watchdogSeconds = 3
    private let engine: Engine
    private let container: String

    init(_ host: Host, unit: String) async throws {
        engine = host.engine
        container = "systemd-\(host.name)"
        // The program is copied, because the unit hides the home directories that it may be in.
        let program = host.folder + "/fatesync"
        try FileManager.default.copyItem(atPath: Program.fatesync, toPath: program)
        let runtime = try await Self.swiftRuntime(of: program)
        let script = Program.support("systemd-container")
        let start = [script, engine.endpoint, container, host.folder, engine.socket]
        try await Program.output(of: start + [runtime].compactMap(\.self))
        let dropIn = """
            [Service]
            ExecStart=
            ExecStart=\(program) run --config \(host.configuration) --interval 1h
            WatchdogSec=\(Self.watchdogSeconds)
            BindPaths=\(host.folder) \(engine.socket)
            Environment=LD_LIBRARY_PATH=\(runtime ?? "")

            """
        let file = host.folder + "/test.conf"
        try dropIn.write(toFile: file, atomically: true, encoding: .utf8)
        try await run("mkdir", "-p", "/etc/systemd/system/fatesync.service.d")
        try await engine.docker("cp", unit, "\(container):/etc/systemd/system/fatesync.service")
        try await engine.docker("cp", file, "\(container):/etc/systemd/system/fatesync.service.d/test.conf")
        try await systemctl("daemon-reload")
    }

    /// The folder of the Swift libraries that a program needs; none of a release build.
    private static func swiftRuntime(of program: String) async throws -> String? {
        let lines = try await Program.output(of: ["ldd", program]).split(separator: "\n")
        let library = lines.first { $0.contains("libswiftCore.so") }?.split(separator: " ").dropFirst(2).first
        return library.map { URL(fileURLWithPath: String($0)).deletingLastPathComponent().path }
    }

    @discardableResult
    func run(_ words: String...) async throws -> String {
        try await engine.docker(["exec", container] + words)
    }

    func systemctl(_ words: String...) async throws {
        try await engine.docker(["exec", container, "systemctl"] + words)
    }

    func property(_ name: String) async throws -> String {
        try await run("systemctl", "show", "--value", "--property", name, "fatesync")
    }

    func remove() async throws { try await engine.docker("rm", "-f", "-v", container) }
}
