import Foundation
import Testing

extension Acceptance {
    /// Images that cannot be pulled: a bad commit is one thing, a registry in trouble another.
    @Suite struct ImageTests {
        private struct Report: Decodable {
            var result: String
            var reason: String?
            var rolledBack: [String]
        }

        /// The engines say the same; the other test ends with the older one's refusal.
        @Test func `an image that does not exist condemns the commit, a registry in trouble does not`()
            async throws
        {
            try await Host.use(engine: .newer, isRecorded: true) { host in
                let state = SmallState(host: host)
                let image = "127.0.0.1:\(Registry.port(host))/missing:1"
                try state.write(parties: [1, 2])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                for party in [1, 2] { try state.override(party, "web", "image: \(image)") }
                let commit = try await host.push("An image that does not exist")

                try await expectRetried(host, "connection refused")
                let registry = try await Registry(host)
                defer { registry.stop() }
                try registry.answer(503)
                try await expectRetried(host, "503")
                #expect(try await host.containers() == before)

                try registry.answer(403)
                let report = try await host.fatesync("sync", "-o", "json").expect(1).decode(Report.self)
                #expect(report.result == "rolled back" && report.rolledBack == ["1", "2"])
                #expect(report.reason?.contains("access denied") == true, "\(report)")
                #expect(try await host.containers() == before)
                let done = try #require(try host.journal().last { $0.kind == "plan.done" })
                #expect(done.out == "rolled-back" && done.src?.commit == commit)

                let count = try #require(host.proxy).requests().count
                try await host.fatesync("sync").expect(6)
                #expect(host.proxy?.requests(after: count).filter(\.isMutation) == [])
                let status = try await host.fatesync("status").expect(6)
                #expect(
                    status.output.contains("rolled back") && status.output.contains("denied"), "\(status)")

                for party in [1, 2] {
                    try host.replace(
                        "image: \(image)", with: "environment: {GOOD: \"1\"}", in: state.path(party))
                }
                try await host.push("A better commit")
                try await host.fatesync("sync").expect(0)
                let after = try await host.containers()
                let changed = before.filter { after[$0.key] != $0.value }.keys
                #expect(Set(changed) == [state.prefix(1) + "_web", state.prefix(2) + "_web"])
                try await host.fatesync("audit", "verify").expect(0)
            }
        }

        /// The pull is tried, changes nothing, and says why it failed.
        private func expectRetried(_ host: Host, _ reason: String) async throws {
            let proxy = try #require(host.proxy)
            let count = proxy.requests().count
            let report = try await host.fatesync("sync", "-o", "json").expect(1).decode(Report.self)
            #expect(report.result == "failed" && report.rolledBack == [], "\(report)")
            #expect(report.reason?.contains(reason) == true, "\(report)")
            #expect(proxy.pulls(after: count) == 1)
            #expect(proxy.requests(after: count).filter(\.isMutation).count == 1)
        }

        @Test func `a watcher asks a registry in trouble less and less often, and goes on with all else`()
            async throws
        {
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                let proxy = try #require(host.proxy)
                try state.write(parties: [1])
                try await host.push()
                let watcher = try await host.watch("--interval", "1s")
                try state.override(1, "web", "image: 127.0.0.1:\(Registry.port(host))/missing:1")
                try await host.push("An image of a registry that is closed")
                let isHeld = try await eventually(within: .seconds(20)) {
                    try await host.status()?.result == "held"
                }
                #expect(isHeld)
                let pass = try #require(try await host.status()).pass
                let job = state.prefix(1) + "_job"
                try await host.engine.docker("stop", job)
                let isRepaired = try await eventually(within: .seconds(20)) {
                    try await host.containers()[job]?.status == "running"
                }
                #expect(isRepaired)
                let hasGoneOn = try await eventually(within: .seconds(20)) {
                    try await host.status().map { $0.pass >= pass + 3 } ?? false
                }
                #expect(hasGoneOn)
                #expect(proxy.pulls() == 1)
                let text = try await host.fatesync("status").expect(6).output
                #expect(
                    text.contains("could not be pulled") && text.contains("connection refused"), "\(text)")

                watcher.signal(SIGHUP)
                let isTried = await eventually(within: .seconds(20)) { proxy.pulls() == 2 }
                #expect(isTried)

                // The commit was not reached by waiting, so it is still new when the registry does answer.
                let registry = try await Registry(host)
                defer { registry.stop() }
                watcher.signal(SIGHUP)
                let isCondemned = try await eventually(within: .seconds(20)) {
                    try await host.fatesync("status").output.contains("rolled back")
                }
                #expect(isCondemned)
            }
        }
    }
}

extension RecordingProxy {
    fileprivate func pulls(after count: Int = 0) -> Int {
        requests(after: count).filter { $0.path.contains("/images/create") }.count
    }
}

/// A registry in the network namespace of the host's engine, which trusts every registry of its own machine.
private struct Registry {
    private let child: Child
    private let file: String

    static func port(_ host: Host) -> Int { 25000 + host.number }

    init(_ host: Host) async throws {
        file = host.folder + "/registry"
        try "404".write(toFile: file, atomically: true, encoding: .utf8)
        let child = host.keep(
            try Child([
                "nsenter", "--net=/run/netns/fs-\(host.engine.name)", Program.support("registry"),
                "\(Self.port(host))", file,
            ]))
        self.child = child
        guard await eventually(within: .seconds(10), { child.output.contains("ready") }) else {
            throw Failure("the registry does not start: \(child.errors)")
        }
    }

    func answer(_ status: Int) throws {
        try "\(status)".write(toFile: file, atomically: true, encoding: .utf8)
    }

    func stop() { child.signal(SIGTERM) }
}
