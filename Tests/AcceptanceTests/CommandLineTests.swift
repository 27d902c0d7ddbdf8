import Foundation
import Testing

extension Acceptance {
    /// What every command promises to people and scripts.
    @Suite struct CommandLineTests {
        private struct Versioned: Decodable { var schemaVersion: Int }

        private func run(_ words: String...) async throws -> Exit {
            try await Program.run([Program.fatesync] + words)
        }

        @Test(arguments: [
            "", "init", "import", "validate", "render", "plan", "sync", "run", "status", "routes", "audit",
            "confirm", "suspend", "resume", "pin", "unpin", "rollback", "accept-history", "doctor", "config",
            "config show", "explain", "audit list", "audit show", "audit verify", "audit prove", "audit key",
            "version", "hook pre-receive", "hook post-receive",
        ])
        func `help has an example`(_ command: String) async throws {
            let words = command.split(separator: " ").map(String.init)
            let help = try await Program.run([Program.fatesync] + words + ["--help"]).expect(0)
            #expect(help.output.contains("Example"), "\(help)")
            #expect(help.output.contains((["  fatesync"] + words).joined(separator: " ")), "\(help)")
        }

        @Test(arguments: [
            ["--no-such-option"], ["plan", "--no-such-option"], ["no-such-command"], ["render"],
            ["sync", "-o", "xml"], ["audit", "list", "--outcome", "fine"],
            ["audit", "list", "--since", "today"], ["audit", "verify", "--key", "secret"],
            ["audit", "verify", "--anchor", "/dev/null"], ["audit", "prove"],
            ["audit", "prove", "1", "--from", "1"],
            ["suspend"], ["suspend", "--reason", "x", "party"],
        ])
        func `a mistake in the usage exits with 64`(_ words: [String]) async throws {
            let exit = try await Program.run([Program.fatesync] + words).expect(64)
            #expect(exit.output == "")
            #expect(!exit.errors.isEmpty)
        }

        @Test func `init writes an example that validates, into an empty directory only`() async throws {
            let folder = try TemporaryFolder()
            try await run("init", folder.path).expect(0)
            try await run("validate", folder.path).expect(0)
            let document = try await run("validate", folder.path, "-o", "json").expect(0)
            #expect(try document.decode(Versioned.self).schemaVersion == 1)
            try await run("init", folder.path).expect(1)
        }

        @Test func `version has a JSON form`() async throws {
            let version = try await run("version", "-o", "json").expect(0)
            #expect(try version.decode(Versioned.self).schemaVersion == 1)
            let text = try await run("version").expect(0)
            #expect(text.output.hasPrefix("fatesync "))
        }

        @Test func `status before any pass says so`() async throws {
            let folder = try TemporaryFolder()
            let status = try await run("status", "--state-dir", folder.path).expect(1)
            #expect(status.output == "")
            #expect(status.errors.contains("no pass"))
        }

        @Test func `a plan has a JSON form, an exit code and changes nothing`() async throws {
            struct PlanDocument: Decodable {
                struct Step: Decodable { var action, object, party, cause: String }
                var schemaVersion: Int
                var steps: [Step]
            }
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                let plan = try await host.fatesync("plan", "-o", "json").expect(0).decode(PlanDocument.self)
                #expect(plan.schemaVersion == 1)
                let created = plan.steps.filter { $0.action == "container.create" }
                #expect(Set(created.map(\.object)) == state.names(1))
                #expect(created.allSatisfy { $0.cause == "missing" && $0.party == "1" })
                try await host.fatesync("plan", "--exit-code").expect(2)
                #expect(try #require(host.proxy).requests().filter(\.isMutation) == [])
                #expect(!FileManager.default.fileExists(atPath: host.dataDirectory))
            }
        }

        @Test func `only a terminal gets colours, and not with NO_COLOR`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                for command in ["plan", "sync", "status"] {
                    let exit = try await host.fatesync(command).expect(0)
                    #expect(!(exit.output + exit.errors).contains("\u{1B}"), "\(exit)")
                }
                let colour = "\u{1B}[32m"
                let terminal = try await onTerminal(host, ["TERM": "xterm"])
                #expect(terminal.output.contains(colour), "\(terminal)")
                for plain in [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]] {
                    let exit = try await onTerminal(host, plain)
                    #expect(exit.output.contains("result"), "\(exit)")
                    #expect(!exit.output.contains("\u{1B}"), "\(exit)")
                }
            }
        }

        private func onTerminal(_ host: Host, _ environment: [String: String]) async throws -> Exit {
            let script = "import pty, sys; pty.spawn(sys.argv[1:])"
            return try await Program.run(
                ["python3", "-c", script, Program.fatesync, "status", "--config", host.configuration],
                environment: environment
            ).expect(0)
        }
    }
}
