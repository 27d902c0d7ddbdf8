import Foundation
import Testing

extension Acceptance {
    /// Law: after kill -9 at any point the next pass converges; nothing is lost, nothing is doubled.
    @Suite struct CrashTests {
        /// The places of the kills follow from it, so that a failure can be repeated.
        private static let seed =
            ProcessInfo.processInfo.environment["FATESYNC_SEED"].flatMap(UInt64.init)
            ?? UInt64.random(in: 0...9999)

        @Test func `a first deployment that is killed is finished by the next sync`() async throws {
            var random = Seeded(state: Self.seed)
            print("seed of the kills: \(Self.seed)")
            for _ in 1...5 {
                try await Host.use(isRecorded: true) { host in
                    let state = SmallState(host: host)
                    try state.write(parties: [1])
                    try await host.push()
                    // A network, a volume, two calls per container.
                    try await killSync(host, atOneOf: 8, using: &random)
                    try await expectConverged(host, state)
                }
            }
        }

        /// The engine goes on with the last call of a process that is gone, and shows its effect only at the end.
        @Test func `a call that the engine still works on is waited for by the next sync`() async throws {
            try await Host.use(isRecorded: true) { host in
                let proxy = try #require(host.proxy)
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                let killed = try host.start("sync")
                let isSent = await eventually(within: .seconds(30), every: .milliseconds(1)) {
                    proxy.requests().contains { $0.path.hasSuffix("/networks/create") }
                }
                #expect(isSent)
                let count = proxy.requests().count
                try host.engine.signal(SIGSTOP)
                killed.signal(SIGKILL)
                _ = await killed.wait()
                let next = try host.start("sync")
                let isReading = await eventually(within: .seconds(30)) {
                    proxy.requests(after: count).contains { !$0.isMutation }
                }
                #expect(isReading)
                try host.engine.signal(SIGCONT)
                try await next.wait().expect(0)
                try await expectConverged(host, state)
            }
        }

        @Test func `a recreate that is killed is finished by the next sync`() async throws {
            var random = Seeded(state: Self.seed)
            print("seed of the kills: \(Self.seed)")
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try state.override(1, "web", "environment: {ROUND: \"0\"}")
                try await host.push()
                try await host.fatesync("sync").expect(0)
                for round in 1...5 {
                    let job = try await host.containers()[state.prefix(1) + "_job"]
                    try host.replace(
                        "ROUND: \"\(round - 1)\"", with: "ROUND: \"\(round)\"", in: state.path(1))
                    try await host.push()
                    // Create, two renames, stop, start, remove.
                    try await killSync(host, atOneOf: 6, using: &random)
                    try await expectConverged(host, state)
                    let variables = try await host.engine.field(state.prefix(1) + "_web", "{{.Config.Env}}")
                    #expect(variables.contains("ROUND=\(round)"))
                    let untouched = try await host.containers()[state.prefix(1) + "_job"]
                    #expect(untouched == job)
                }
            }
        }

        @Test func `a network that is replaced when the kill comes is finished by the next sync`()
            async throws
        {
            var random = Seeded(state: Self.seed)
            print("seed of the kills: \(Self.seed)")
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                for round in 1...3 {
                    let (old, new) = (state.subnet(round == 1 ? 1 : 10 + round), state.subnet(11 + round))
                    try host.replace("\(old).", with: "\(new).", in: state.path(1))
                    try await host.push()
                    // Three containers leave, the network goes and comes, three containers join.
                    try await killSync(host, atOneOf: 8, using: &random)
                    try await expectConverged(host, state)
                    let after = try await host.containers()
                    #expect(after.mapValues(\.id) == before.mapValues(\.id))
                }
            }
        }

        /// Kills a sync when it has just sent one of its `calls` mutating calls; after the last it may end by itself.
        private func killSync(
            _ host: Host, atOneOf calls: Int, using random: inout Seeded
        ) async throws {
            let number = Int.random(in: 1...calls, using: &random)
            let pause = Int.random(in: 0...20, using: &random)
            let proxy = try #require(host.proxy)
            let count = proxy.requests().count
            let sync = try host.start("sync")
            let isThere = await eventually(within: .seconds(30), every: .milliseconds(1)) {
                proxy.requests(after: count).count { $0.isMutation } >= number
            }
            // Between the call and its answer, or between the answer and its record.
            try await Task.sleep(for: .milliseconds(pause))
            sync.signal(SIGKILL)
            let exit = await sync.wait()
            #expect(isThere, "\(exit)")
            let isKilled = exit.status == 128 + SIGKILL
            #expect(isKilled || number == calls, "it ended before the kill at call \(number): \(exit)")
        }

        private func expectConverged(_ host: Host, _ state: SmallState) async throws {
            try await host.fatesync("sync").expect(0)
            let containers = try await host.containers()
            #expect(Set(containers.keys) == state.names(1))
            #expect(containers.values.allSatisfy { $0.status == "running" }, "\(containers)")
            let networks = try await host.names(of: "network")
            #expect(networks == [state.prefix(1) + "_net"])
            let volumes = try await host.names(of: "volume")
            #expect(volumes == [state.prefix(1) + "_data"])
            try await host.fatesync("plan", "--exit-code").expect(0)
            try await host.fatesync("audit", "verify").expect(0)
            let remains = try await Program.output(of: ["find", host.dataDirectory, "-name", "*fatesync-*"])
            #expect(remains == "")
        }
    }
}

/// The same numbers for the same seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
