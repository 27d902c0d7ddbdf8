import Foundation
import Testing

extension Acceptance {
    /// New containers that fail: the old one serves again, nobody tries twice, and a better commit is tried.
    @Suite struct RollbackTests {
        struct Failing: CustomTestStringConvertible, Sendable {
            let testDescription: String
            /// Keys of the service that make it fail.
            let keys: String
            let reason: String
            /// Whether the old container is stopped at all.
            let stopsTheOldOne: Bool
        }

        static let failures = [
            Failing(
                testDescription: "a program that is not there", keys: "command: [no-such-program]",
                reason: "no-such-program is not in the image", stopsTheOldOne: false),
            Failing(
                testDescription: "a command that ends", keys: "command: [busybox, sh, -c, exit 3]",
                reason: "exit code 3", stopsTheOldOne: true),
            Failing(
                testDescription: "a health check that never passes",
                keys: "healthcheck: {test: [CMD, busybox, \"false\"], interval: 1s, retries: 1}",
                reason: "is unhealthy", stopsTheOldOne: true),
        ]

        @Test func `a new container that fails gives way to the old one, once`() async throws {
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                let web = state.prefix(1) + "_web"
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let party = try host.read(state.path(1))
                for failing in Self.failures {
                    let before = try await host.containers()
                    try host.write(state.path(1), party)
                    try state.override(1, "web", failing.keys)
                    let commit = try await host.push(failing.testDescription)
                    let failed = try await host.fatesync("sync", "-o", "json").expect(1)
                    let report = try failed.decode(Report.self)
                    #expect(report.result == "rolled back")
                    #expect(report.rolledBack == ["1"])
                    #expect(report.reason?.contains(failing.reason) == true, "\(failed)")
                    try await expectServing(host, web, before, startedAgain: failing.stopsTheOldOne)

                    let done = try #require(try host.journal().last { $0.kind == "plan.done" })
                    #expect(done.out == "rolled-back" && done.src?.commit == commit)
                    #expect(done.data?.rolledBack == ["1"])
                    let outages = done.data?.outages ?? []
                    #expect(outages.map(\.object) == (failing.stopsTheOldOne ? [web] : []))
                    #expect(outages.allSatisfy { $0.rolledBack && $0.milliseconds > 0 })
                    #expect(report.outages.map(\.milliseconds) == outages.map(\.milliseconds))
                    try await expectNotTriedAgain(host)
                }
                try await expectKeptAlive(host, state)

                try host.write(state.path(1), party)
                try state.override(1, "web", "environment: {GOOD: \"1\"}")
                try await host.push("A better commit")
                try await host.fatesync("sync").expect(0)
                let variables = try await host.engine.field(web, "{{.Config.Env}}")
                #expect(variables.contains("GOOD=1"))
                try await host.fatesync("plan", "--exit-code").expect(0)
                try await host.fatesync("audit", "verify").expect(0)
            }
        }

        struct Report: Decodable {
            struct Outage: Decodable { var milliseconds: Int }

            var result: String
            var reason: String?
            var rolledBack: [String]
            var outages: [Outage]
        }

        private func expectServing(
            _ host: Host, _ web: String, _ before: [String: Host.Standing], startedAgain: Bool
        ) async throws {
            let after = try await host.containers()
            #expect(Set(after.keys) == Set(before.keys))
            #expect(after[web]?.id == before[web]?.id)
            #expect(after[web]?.status == "running")
            #expect((after[web]?.startedAt != before[web]?.startedAt) == startedAgain)
            #expect(before.filter { $0.key != web } == after.filter { $0.key != web })
        }

        private func expectNotTriedAgain(_ host: Host) async throws {
            let proxy = try #require(host.proxy)
            let count = proxy.requests().count
            try await host.fatesync("sync").expect(6)
            #expect(proxy.requests(after: count).filter(\.isMutation) == [])
            let status = try await host.fatesync("status").expect(6)
            #expect(status.output.contains("rolled back"))
        }

