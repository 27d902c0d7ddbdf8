import Foundation
import Testing

extension Acceptance {
    /// One party over two hosts: two engines in two network namespaces that a veth pair and a Swarm join.
    ///
    /// The manager is the oldest engine and the worker the newest, because what a worker shows differs most.
    @Suite struct SpreadTests {
        @Test func `two watchers run one party over two hosts, and a push changes both`() async throws {
            try await withTwoHosts { state in
                let (home, other) = (state.home, state.other)
                try state.write(nodeOn: other)
                try await home.push()
                let refusal = try await home.fatesync("sync").expect(6)
                #expect(
                    refusal.output.contains("docker swarm init")
                        || refusal.errors.contains("docker swarm init"))
                try await Swarm.form(home.engine, other.engine)

                // The other host is first, and waits for the network.
                let follower = try other.start("sync")
                let waits = await eventually(within: .seconds(60)) {
                    (try? other.journal())?.contains { $0.err?.contains("has not made it") == true } == true
                }
                #expect(waits)
                try await home.fatesync("sync").expect(0)
                try await follower.wait().expect(0)
                #expect(Set(try await home.containers().keys) == [state.manager])
                #expect(Set(try await other.containers().keys) == [state.node, state.job])
                let call = ["exec", state.node, "sh", "-c", "timeout 10 nc clustermanager 4670"]
                let isReached = try await eventually(within: .seconds(30)) {
                    let words = ["docker", "-H", other.engine.endpoint] + call
                    return try await Program.run(words).output == "eggroll\n"
                }
                #expect(isReached)

                let watchers = [
                    try await home.watch("--interval", "2s"), try await other.watch("--interval", "2s"),
                ]
                for host in [home, other] { try await host.fatesync("plan", "--exit-code").expect(0) }
                let before = (try await home.containers(), try await other.containers())
                try home.append("  SIZE: 2\n", to: "parties/1/party.yaml")
                try await home.push()
                let isChanged = try await eventually(within: .seconds(60)) {
                    let now = (try await home.containers(), try await other.containers())
                    return now.0[state.manager]?.startedAt != before.0[state.manager]?.startedAt
                        && now.1[state.node]?.startedAt != before.1[state.node]?.startedAt
                }
                #expect(isChanged)
                #expect(try await other.containers()[state.job] == before.1[state.job])
                for host in [home, other] { #expect(try state.properties(on: host) == "size=2\n") }
                for watcher in watchers { watcher.signal(SIGTERM) }
                for watcher in watchers { try await watcher.wait().expect(0) }
                try await expectMove(state)
            }
        }

        /// A service that moves is made there and removed here, but not while it has data.
        private func expectMove(_ state: SpreadState) async throws {
            let (home, other) = (state.home, state.other)
            let data = "\(other.dataDirectory)/\(state.prefix)/data/table"
            try "rows".write(toFile: data, atomically: true, encoding: .utf8)
            try state.write(nodeOn: home)
            try await home.push()
            let held = try await other.fatesync("sync").expect(6)
            #expect((held.output + held.errors).contains("\(state.node), a node with data in"), "\(held)")
            #expect(try await other.containers()[state.node]?.status == "running")

            try FileManager.default.removeItem(atPath: data)
            let plan = try await other.fatesync("plan").expect(0)
            #expect(plan.output.contains("it runs on host \(home.name) now"), "\(plan)")
            for host in [other, home] { try await host.fatesync("sync").expect(0) }
            #expect(Set(try await other.containers().keys) == [state.job])
            #expect(Set(try await home.containers().keys) == [state.manager, state.node])
            for host in [home, other] { try await host.fatesync("plan", "--exit-code").expect(0) }
        }

        private func withTwoHosts(_ body: (SpreadState) async throws -> Void) async throws {
            let (manager, worker) = (try await Engine.shared(.oldest), try await Engine.shared(.newer))
            try await Swarm.use(manager: manager, worker: worker) {
                try await Host.use(engine: .oldest) { home in
                    let repository = ["repository": home.folder + "/state.git"]
                    try await Host.use(engine: .newer, settings: repository) { other in
                        try await body(SpreadState(home: home, other: other))
                    }
                }
            }
        }
    }
}
