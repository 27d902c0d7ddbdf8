import Testing

extension Acceptance {
    /// What a bad commit does, and above all what it does not do.
    @Suite struct FailureTests {
        @Test func `a service that cannot start is rolled back once, and waits for a better commit`()
            async throws
        {
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                let web = state.prefix(1) + "_web"

                try state.override(1, "web", "command: [no-such-program]")
                try await host.push("A program that does not exist")
                let failed = try await host.fatesync("sync").expect(1)
                #expect(failed.output.contains("no-such-program"))
                let after = try await host.containers()
                #expect(Set(after.keys) == state.names(1))
                #expect(after[web]?.id == before[web]?.id)
                #expect(after[web]?.status == "running")
                #expect(before.filter { $0.key != web } == after.filter { $0.key != web })

                let proxy = try #require(host.proxy)
                let count = proxy.requests().count
                let again = try await host.fatesync("sync")
                #expect(again.status != 0)
                #expect(proxy.requests(after: count).filter(\.isMutation) == [])

                try host.replace(
                    "command: [no-such-program]", with: "environment: {GOOD: \"1\"}", in: state.path(1))
                try await host.push("A better commit")
                try await host.fatesync("sync").expect(0)
                let mended = try await host.containers()
                #expect(mended[web]?.id != before[web]?.id)
                #expect(mended[web]?.status == "running")
                #expect(before.filter { $0.key != web } == mended.filter { $0.key != web })
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        @Test func `a commit that removes the last party is held`() async throws {
            try await expectHeld(parties: [1]) { host, state in try host.delete("parties") }
        }

        @Test func `a commit that removes more than half of the containers is held`() async throws {
            try await expectHeld(parties: [1, 2, 3]) { host, state in
                for party in [1, 2] { try host.delete("parties/\(party)") }
            }
        }

        private func expectHeld(parties: [Int], _ change: (Host, SmallState) throws -> Void) async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: parties)
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                let files = try await Program.output(of: ["find", host.dataDirectory, "-printf", "%p %T@\n"])

                try change(host, state)
                let commit = try await host.push("Remove too much")
                for _ in 1...2 { try await host.fatesync("sync").expect(6) }
                try await host.fatesync("plan").expect(6)
                let after = try await host.containers()
                #expect(after == before)
                let networks = try await host.names(of: "network")
                #expect(networks.count == parties.count)
                let filesAfter = try await Program.output(
                    of: ["find", host.dataDirectory, "-printf", "%p %T@\n"])
                #expect(filesAfter == files)
                let held = try host.journal().filter { $0.kind == "source.held" }
                #expect(held.count >= 1)
                #expect(
                    held.allSatisfy { $0.src?.commit == commit && $0.err?.contains("would remove") == true })
                let status = try await host.status()
                #expect(status?.result == "held")
            }
        }

        @Test func `a misspelt key is refused with its place and the key that was meant`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()

                try host.replace("  WEB_IP:", with: "  WEB_PI:", in: state.path(1))
                try await host.push("Misspell a key")
                let sync = try await host.fatesync("sync").expect(3)
                #expect(sync.errors.contains("parties/1/party.yaml:11:3: "), "\(sync)")
                #expect(sync.errors.contains("WEB_IP"), "\(sync)")
                try await host.fatesync("plan").expect(3)
                try await host.fatesync("status").expect(3)
                let validate = try await Program.run([Program.fatesync, "validate", host.clone])
                try validate.expect(3)
                #expect(validate.output.contains("parties/1/party.yaml:11:3: "), "\(validate)")
                let after = try await host.containers()
                #expect(after == before)

                try await host.revert()
                try await host.fatesync("sync").expect(0)
                let reverted = try await host.containers()
                #expect(reverted == before)
            }
        }

        @Test func `a blueprint that no party uses holds nothing up until somebody needs to hear of it`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try host.write("blueprints/spare/blueprint.yaml", "kind: Blueprint\n")
                try await host.push()
                try await host.fatesync("sync").expect(0)

                try host.replace("blueprint: small", with: "blueprint: smal", in: state.path(1))
                try await host.push("Misspell the blueprint")
                let sync = try await host.fatesync("sync").expect(3)
                #expect(
                    sync.errors.contains("unknown blueprint \"smal\" (did you mean \"small\"?)"), "\(sync)")
                #expect(sync.errors.contains("blueprints/spare/blueprint.yaml:"), "\(sync)")
            }
        }

        @Test func `a mistake in one party does not keep the change of another one back`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1, 2])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()

                try host.replace("  WEB_IP:", with: "  WEB_PI:", in: state.path(1))
                try state.override(2, "job", "environment: {NEW: value}")
                try await host.push("One mistake and one change")
                let sync = try await host.fatesync("sync").expect(3)
                #expect(sync.errors.contains("parties/1/party.yaml:11:3: "))
                let after = try await host.containers()
                #expect(Set(before.filter { after[$0.key] != $0.value }.keys) == [state.prefix(2) + "_job"])
                let variables = try await host.engine.field(state.prefix(2) + "_job", "{{.Config.Env}}")
                #expect(variables.contains("NEW=value"))
                try await host.fatesync("sync").expect(3)
                let again = try await host.containers()
                #expect(again == after)
            }
        }

        @Test func `a branch that was rewritten is not trusted`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push("First")
                try state.override(1, "job", "environment: {NUMBER: \"2\"}")
                try await host.push("Second")
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()

                try await host.git("reset", "-q", "--hard", "HEAD~1")
                try state.override(1, "job", "environment: {NUMBER: \"3\"}")
                try await host.git("commit", "-q", "-a", "-m", "Another second")
                try await host.git("push", "-q", "--force", "origin", "HEAD:main")
                for _ in 1...2 {
                    let sync = try await host.fatesync("sync").expect(5)
                    #expect((sync.output + sync.errors).contains("accept-history"), "\(sync)")
                }
                try await host.fatesync("plan").expect(5)
                let after = try await host.containers()
                #expect(after == before)
                #expect(try host.journal().contains { $0.kind == "source.refused" })
            }
        }
    }
}
