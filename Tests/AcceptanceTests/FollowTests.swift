import Foundation
import Testing

extension Acceptance {
    /// `fatesync sync` beside a running watcher, and `sync --wait`.
    @Suite struct FollowTests {
        @Test func `a followed sync shows, ends and is recorded like one of its own`() async throws {
            try await withWatchedHost { host, state, watcher in
                try state.override(1, "job", "environment: {NEW: value}")
                let commit = try await host.push()
                let sync = try await host.fatesync("sync").expect(0)
                #expect(sync.errors.contains("watcher \(watcher.pid) is asked to sync"))
                #expect(sync.errors.contains(" container.create \(state.prefix(1))_job ok "), "\(sync)")
                #expect(sync.output.contains("± \(state.prefix(1))_job  recreate"), "\(sync)")
                #expect(sync.output.contains("applied main@\(commit.prefix(12)) in "), "\(sync)")
                let document = try await host.fatesync("sync", "-o", "json").expect(0)
                #expect(try document.decode(Pass.self).result == "in sync")
                let record = try #require(try host.journal().last { $0.act == "sync" })
                #expect(record.kind == "manual" && record.data?.user == NSUserName())

                try host.append("surplus: 1\n", to: state.path(1))
                try await host.push()
                let invalid = try await host.fatesync("sync").expect(3)
                #expect(invalid.errors.contains("\(state.path(1)):"), "\(invalid)")
            }
        }

        @Test func `Ctrl-C ends the following and not the sync`() async throws {
            try await withWatchedHost { host, state, watcher in
                watcher.signal(SIGSTOP)
                try state.override(1, "job", "environment: {NEW: value}")
                let commit = try await host.push()
                let follower = try host.start("sync")
                // The kernel takes the request, whether or not the watcher runs.
                let isWaiting = try await eventually(within: .seconds(10)) {
                    try await Program.output(of: ["ls", "-l", "/proc/\(follower.pid)/fd"]).contains("socket:")
                }
                #expect(isWaiting)
                try await Task.sleep(for: .milliseconds(200))
                follower.signal(SIGINT)
                let exit = await follower.wait()
                #expect(exit.status == 130, "\(exit)")
                #expect(exit.errors.contains("the watcher goes on"), "\(exit)")
                watcher.signal(SIGCONT)
                // It was asked before the following ended.
                let isApplied = try await eventually(within: .seconds(30)) {
                    try await host.status()?.wanted?.commit == commit
                }
                #expect(isApplied, "\(watcher.errors)")
            }
        }

        @Test func `sync --wait says when this host has come to a commit, or why not`() async throws {
            try await withWatchedHost { host, state, _ in
                let first = try await host.git("rev-parse", "HEAD")
                try await host.fatesync("sync", "--wait", first, "--timeout", "60s").expect(0)
                let unknown = String(repeating: "ab", count: 20)
                let missing = try await host.fatesync("sync", "--wait", unknown, "--timeout", "1s").expect(1)
                #expect(missing.errors.contains("has not come to \(unknown) within 1 s"), "\(missing)")

                // Asked before the commit is there: the push that brings it ends the wait.
                try state.override(1, "job", "environment: {NEW: value}")
                try await host.git("commit", "-q", "-a", "-m", "later")
                let later = try await host.git("rev-parse", "HEAD")
                let waiting = try host.start("sync", "--wait", String(later.prefix(12)))
                _ = await eventually(within: .seconds(20)) { waiting.errors.contains("is asked to sync") }
                try await host.git("push", "-q", "origin", "HEAD:main")
                try await host.fatesync("sync").expect(0)
                let exit = try await waiting.wait().expect(0)
                #expect(exit.output.contains("main@\(later.prefix(12))"), "\(exit)")
                // A later commit contains an earlier one.
                try await host.fatesync("sync", "--wait", first, "--timeout", "60s").expect(0)

                try host.replace(
                    "{NEW: value}", with: "{NEW: value}\n      \(Self.sick)",
                    in: state.path(1))
                let bad = try await host.push()
                let failed = try await host.fatesync("sync", "--wait", bad, "--timeout", "60s").expect(1)
                #expect(failed.output.contains("rolled back main@\(bad.prefix(12))"), "\(failed)")
            }
        }

        @Test func `sync --wait makes passes of its own where no watcher runs`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                let commit = try await host.push()
                try await host.fatesync("sync", "--wait", commit, "--timeout", "60s").expect(0)
                let containers = try await host.containers()
                #expect(Set(containers.keys) == state.names(1))
                let unknown = String(repeating: "ab", count: 20)
                let missing = try await host.fatesync("sync", "--wait", unknown, "--timeout", "1s").expect(1)
                #expect(missing.errors.contains("main is at \(commit.prefix(12))"), "\(missing)")
                for words in [
                    ["--wait", "main"], ["--timeout", "1s"], ["--wait", commit, "--timeout", "soon"],
                ] {
                    try await Program.run([Program.fatesync, "sync"] + words).expect(64)
                }
            }
        }

        private static let sick = "healthcheck: {test: [CMD, busybox, \"false\"], interval: 1s, retries: 1}"

        private struct Pass: Decodable { var result: String }

        /// A host with one party, and its watcher.
        private func withWatchedHost(
            _ body: (Host, SmallState, Child) async throws -> Void
        ) async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                let watcher = try await host.watch("--interval", "1h")
                try await body(host, state, watcher)
            }
        }
    }
}
