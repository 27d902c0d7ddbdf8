import Testing

extension Acceptance {
    /// Law: the plan after a sync is empty, and a second sync makes no mutating call.
    @Suite struct FixedPointTests {
        private let compose = "blueprints/wide/compose.yaml"

        @Test(arguments: Engine.Version.allCases)
        func `every key of Compose is right after one sync, however it got there`(
            _ version: Engine.Version
        ) async throws {
            try await Host.use(engine: version, isRecorded: true) { host in
                let state = WideState(host: host)
                try state.write()
                try await host.push("Create everything")
                try await expectFixedPoint(host, state)

                try host.replace("SET: \"a=b c\"", with: "SET: changed", in: compose)
                try host.replace("read_only: true\n    mem_limit", with: "mem_limit", in: compose)
                try await host.push("Recreate containers")
                try await expectFixedPoint(host, state)

                try host.replace("on-failure:3", with: "always", in: compose)
                try host.replace("pids_limit: 50", with: "pids_limit: 60", in: compose)
                try host.replace("mem_limit: 64m", with: "mem_limit: 80m", in: compose)
                try host.replace("cpus: 0.5", with: "cpus: 0.75", in: compose)
                let before = try await host.containers()
                try await host.push("Update containers in place")
                try await expectFixedPoint(host, state)
                let after = try await host.containers()
                #expect(after == before)
            }
        }

        private func expectFixedPoint(
            _ host: Host, _ state: WideState, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let proxy = try #require(host.proxy)
            try await host.fatesync("sync").expect(0, sourceLocation: sourceLocation)
            let containers = try await host.containers()
            #expect(Set(containers.keys) == state.names, sourceLocation: sourceLocation)
            let isRunning = containers.values.allSatisfy { $0.status == "running" }
            #expect(isRunning, "\(containers)", sourceLocation: sourceLocation)
            let count = proxy.requests().count
            try await host.fatesync("plan", "--exit-code").expect(0, sourceLocation: sourceLocation)
            try await host.fatesync("sync").expect(0, sourceLocation: sourceLocation)
            let requests = proxy.requests(after: count)
            #expect(requests.count { $0.isMutation } == 0, sourceLocation: sourceLocation)
            #expect(!requests.isEmpty, sourceLocation: sourceLocation)
        }
    }
}
