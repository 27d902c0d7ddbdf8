import Foundation
import Testing

extension Acceptance {
    /// A container that an engine which died in the middle of a start has made useless: no start of it succeeds
    /// any more, and nothing is wrong with the commit.
    @Suite struct UnstartableTests {
        @Test func `a container that no start brings back is made anew, in the same sync`() async throws {
            try await Host.use(engine: .newer) { host in
                let state = SmallState(host: host)
                let job = state.prefix(1) + "_job"
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                try await host.engine.docker("stop", job)
                // What is left of a start that was cut short, as containerd keeps it.
                let remains =
                    host.engine.folder + "/containerd/state/io.containerd.runtime.v2.task/moby/"
                    + (before[job]?.id ?? "")
                try FileManager.default.createDirectory(atPath: remains, withIntermediateDirectories: false)
                defer { rmdir(remains) }
                let start = try await Program.run(["docker", "-H", host.engine.endpoint, "start", job])
                #expect(start.status != 0 && start.errors.contains("file exists"), "\(start)")

                let sync = try await host.fatesync("sync").expect(0)
                #expect("\(sync)".contains("file exists"), "\(sync)")
                let after = try await host.containers()
                #expect(after[job]?.id != before[job]?.id)
                #expect(after[job]?.status == "running")
                #expect(after.filter { $0.key != job } == before.filter { $0.key != job })
                try await host.fatesync("plan", "--exit-code").expect(0)
                try await host.fatesync("audit", "verify").expect(0)
            }
        }
    }
}
