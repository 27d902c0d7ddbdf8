import Foundation
import Testing

extension Acceptance {
    /// What would lose data waits for a person, and passes once.
    @Suite struct ConfirmTests {
        private struct PlanDocument: Decodable {
            struct Part: Decodable {
                var plan: String
                var party: String?
                var reasons: [String]
            }

            var held: [Part]
        }

        @Test func `a recreate that loses written data waits for confirm, and others go on`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let (web, other) = (state.prefix(1) + "_web", state.prefix(2) + "_web")
                try state.write(parties: [1, 2])
                try host.append("data:\n  web: [/models]\n", to: "blueprints/small/blueprint.yaml")
                for party in [1, 2] { try state.override(party, "web", "environment: {ROUND: \"0\"}") }
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await change(host, state, from: 0, to: 1)
                // Nothing was written yet.
                try await host.fatesync("sync").expect(0)

                var confirmed: [String] = []
                // The last change is the first one again: a word for it that was not used up would let it pass.
                for (last, round) in [(1, 2), (2, 1), (1, 2)] {
                    try await host.engine.docker("exec", web, "mkdir", "-p", "/models/guest#9999")
                    let before = try await host.containers()
                    try await change(host, state, from: last, to: round)
                    for _ in 1...2 { try await host.fatesync("sync").expect(6) }
                    let after = try await host.containers()
                    #expect(Set(before.filter { after[$0.key] != $0.value }.keys) == [other])
                    let part = try await held(host)
                    confirmed.append(part.plan)
                    #expect(part.party == "1")
                    #expect(part.reasons.first?.contains("\(web) would lose") == true)
                    #expect(part.reasons.first?.contains("/models") == true)

                    let refused = try await host.fatesync("confirm", "00000000").expect(1)
                    #expect(refused.errors.contains(part.plan))
                    try await host.fatesync("confirm", String(part.plan.prefix(7))).expect(1)
                    try await host.fatesync("confirm", String(part.plan.prefix(12))).expect(0)
                    try await host.fatesync("sync").expect(0)
                    let passed = try await host.containers()
                    #expect(Set(after.filter { passed[$0.key] != $0.value }.keys) == [web])
                    let word = try #require(try host.journal().last { $0.kind == "manual" })
                    #expect(word.act == "confirm" && word.plan == part.plan && word.data?.user != nil)
                }
                #expect(confirmed[0] == confirmed[2] && confirmed[0] != confirmed[1])
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        @Test func `a party that waits is kept running`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let db = state.prefix(1) + "_db"
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try state.override(1, "db", "command: [sleep, \"5\"]")
                try host.replace("      - data:/data\n", with: "", in: "blueprints/small/compose.yaml")
                try await host.push("A service without its volume")
                try await host.fatesync("sync").expect(6)
                let before = try await host.containers()
                try await host.engine.docker("stop", db)
                try await host.fatesync("sync").expect(6)
                let after = try await host.containers()
                #expect(after[db]?.id == before[db]?.id)
                #expect(after[db]?.status == "running")
                #expect(
                    try await held(host).reasons.first?.contains("\(state.prefix(1))_data at /data") == true)
            }
        }

        @Test func `a closed window and a kind of change that needs approval hold, and confirm lets pass`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let (web, db) = (state.prefix(1) + "_web", state.prefix(1) + "_db")
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try host.configure(["sync-windows": "deny * * * * * 1h"])
                try state.override(1, "web", "environment: {ROUND: \"1\"}")
                try await host.push("Round 1")
                try await host.engine.docker("stop", db)
                let before = try await host.containers()
                let sync = try await host.fatesync("sync").expect(6)
                #expect(sync.output.contains("the sync window \"deny * * * * * 1h\" is on"), "\(sync)")
                let after = try await host.containers()
                // It is kept running, and not otherwise touched.
                #expect(after[db]?.status == "running" && after[db]?.id == before[db]?.id)
                #expect(after[web] == before[web])
                let part = try await held(host)
                try await host.fatesync("confirm", part.plan, "--reason", "ticket 4711").expect(0)
                try await host.fatesync("sync").expect(0)
                #expect(try await host.engine.field(web, "{{.Config.Env}}").contains("ROUND=1"))
                #expect(try host.journal().last { $0.act == "confirm" }?.data?.why == "ticket 4711")

                // A window that allows is no reason to wait; db has a volume, and web has none.
                try host.configure(["sync-windows": "allow * * * * * 1h", "approval": "stateful-recreate"])
                try host.replace(
                    "ROUND: \"1\"}", with: "ROUND: \"2\"}\n    db:\n      environment: {ROUND: \"2\"}",
                    in: state.path(1))
                try await host.push("Round 2")
                try await host.fatesync("sync").expect(6)
                #expect(
                    try await held(host).reasons == ["stateful-recreate needs approval on this host: \(db)"])
                try host.configure(["approval": "removal"])
                try await host.fatesync("sync").expect(0)
                try host.configure(["approval": "everything"])
                #expect(try await host.fatesync("sync").expect(1).errors.contains("stateful-recreate"))
            }
        }

        @Test func `the removal of the last party passes once it is confirmed, and its volumes stay`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try host.delete("parties")
                try await host.push("Remove the last party")
                try await host.fatesync("sync").expect(6)
                let part = try await held(host)
                #expect(part.party == nil)
                try await host.fatesync("confirm", part.plan).expect(0)
                try await host.fatesync("sync").expect(0)
                #expect(try await host.containers().isEmpty)
                #expect(try await host.names(of: "network").isEmpty)
                #expect(try await host.names(of: "volume") == ["\(state.prefix(1))_data"])
            }
        }

        @Test func `a container that goes away again and again stops its party`() async throws {
            try await Host.use(settings: ["recreate-limit": "2"]) { host in
                let state = SmallState(host: host)
                let job = state.prefix(1) + "_job"
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let watcher = try await host.watch("--interval", "1h")
                try await host.engine.docker("rm", "-f", job)
                let isBack = try await eventually(within: .seconds(20)) {
                    try await host.containers()[job]?.status == "running"
                }
                #expect(isBack)
                try await host.engine.docker("rm", "-f", job)
                let isStopped = try await eventually(within: .seconds(20)) {
                    try await host.status()?.result == "held"
                }
                #expect(isStopped)
                let status = try await host.fatesync("status").expect(6)
                #expect(status.output.contains("recreate-limit is 2"), "\(status)")
                #expect(try await host.containers()[job] == nil)
                watcher.signal(SIGTERM)
                _ = await watcher.wait()
                // A person may.
                try await host.fatesync("sync").expect(0)
                #expect(try await host.containers()[job]?.status == "running")
            }
        }

        private func change(_ host: Host, _ state: SmallState, from last: Int, to round: Int) async throws {
            for party in [1, 2] {
                try host.replace(
                    "ROUND: \"\(last)\"", with: "ROUND: \"\(round)\"", in: state.path(party))
            }
            try await host.push("Round \(round)")
        }

        private func held(_ host: Host) async throws -> PlanDocument.Part {
            let plan = try await host.fatesync("plan", "-o", "json").expect(6)
            let parts = try plan.decode(PlanDocument.self).held
            #expect(parts.count == 1)
            return try #require(parts.first)
        }
    }
}
