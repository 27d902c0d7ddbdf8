import Foundation
import Testing

extension Acceptance {
    /// `explain`, `config show` and `sync --plan`: where something comes from, and that it is still the same.
    @Suite struct ExplainTests {
        private struct Document: Decodable {
            struct Explanation: Decodable {
                var party: String
                var values: [Value]
            }
            struct Value: Decodable {
                var origin: Origin
                var written: Revision
                var variables: [String: Revision]
                var entry: Entry?
            }
            struct Origin: Decodable {
                var field: String
                var text: String
                var location: Place
                var variables: [Variable]
            }
            struct Variable: Decodable {
                var name: String
                var value: String
                var location: Place?
            }
            struct Place: Decodable {
                var file: String
                var line: Int
            }
            struct Revision: Decodable {
                var commit: String
                var author: String
            }
            struct Entry: Decodable {
                var action: String
                var commit: String?
            }

            var explanation: Explanation
        }

        @Test func `explain finds file, line, commit, author and journal entry`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let web = state.prefix(1) + "_web"
                try state.write(parties: [1])
                let first = try await host.push("Deploy")
                try await host.fatesync("sync").expect(0)
                try state.override(1, "web", "environment: {ROUND: \"1\"}")
                let second = try await host.push("Round 1")
                try await host.fatesync("sync").expect(0)

                let ports = try await explain(host, web, "ports")
                #expect(ports.origin.text == "[${PORT}:9370]")
                #expect(ports.origin.location.file == "blueprints/small/compose.yaml")
                #expect(try line(host, ports.origin.location).contains("ports:"))
                #expect(
                    ports.written.commit == first
                        && ports.written.author == "Olga Operator <olga@example.org>")
                let port = try #require(ports.origin.variables.first)
                #expect(port.name == "PORT" && port.value == "\(state.port(1))")
                let place = try #require(port.location)
                #expect(place.file == state.path(1))
                #expect(try line(host, place) == "  PORT: \(state.port(1))")

                let round = try await explain(host, web, "environment.ROUND")
                #expect(round.origin.location.file == state.path(1))
                #expect(try line(host, round.origin.location).contains("ROUND: \"1\""))
                #expect(round.written.commit == second)
                #expect(round.entry?.action == "container.create" && round.entry?.commit == second)

                let text = try await host.fatesync("explain", web).expect(0)
                #expect(text.output.contains("Round 1") && text.output.contains("image"), "\(text)")
                #expect(
                    try await host.fatesync("explain", web, "imag").expect(1).errors.contains(
                        "environment.ROUND"))
                #expect(try await host.fatesync("explain", "nobody").expect(1).errors.contains(web))
            }
        }

        @Test func `config show names the origin of each value`() async throws {
            struct Document: Decodable {
                struct Row: Decodable {
                    var key: String
                    var value: String?
                    var origin: String
                }

                var settings: [Row]
            }
            let folder = try TemporaryFolder()
            let file = folder.path + "/fatesync.yaml"
            try "branch: next\nhost: alpha\n\ninterval: 10s\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            let show = try await Program.run(
                [Program.fatesync, "config", "show", "-o", "json", "--config", file, "--branch", "mine"],
                environment: ["FATESYNC_HOST": "beta"]
            ).expect(0)
            let rows = try show.decode(Document.self).settings
            func row(_ key: String) -> [String] {
                rows.filter { $0.key == key }.flatMap { [$0.value ?? "-", $0.origin] }
            }
            #expect(row("branch") == ["mine", "flag --branch"])
            #expect(row("host") == ["beta", "environment FATESYNC_HOST"])
            #expect(row("interval") == ["10s", "\(file):4"])
            #expect(row("resync") == ["5m", "default"])
            #expect(row("token-file") == ["-", "default"])
        }

        @Test func `a saved plan is carried out as long as nothing has moved`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let (web, job) = (state.prefix(1) + "_web", state.prefix(1) + "_job")
                let file = host.folder + "/plan.json"
                try state.write(parties: [1])
                try state.override(1, "web", "environment: {ROUND: \"0\"}")
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try host.replace("\"0\"}", with: "\"1\"}", in: state.path(1))
                try await host.push("Round 1")
                try await save(host, to: file)
                // The same plan, and yet another container.
                try await host.engine.docker("rm", "-f", job)
                try await host.engine.docker("stop", web)
                let before = try await host.containers()
                let moved = try await host.fatesync("sync", "--plan", file).expect(6)
                #expect(moved.output.contains("live state has moved"), "\(moved)")
                #expect(try await host.containers() == before)

                try await save(host, to: file)
                try await host.fatesync("sync", "--plan", file).expect(0)
                #expect(try await host.engine.field(web, "{{.Config.Env}}").contains("ROUND=1"))

                try host.replace("\"1\"}", with: "\"2\"}", in: state.path(1))
                try await host.push("Round 2")
                try await save(host, to: file)
                try host.replace("\"2\"}", with: "\"3\"}", in: state.path(1))
                let last = try await host.push("Round 3")
                let outdated = try await host.fatesync("sync", "--plan", file).expect(6)
                #expect(outdated.output.contains("now it would be \(last.prefix(12))"), "\(outdated)")
                try await host.fatesync("sync", "--plan", host.configuration).expect(1)
                let watcher = try await host.watch("--interval", "1h")
                try await host.fatesync("sync", "--plan", file).expect(7)
                watcher.signal(SIGTERM)
                try await watcher.wait().expect(0)
            }
        }

        private func save(_ host: Host, to file: String) async throws {
            let plan = try await host.fatesync("plan", "-o", "json").expect(0)
            try plan.output.write(toFile: file, atomically: true, encoding: .utf8)
        }

        private func explain(_ host: Host, _ container: String, _ field: String) async throws
            -> Document.Value
        {
            let exit = try await host.fatesync("explain", container, field, "-o", "json").expect(0)
            return try #require(try exit.decode(Document.self).explanation.values.first)
        }

        private func line(_ host: Host, _ place: Document.Place) throws -> String {
            let lines = try host.read(place.file).split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.indices.contains(place.line - 1) else { throw Failure("\(place) is not there") }
            return String(lines[place.line - 1])
        }
    }
}
