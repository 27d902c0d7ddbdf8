import Foundation
import Testing

extension Acceptance {
    /// `pin`, `rollback` and `accept-history`: which revision a host runs when a person says so.
    @Suite struct PinTests {
        @Test func `rollback goes back step by step, and no new commit ends it`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let web = state.prefix(1) + "_web"
                try state.write(parties: [1])
                try state.override(1, "web", "environment: {ROUND: \"0\"}")
                var commits = [try await host.push("Round 0")]
                try await host.fatesync("sync").expect(0)
                for round in 1...2 {
                    commits.append(try await change(host, state, to: round))
                    try await host.fatesync("sync").expect(0)
                }
                // One that fails was never reached, so it is not what to go back from.
                try host.replace(
                    "\"2\"}", with: "\"3\"}\n      command: [no-such-program]", in: state.path(1))
                commits.append(try await host.push("Round 3 fails"))
                try await host.fatesync("sync").expect(1)

                for round in [2, 1] {
                    let given = try await host.fatesync("rollback", "--reason", "round \(round)").expect(0)
                    #expect(given.output.contains(commits[round].prefix(12)), "\(given)")
                    try await host.fatesync("sync").expect(6)
                    try await expectRound(host, web, round)
                }
                try host.replace(
                    "\"3\"}\n      command: [no-such-program]", with: "\"4\"}", in: state.path(1))
                commits.append(try await host.push("Round 4"))
                try await host.engine.docker("rm", "-f", web)
                let sync = try await host.fatesync("sync").expect(6)
                #expect(sync.output.contains("main is at \(commits[4].prefix(12))"), "\(sync)")
                try await expectRound(host, web, 1)
                let status = try #require(try await host.status())
                #expect(status.wanted?.commit == commits[4])
                #expect(status.pinned?.map(\.reason) == ["round 1"])
                #expect(status.parties.map(\.applied) == [commits[1]])
                let acts = try host.journal().filter { $0.act == "rollback" }
                #expect(acts.map(\.src?.commit) == [commits[2], commits[1]])
                #expect(acts.allSatisfy { $0.data?.user != nil && $0.cause?.pid != nil })

                try await host.fatesync("unpin").expect(0)
                try await host.fatesync("sync").expect(0)
                try await expectRound(host, web, 4)
                #expect(try await host.status()?.pinned == nil)
            }
        }

        @Test func `a pinned party stays and a watcher obeys at once`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1, 2])
                for party in [1, 2] { try state.override(party, "web", "environment: {ROUND: \"0\"}") }
                let first = try await host.push()
                try await host.fatesync("sync").expect(0)
                for party in [1, 2] { try host.replace("\"0\"}", with: "\"1\"}", in: state.path(party)) }
                try await host.push()
                try await host.fatesync("sync").expect(0)

                try await host.fatesync("pin", String(first.prefix(6))).expect(1)
                try await host.fatesync("pin", first, "3").expect(1)
                let foreign = try await host.git("commit-tree", "HEAD^{tree}", "-m", "never pushed")
                #expect(try await host.fatesync("pin", foreign).expect(1).errors.contains(foreign))

                let watcher = try await host.watch("--interval", "1h")
                try await host.fatesync("pin", String(first.prefix(7)), "1", "--reason", "a test").expect(0)
                try await expectSoon(host, state, [0, 1])
                let isDone = try await eventually(within: .seconds(20)) {
                    try await Set(host.containers().keys) == state.names(1, 2)
                }
                #expect(isDone)
                watcher.signal(SIGKILL)
                _ = await watcher.wait()
                try host.delete("parties/1")
                try await host.push("Without the pinned party")
                let next = try await host.watch("--interval", "1h")
                let kept = try await host.containers()
                #expect(Set(kept.keys) == state.names(1, 2))
                try await host.revert()
                // Without it, the watcher would go by the last commit that it knows, which removes the party.
                try await host.fatesync("sync").expect(6)
                try await host.fatesync("unpin", "1").expect(0)
                try await expectSoon(host, state, [1, 1])
                next.signal(SIGTERM)
                try await next.wait().expect(0)
            }
        }

        @Test func `a rewritten branch is followed once, to the tip that a person has accepted`() async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let web = state.prefix(1) + "_web"
                try state.write(parties: [1])
                try state.override(1, "web", "environment: {ROUND: \"0\"}")
                try await host.push()
                let first = try await change(host, state, to: 1)
                try await host.fatesync("sync").expect(0)
                #expect(
                    try await host.fatesync("accept-history", first).expect(1).errors.contains(
                        "nothing to accept"))
                for round in 2...3 {
                    let tip = try await rewrite(host, state, to: round)
                    let refused = try await host.fatesync("sync").expect(5)
                    #expect(refused.output.contains("fatesync accept-history \(tip)"), "\(refused)")
                    try await expectRound(host, web, round - 1)
                    try await host.fatesync("accept-history", first).expect(1)
                    try await host.fatesync("accept-history", tip, "--reason", "round \(round)").expect(0)
                    try await host.fatesync("sync").expect(0)
                    try await expectRound(host, web, round)
                }
                // What grows from there is followed as ever.
                try await change(host, state, to: 4)
                try await host.fatesync("sync").expect(0)
                try await expectRound(host, web, 4)
                let acts = try host.journal().filter { $0.act == "accept-history" }
                #expect(acts.map(\.data?.why) == ["round 2", "round 3"])
            }
        }

        @discardableResult
        private func change(_ host: Host, _ state: SmallState, to round: Int) async throws -> String {
            try host.replace("\"\(round - 1)\"}", with: "\"\(round)\"}", in: state.path(1))
            return try await host.push("Round \(round)")
        }

        /// Replaces the last commit.
        private func rewrite(_ host: Host, _ state: SmallState, to round: Int) async throws -> String {
            try host.replace("\"\(round - 1)\"}", with: "\"\(round)\"}", in: state.path(1))
            try await host.git("commit", "-q", "-a", "--amend", "-m", "Round \(round), rewritten")
            try await host.git("push", "-q", "--force", "origin", "HEAD:main")
            return try await host.git("rev-parse", "HEAD")
        }

        private func expectRound(
            _ host: Host, _ container: String, _ round: Int, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let variables = try await host.engine.field(container, "{{.Config.Env}}")
            #expect(variables.contains("ROUND=\(round)"), sourceLocation: sourceLocation)
        }

        private func expectSoon(_ host: Host, _ state: SmallState, _ rounds: [Int]) async throws {
            for (party, round) in zip([1, 2], rounds) {
                let isThere = await eventually(within: .seconds(20)) {
                    // Between the two containers of a recreate there is none of the name.
                    let variables = try? await host.engine.field(
                        state.prefix(party) + "_web", "{{.Config.Env}}")
                    return variables?.contains("ROUND=\(round)") == true
                }
                #expect(isThere, "party \(party) is not at round \(round)")
            }
        }
    }
}
