import Testing

extension Acceptance {
    /// A hardware address that somebody gave a container by hand, for a license or a switch.
    @Suite struct MACAddressTests {
        private static let chosen = "02:42:aa:bb:cc:07"

        @Test(arguments: Engine.Version.allCases)
        func `a chosen address outlives a recreate and a new place on the network, a made-up one does not`(
            _ version: Engine.Version
        ) async throws {
            try await Host.use(engine: version) { host in
                let state = SmallState(host: host)
                let (job, web) = (state.prefix(1) + "_job", state.prefix(1) + "_web")
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let original = try #require(try await host.inspect([job])[job])
                try await host.engine.docker("rm", "-f", job)
                try await host.make(job, like: original) { $0["MacAddress"] = Self.chosen }
                #expect(try await address(of: job, host) == Self.chosen)
                try await host.fatesync("plan", "--exit-code").expect(0)

                let before = try await host.containers()
                try host.append(
                    """
                    overrides:
                      services:
                        job:
                          environment: {ROUND: "1"}
                        web:
                          environment: {ROUND: "1"}

                    """, to: state.path(1))
                try await host.push("Recreate")
                try await host.fatesync("sync").expect(0)
                let after = try await host.containers()
                #expect(after[job]?.id != before[job]?.id && after[web]?.id != before[web]?.id)
                #expect(try await address(of: job, host) == Self.chosen)
                // Static and derived from it by the engine; nothing asked for it.
                let asked = try await host.engine.field(web, "{{json .Config}}")
                #expect(!asked.contains("\"MacAddress\":\"02"), "\(asked)")

                try host.replace(
                    "environment: {ROUND: \"1\"}\n    web",
                    with: "environment: {ROUND: \"1\"}\n      networks: {net: {aliases: [worker]}}\n    web",
                    in: state.path(1))
                try await host.push("Another alias")
                try await host.fatesync("sync").expect(0)
                #expect(try await address(of: job, host) == Self.chosen)
                let aliases = try await host.engine.field(
                    job, "{{range .NetworkSettings.Networks}}{{.Aliases}}{{end}}")
                #expect(aliases.contains("worker"))
                // Where the address belongs to the container, joining anew is enough.
                let last = try await host.containers()
                #expect((last[job]?.id == after[job]?.id) == (version == .oldest))
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        private func address(of name: String, _ host: Host) async throws -> String {
            try await host.engine.field(name, "{{range .NetworkSettings.Networks}}{{.MacAddress}}{{end}}")
        }
    }
}
