import Foundation
import Testing

extension Acceptance {
    /// `suspend` and `resume`: nothing is changed meanwhile, whoever runs and whatever is killed.
    @Suite struct SuspensionTests {
        @Test func `a suspended host plans, reports drift and changes nothing`() async throws {
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                let (web, job) = (state.prefix(1) + "_web", state.prefix(1) + "_job")
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let given = try await host.fatesync("suspend", "--reason", "ticket 4711", "--for", "1h")
                    .expect(0)
                #expect(given.output.contains("ticket 4711") && given.output.contains("until 2"), "\(given)")

                try state.override(1, "web", "environment: {ROUND: \"1\"}")
                try await host.push()
                try await host.engine.docker("stop", job)
                let before = try await host.containers()
                let proxy = try #require(host.proxy)
                let count = proxy.requests().count
                let sync = try await host.fatesync("sync").expect(6)
                #expect(sync.output.contains("the host is suspended by"), "\(sync)")
                let plan = try await host.fatesync("plan").expect(6)
                #expect(plan.output.contains("± \(web)  recreate"), "\(plan)")
                #expect(plan.output.contains("~ \(job)  start"), "\(plan)")
                #expect(proxy.requests(after: count).filter(\.isMutation) == [])
                #expect(try await host.containers() == before)

                let status = try #require(try await host.status())
                #expect(status.result == "suspended")
                #expect(status.suspended?.map(\.reason) == ["ticket 4711"])
                #expect(status.parties.map(\.condition) == ["suspended"])
                #expect(try await host.fatesync("status").expect(6).output.contains("ticket 4711"))
                let entry = try #require(try host.journal().last { $0.act == "suspend" })
                #expect(entry.kind == "manual" && entry.data?.why == "ticket 4711" && entry.data?.user != nil)
                #expect(entry.cause?.uid == Int(getuid()) && entry.cause?.pid ?? 0 > 1)

                try await host.fatesync("resume").expect(0)
                #expect(try await host.fatesync("resume").expect(0).errors.contains("not suspended"))
                try await host.fatesync("sync").expect(0)
                #expect(try await host.engine.field(web, "{{.Config.Env}}").contains("ROUND=1"))
                #expect(try await host.containers()[job]?.status == "running")
                #expect(try host.journal().filter { $0.act == "resume" }.count == 1)
                try await host.fatesync("audit", "verify").expect(0)
            }
        }

        @Test func `a suspended party stays as it is and the others go on`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1, 2])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await host.fatesync("suspend", "1", "--reason", "a test").expect(0)
                // It is not suspended from what it has already.
                try await host.fatesync("plan", "--exit-code").expect(0)
                for party in [1, 2] { try state.override(party, "web", "environment: {ROUND: \"1\"}") }
                try await host.push()
                try await host.engine.docker("stop", state.prefix(1) + "_db")
                let before = try await host.containers()
                try await host.fatesync("sync").expect(6)
                let after = try await host.containers()
                #expect(Set(before.filter { after[$0.key] != $0.value }.keys) == [state.prefix(2) + "_web"])
                let plan = try await host.fatesync("plan").expect(6)
                #expect(plan.output.contains("\(state.prefix(1))_web"), "\(plan)")
                let conditions = try await host.status()?.parties.map(\.condition)
                #expect(conditions == ["suspended", "in sync"])

                // Nor is it removed.
                try host.delete("parties/1")
                try await host.push()
                try await host.fatesync("sync").expect(6)
                #expect(try await host.containers() == after)
                try await host.revert()
                try await host.fatesync("resume", "1").expect(0)
                try await host.fatesync("sync").expect(0)
                try await host.fatesync("plan", "--exit-code").expect(0)
                #expect(try await host.containers().values.allSatisfy { $0.status == "running" })
            }
        }

        @Test func `a watcher obeys at once, also one that was killed, and a time that is over`() async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let job = state.prefix(1) + "_job"
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let watcher = try await host.watch("--interval", "1h")
                try await host.fatesync("suspend", "--reason", "a test").expect(0)
                let isSeen = try await eventually(within: .seconds(20)) {
                    try await host.status()?.result == "suspended"
                }
                #expect(isSeen)
                let entry = try #require(try host.journal().last { $0.act == "suspend" })
                #expect(entry.cause?.pid != watcher.pid)

                watcher.signal(SIGKILL)
                _ = await watcher.wait()
                try await host.engine.docker("stop", job)
                let next = try await host.watch("--interval", "1h")
                #expect(try await host.status()?.result == "suspended")
                #expect(try await host.containers()[job]?.status == "exited")
                try await host.fatesync("resume").expect(0)
                try await expectRepair(host, job)

                try await host.fatesync("suspend", "--reason", "a test", "--for", "2s").expect(0)
                try await host.engine.docker("stop", job)
                try await expectRepair(host, job)
                let end = try #require(try host.journal().last { $0.act == "resume" })
                #expect(end.cause?.trigger == "timer")
                next.signal(SIGTERM)
                try await next.wait().expect(0)
            }
        }

        private func expectRepair(_ host: Host, _ name: String) async throws {
            let isRepaired = try await eventually(within: .seconds(20)) {
                try await host.containers()[name]?.status == "running"
            }
            #expect(isRepaired)
        }
    }
}
