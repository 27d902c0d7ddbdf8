import Testing

extension Acceptance {
    /// A change touches what it names, at the lowest rung that works.
    @Suite struct ChangeTests {
        @Test func `a removed party leaves its volumes behind and disturbs nobody`() async throws {
            try await withDeployed([1, 2, 3]) { host, state in
                let before = try await host.containers()
                let volumes = try await host.names(of: "volume")
                try host.delete("parties/2")
                try await host.push("Remove party 2")
                try await host.fatesync("sync").expect(0)
                let after = try await host.containers()
                #expect(after == before.filter { !state.names(2).contains($0.key) })
                #expect(after.count == 6)
                let networks = try await host.names(of: "network")
                #expect(networks == [state.prefix(1) + "_net", state.prefix(3) + "_net"])
                let kept = try await host.names(of: "volume")
                #expect(kept == volumes)
                #expect(kept.contains(state.prefix(2) + "_data"))
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        @Test func `containers live through another address and another subnet`() async throws {
            try await withDeployed([1]) { host, state in
                let before = try await host.containers()
                let web = state.prefix(1) + "_web"
                try host.replace("\(state.subnet(1)).10", with: "\(state.subnet(1)).77", in: state.path(1))
                try await host.push("Move one address")
                try await host.fatesync("sync").expect(0)
                try await expectAddress(of: web, host, "\(state.subnet(1)).77")
                let moved = try await host.containers()
                #expect(moved == before)

                try host.replace("\(state.subnet(1)).", with: "\(state.subnet(9)).", in: state.path(1))
                try await host.push("Move the network")
                try await host.fatesync("sync").expect(0)
                try await expectAddress(of: web, host, "\(state.subnet(9)).77")
                let reconnected = try await host.containers()
                #expect(reconnected == before)
                let subnet = try await host.engine.docker(
                    "network", "inspect", state.prefix(1) + "_net", "--format",
                    "{{(index .IPAM.Config 0).Subnet}}")
                #expect(subnet == "\(state.subnet(9)).0/24")
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        @Test func `a changed config file restarts the service that reads it, and no other`() async throws {
            try await withDeployed([1, 2]) { host, state in
                let before = try await host.containers()
                try host.append("  SIZE: 2\n", to: state.path(1))
                try await host.push("Change a value")
                try await host.fatesync("sync").expect(0)
                let after = try await host.containers()
                let db = state.prefix(1) + "_db"
                #expect(after[db]?.id == before[db]?.id)
                #expect(after[db]?.startedAt != before[db]?.startedAt)
                #expect(after.filter { $0.key != db } == before.filter { $0.key != db })
                let file = try await host.engine.docker("exec", db, "cat", "/conf/db.properties")
                #expect(file.contains("size=2"))
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        private func expectAddress(
            of container: String, _ host: Host, _ address: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
            let found = try await host.engine.field(container, format)
            #expect(found == address, sourceLocation: sourceLocation)
        }

        private func withDeployed(
            _ parties: [Int], _ body: (Host, SmallState) async throws -> Void
        ) async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: parties)
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await body(host, state)
            }
        }
    }
}
