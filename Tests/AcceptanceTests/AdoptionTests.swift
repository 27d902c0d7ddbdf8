import Foundation
import Glibc
import Testing

extension Acceptance {
    /// What somebody else made becomes fatesync's without being touched, and is then kept like the rest.
    @Suite struct AdoptionTests {
        @Test func `an adopted party loses what is not desired and keeps its volume`() async throws {
            try await withSmallState(engine: .newer) { host, state, made in
                let prefix = state.prefix(1)
                try await made.type(state, 1)
                let before = try await made.containers()
                try await host.push("Describe what runs")
                try await host.fatesync("adopt").expect(0)
                try await host.fatesync("plan", "--exit-code").expect(0)

                let compose = "blueprints/small/compose.yaml"
                let text = try host.read(compose)
                let job = try #require(text.range(of: "  job:\n"))
                try host.write(compose, String(text[..<job.lowerBound]))
                try host.replace("_net\n    ipam", with: "_net\n    attachable: true\n    ipam", in: compose)
                try await host.push("Drop the job, change the network")
                try await host.fatesync("sync").expect(0)
                let after = try await made.containers()
                #expect(after == before.filter { $0.key != prefix + "_job" })
                let network = try await host.engine.docker(
                    "network", "inspect", prefix + "_net", "--format",
                    "{{.Attachable}} {{index .Labels \"io.fatesync.host\"}}")
                #expect(network == "true \(host.name)")
                try await host.engine.docker("volume", "inspect", prefix + "_data")
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        @Test func `a Compose project is taken over by renaming its containers`() async throws {
            try await withSmallState { host, state, made in
                let prefix = state.prefix(1)
                try await composeUp(host, state, made)
                let before = try await made.containers()
                #expect(Set(before.keys) == [prefix + "-db-1", prefix + "-web-1", prefix + "_job_1"])
                try await host.push("Describe the project")
                let proxy = try #require(host.proxy)
                let adoption = try await host.fatesync("adopt", "-o", "json").expect(0).decode(
                    PlanSummary.Adoption.self)
                #expect(adoption.refused.isEmpty)
                #expect(adoption.plan.adopted.map(\.standsFor).prefix(3) == ["db", "job", "web"])
                #expect(adoption.plan.steps.map(\.action) == Array(repeating: "container.rename", count: 3))
                #expect(proxy.requests().filter(\.isMutation) == [])
                try await host.fatesync("sync").expect(0)
                let after = try await made.containers()
                #expect(Set(after.keys) == state.names(1))
                #expect(after[prefix + "_web"] == before[prefix + "-web-1"])
                #expect(after[prefix + "_db"] == before[prefix + "-db-1"])
                #expect(after[prefix + "_job"] == before[prefix + "_job_1"])
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        @Test func `with adopt in party.yaml a watcher adopts by itself, unless it is ambiguous`()
            async throws
        {
            try await withSmallState { host, state, made in
                let twin = state.prefix(1) + "_job_1"
                try await made.type(state, 1)
                try await host.engine.docker(
                    "run", "-d", "--name", twin, "--network", "none", "federatedai/client:1.5.1-release",
                    "sleep", "100000")
                let before = try await made.containers()
                try await host.push("Describe what runs")
                let first = try await host.fatesync("sync").expect(6)
                #expect(first.output.contains("`fatesync adopt`"))

                try host.append("adopt: true\n", to: state.path(1))
                try await host.push("Adopt it")
                let second = try await host.fatesync("sync").expect(6)
                #expect(second.output.contains("2 containers look like service job"))
                let untouched = try await made.containers()
                #expect(untouched == before)

                try await host.engine.docker("rm", "-f", twin)
                let watcher = try await host.watch()
                let refused = try await host.fatesync("adopt").expect(7)
                #expect(refused.errors.contains("adopt: true"))
                let status = try await host.status()
                #expect(status?.result == "in sync")
                let records = try host.journal().filter { $0.kind == "object.adopted" }
                #expect(Set(records.compactMap(\.obj?.name)).isSuperset(of: state.names(1)))
                let after = try await made.containers()
                #expect(after == before.filter { $0.key != twin })
                watcher.signal(SIGTERM)
                let end = await watcher.wait()
                #expect(end.status == 0)
                let proxy = try #require(host.proxy)
                #expect(proxy.requests().filter(\.isMutation) == [])
            }
        }

        /// Two services by Compose itself, the third as its version 1 would have named it, without labels.
        private func composeUp(_ host: Host, _ state: SmallState, _ made: HandMade) async throws {
            let prefix = state.prefix(1)
            try await made.writeFiles(of: 1, to: "\(host.dataDirectory)/\(prefix)/confs")
            let file = host.folder + "/compose.yaml"
            let lines = SmallState.compose.split(separator: "\n", omittingEmptySubsequences: false)
            try lines.filter { !$0.contains("container_name") }.joined(separator: "\n")
                .write(toFile: file, atomically: true, encoding: .utf8)
            try await Program.output(
                of: [
                    Program.support("compose"), "--env-file", host.folder + "/rendered/.env", "-f", file,
                    "up",
                    "-d", "--pull", "never", "web",
                ], environment: ["DOCKER_HOST": host.engine.endpoint])
            try await host.engine.docker(
                "run", "-d", "--name", prefix + "_job_1", "--network", prefix + "_net", "--network-alias",
                "job",
                "--stop-signal", "SIGKILL", "--restart", "always", "federatedai/client:1.5.1-release", "sh",
                "-c",
                "sleep 100000")
        }

        private func withSmallState(
            engine: Engine.Version = .oldest, _ body: (Host, SmallState, HandMade) async throws -> Void
        ) async throws {
            try await Host.use(engine: engine, isRecorded: true) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await HandMade.use(state.prefix(1), on: host) { try await body(host, state, $0) }
            }
        }
    }
}
