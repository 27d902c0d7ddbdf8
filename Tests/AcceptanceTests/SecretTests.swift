import Foundation
import Testing

extension Acceptance {
    /// A secret reaches the container and the config file, and nobody else.
    @Suite struct SecretTests {
        @Test func `a secret is where it is used and nowhere else`() async throws {
            let secrets = try TemporaryFolder()
            try await Host.use(settings: ["secrets-dir": secrets.path]) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try host.replace(
                    "  SIZE:", with: "  PASSWORD: {type: secret}\n  SIZE:",
                    in: "blueprints/small/blueprint.yaml")
                try host.append("password=${PASSWORD}\n", to: "blueprints/small/confs/db/db.properties")
                try state.override(1, "db", "environment: {PASSWORD: \"${PASSWORD}\", USER: me}")
                try await host.push()
                // The second one replaces the first, so that a plan has an old and a new value to show.
                for (canary, change) in [
                    ("canary-4711-$HOME", "missing"), ("canary-0815-'\"#%&\\${} :'", "PASSWORD"),
                ] {
                    try set(canary, in: secrets.path)
                    try await expectHidden(host, state, change)
                    let database = state.prefix(1) + "_db"
                    let variables = try await host.engine.field(database, "{{json .Config.Env}}")
                    let lines = try JSONDecoder().decode([String].self, from: Data(variables.utf8))
                    #expect(lines.contains("PASSWORD=\(canary)"))
                    let file = try await host.engine.docker("exec", database, "cat", "/conf/db.properties")
                    // Only Java reads it, for which a backslash is written twice.
                    #expect(file.contains("password=" + canary.replacingOccurrences(of: "\\", with: "\\\\")))
                }
            }
        }

        private func set(_ secret: String, in folder: String) throws {
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
            try (secret + "\n").write(toFile: folder + "/PASSWORD", atomically: true, encoding: .utf8)
        }

        /// Runs every command that shows something, and expects that none shows the secret.
        private func expectHidden(_ host: Host, _ state: SmallState, _ change: String) async throws {
            let render = [Program.fatesync, "render", "1", "--state", host.clone]
            let rendered = host.folder + "/rendered"
            let exits = [
                try await host.fatesync("plan", "-v"), try await host.fatesync("plan", "-o", "json"),
                try await host.fatesync("sync", "-o", "json", "-v").expect(0),
                try await host.fatesync("status"), try await host.fatesync("status", "-o", "json"),
                try await host.fatesync("audit", "list", "--all", "-o", "json"),
                try await host.fatesync("audit", "list"), try await Program.run(render),
                try await Program.run(render + ["-o", "json"]),
                try await Program.run(render + ["--output", rendered]),
            ]
            for exit in exits {
                try exit.expect(0)
                #expect(!exit.output.contains("canary"), "\(exit.words)")
                #expect(!exit.errors.contains("canary"), "\(exit.words)")
            }
            #expect(exits[..<3].allSatisfy { $0.output.contains(change) }, "\(exits[..<3])")
            let found = try await Program.run(["grep", "-rlaF", "canary", host.stateDirectory, rendered])
            #expect(found.output == "")
            for name in state.names(1) {
                let labels = try await host.engine.field(name, "{{json .Config.Labels}}")
                #expect(!labels.contains("canary"))
            }
            try await host.fatesync("plan", "--exit-code").expect(0)
        }
    }
}