        /// Under a revision that failed, what runs is still repaired, as the last good one says.
        private func expectKeptAlive(_ host: Host, _ state: SmallState) async throws {
            let (web, db) = (state.prefix(1) + "_web", state.prefix(1) + "_db")
            try await host.engine.docker("rm", "-f", web)
            try await host.engine.docker("stop", db)
            try await host.fatesync("sync").expect(6)
            let containers = try await host.containers()
            #expect(Set(containers.keys) == state.names(1))
            #expect(containers.values.allSatisfy { $0.status == "running" }, "\(containers)")
            try await expectNotTriedAgain(host)
        }

        @Test func `an anonymous volume survives a recreate, and a failed one leaves none of its own`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let web = state.prefix(1) + "_web"
                try state.write(parties: [1])
                try state.override(1, "web", "{volumes: [/cache], environment: {ROUND: \"1\"}}")
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await host.engine.docker("exec", web, "touch", "/cache/kept")
                let volumes = try await host.engine.docker("volume", "ls", "-q")

                try host.replace("ROUND: \"1\"", with: "ROUND: \"2\"", in: state.path(1))
                try await host.push("Recreate")
                try await host.fatesync("sync").expect(0)
                #expect(try await host.engine.docker("exec", web, "ls", "/cache") == "kept")
                try await host.fatesync("plan", "--exit-code").expect(0)

                try host.replace(
                    "{volumes: [/cache],",
                    with: "{volumes: [/cache, /more], command: [busybox, sh, -c, exit 3],",
                    in: state.path(1))
                try await host.push("Fail with one more volume")
                try await host.fatesync("sync").expect(1)
                #expect(try await host.engine.docker("exec", web, "ls", "/cache") == "kept")
                #expect(try await host.engine.docker("volume", "ls", "-q") == volumes)
            }
        }

        @Test func `a host port that a foreign process or container holds stops nothing`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let web = state.prefix(1) + "_web"
                let old = 20000 + host.number * 10 + 1
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()

                let listen = "import socket, time; s = socket.create_server(('', \(old + 5))); "
                let process = host.keep(
                    try Child([
                        "nsenter", "--net=/run/netns/fs-\(host.engine.name)", "python3", "-u", "-c",
                        listen + "print('ready'); time.sleep(1000)",
                    ]))
                let isListening = await eventually(within: .seconds(20)) { process.output.contains("ready") }
                #expect(isListening)
                try await expectRefused(host, state, old, old + 5, "held by process \(process.pid) (python3)")
                process.signal(SIGKILL)

                let name = "foreign\(host.number)"
                try await host.engine.docker(
                    "run", "-d", "--name", name, "-p", "\(old + 6):80", "federatedai/client:1.5.1-release",
                    "sleep", "1000")
                try await expectRefused(host, state, old + 5, old + 6, "held by container \(name)")
                try await host.engine.docker("rm", "-f", name)
                let after = try await host.containers()
                #expect(after == before)

                try host.replace("PORT: \(old + 6)", with: "PORT: \(old + 7)", in: state.path(1))
                try await host.push("A free port")
                try await host.fatesync("sync").expect(0)
                let ports = try await host.engine.docker("port", web)
                #expect(ports.contains("\(old + 7)"))
            }
        }

        private func expectRefused(
            _ host: Host, _ state: SmallState, _ old: Int, _ new: Int, _ reason: String
        ) async throws {
            try host.replace("PORT: \(old)", with: "PORT: \(new)", in: state.path(1))
            try await host.push("Port \(new)")
            let sync = try await host.fatesync("sync").expect(6)
            let web = state.prefix(1) + "_web"
            #expect(
                sync.output.contains("party 1: host port \(new)/tcp, which \(web) wants, is \(reason)"),
                "\(sync)")
        }
    }
}
