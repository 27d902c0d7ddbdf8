import Foundation
import Testing

extension Acceptance {
    /// `fatesync run`: it keeps a host as desired, and keeps quiet when nothing happens.
    @Suite struct WatcherTests {
        @Test func `one state directory has one watcher, and sync follows it`() async throws {
            try await withSmallHost { host, state in
                let watcher = try await host.watch("--interval", "1h")
                let second = try await host.fatesync("run").expect(7)
                #expect(second.errors.contains("\(watcher.pid)"))

                try state.override(1, "job", "environment: {NEW: value}")
                let commit = try await host.push()
                let sync = try await host.fatesync("sync").expect(0)
                #expect(sync.output.contains(commit.prefix(12)))
                let variables = try await host.engine.field(state.prefix(1) + "_job", "{{.Config.Env}}")
                #expect(variables.contains("NEW=value"))
                try await expectGracefulEnd(watcher, host)
            }
        }

        @Test func `what somebody does to a container is repaired within five seconds`() async throws {
            try await withSmallHost { host, state in
                let watcher = try await host.watch("--interval", "1h")
                let (web, db) = (state.prefix(1) + "_web", state.prefix(1) + "_db")
                let job = state.prefix(1) + "_job"
                let engine = host.engine
                let before = try await host.containers()
                try await engine.docker("update", "--restart", "no", job)
                try await expectRepair("docker update") {
                    try await engine.field(job, "{{.HostConfig.RestartPolicy.Name}}") == "always"
                }
                try await engine.docker("network", "disconnect", state.prefix(1) + "_net", web)
                try await expectRepair("docker network disconnect") {
                    try await engine.field(web, "{{json .NetworkSettings.Networks}}")
                        .contains(state.subnet(1) + ".10")
                }
                for command in ["stop", "pause"] {
                    try await engine.docker(command, db)
                    try await expectRepair("docker \(command)") {
                        try await host.containers()[db]?.status == "running"
                    }
                }
                let repaired = try await host.containers()
                #expect([web, job].allSatisfy { repaired[$0] == before[$0] })
                #expect(repaired[db]?.id == before[db]?.id)
                try await engine.docker("rm", "-f", job)
                try await expectRepair("docker rm") { try await host.containers()[job]?.status == "running" }
                try await expectGracefulEnd(watcher, host)
            }
        }

        @Test func `what somebody does to a config file is repaired within five seconds`() async throws {
            try await withSmallHost { host, state in
                let watcher = try await host.watch("--interval", "1h")
                let before = try await host.containers()
                let table = "\(host.dataDirectory)/\(state.prefix(1))/confs/db/route_table.json"
                let content = try #require(FileManager.default.contents(atPath: table))
                try "{}".write(toFile: table, atomically: false, encoding: .utf8)
                try await expectRepair("an edit") { FileManager.default.contents(atPath: table) == content }
                try "{}".write(toFile: table, atomically: true, encoding: .utf8)
                try await expectRepair("a replaced file") {
                    FileManager.default.contents(atPath: table) == content
                }
                try FileManager.default.removeItem(atPath: table)
                try await expectRepair("a removal") { FileManager.default.contents(atPath: table) == content }
                let after = try await host.containers()
                #expect(after == before)
                try await expectGracefulEnd(watcher, host)
            }
        }

        @Test func `SIGHUP looks for a commit at once`() async throws {
            try await withSmallHost { host, state in
                let watcher = try await host.watch("--interval", "1h")
                try state.override(1, "job", "environment: {NEW: value}")
                let commit = try await host.push()
                watcher.signal(SIGHUP)
                let isApplied = try await eventually(within: .seconds(20)) {
                    let status = try await host.status()
                    return status?.wanted?.commit == commit && status?.trigger == "signal"
                }
                #expect(isApplied, "\(watcher.errors)")
                let variables = try await host.engine.field(state.prefix(1) + "_job", "{{.Config.Env}}")
                #expect(variables.contains("NEW=value"))
                try await expectGracefulEnd(watcher, host)
            }
        }

        @Test func `a commit is found within the interval`() async throws {
            try await withSmallHost { host, state in
                let watcher = try await host.watch("--interval", "1s", "--heartbeat", "1s")
                try state.add(2)
                let commit = try await host.push()
                let isApplied = try await eventually(within: .seconds(20)) {
                    try await host.status()?.wanted?.commit == commit
                }
                #expect(isApplied, "\(watcher.errors)")
                let containers = try await host.containers()
                #expect(Set(containers.keys) == state.names(1, 2))
                let lives = try await eventually(within: .seconds(20)) {
                    try host.journal().filter { $0.kind == "heartbeat" }.count > 1
                }
                #expect(lives)
                try await expectGracefulEnd(watcher, host)
            }
        }

        /// Law: between passes a watcher makes no Docker call besides its event stream.
        @Test func `between passes Docker hears nothing`() async throws {
            try await withSmallHost { host, state in
                let before = try await host.containers()
                let watcher = try await host.watch("--interval", "60s")
                let proxy = try #require(host.proxy)
                var count = -1
                // Its own changes come back as events, each of which may cause one more pass.
                let isQuiet = try await eventually(within: .seconds(20)) {
                    let last = count
                    count = proxy.requests().count
                    try await Task.sleep(for: .seconds(1))
                    return count == last
                }
                #expect(isQuiet)
                try await Task.sleep(for: .seconds(3))
                #expect(proxy.requests(after: count) == [])
                #expect(proxy.requests().contains { $0.path.contains("/events") })
                let after = try await host.containers()
                #expect(after == before)
                try await expectGracefulEnd(watcher, host)
            }
        }

        @Test func `containers that a restarted engine left stopped are started`() async throws {
            try await withSmallHost { host, state in
                let watcher = try await host.watch("--interval", "1h")
                let before = try await host.containers()
                try await Program.output(of: [Program.support("engine"), "restart", host.engine.name])
                let isRepaired = try await eventually(within: .seconds(20)) {
                    let containers = try await host.containers()
                    return containers.count == 3 && containers.values.allSatisfy { $0.status == "running" }
                }
                #expect(isRepaired, "\(watcher.errors)")
                let after = try await host.containers()
                #expect(after.mapValues(\.id) == before.mapValues(\.id))
                try await expectGracefulEnd(watcher, host)
            }
        }

        /// A host with one party that a sync has deployed.
        private func withSmallHost(_ body: (Host, SmallState) async throws -> Void) async throws {
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await body(host, state)
            }
        }

        private func expectRepair(
            _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
            _ check: () async throws -> Bool
        ) async throws {
            let isRepaired = try await eventually(within: .seconds(5), check)
            #expect(isRepaired, "\(what) is not repaired", sourceLocation: sourceLocation)
        }

        /// SIGTERM ends the watcher and touches no container.
        private func expectGracefulEnd(
            _ watcher: Child, _ host: Host, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let before = try await host.containers()
            let started = ContinuousClock.now
            watcher.signal(SIGTERM)
            let exit = try await watcher.wait().expect(0, sourceLocation: sourceLocation)
            #expect(started.duration(to: .now) < .seconds(5), "\(exit)", sourceLocation: sourceLocation)
            let after = try await host.containers()
            #expect(after == before, sourceLocation: sourceLocation)
        }
    }
}
