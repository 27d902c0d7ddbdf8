import Foundation
import Testing

extension Acceptance {
    /// The Debian package and its units under a real systemd.
    @Suite struct ServiceTests {
        @Test func `the package is installed, fetches, watches, restarts, is upgraded, stops, is purged`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try state.override(1, "job", "environment: {ROUND: \"1\"}")
                try await host.push()
                try await Service.use(host) { service in
                    try await service.install(version: "0.1.0")
                    // Installed is not configured: enabled, and down until somebody says what to watch.
                    #expect(try await service.run("systemctl", "is-enabled", "fatesync") == "enabled")
                    #expect(try await service.property("ActiveState") == "inactive")
                    try await service.configure()

                    // Type=notify: systemctl returns when the watcher has said that it is ready.
                    try await service.systemctl("start", "fatesync")
                    try await service.awaitSync(with: try await host.git("rev-parse", "HEAD"))
                    let deployed = try await host.containers()
                    #expect(Set(deployed.keys) == state.names(1))
                    try await checkParts(service, of: host)

                    // A push, and a reload looks for it.
                    try host.replace("ROUND: \"1\"", with: "ROUND: \"2\"", in: state.path(1))
                    let commit = try await host.push()
                    try await service.systemctl("reload", "fatesync")
                    try await service.awaitSync(with: commit)
                    let job = state.prefix(1) + "_job"
                    let standing = try await host.containers()
                    #expect(standing[job]?.id != deployed[job]?.id)
                    #expect(standing.filter { $0.key != job } == deployed.filter { $0.key != job })
                    try await checkLog(service, commit)

                    try await checkRestarts(service, host, commit)
                    #expect(try await host.containers() == standing)

                    let old = try await service.property("MainPID")
                    try await service.install(version: "0.1.1")
                    try await service.awaitSync(with: commit)
                    #expect(try await service.property("MainPID") != old)
                    #expect(
                        try await service.run("dpkg-query", "-W", "-f", "${Version}", "fatesync") == "0.1.1")
                    #expect(try await host.containers() == standing)

                    try await checkStop(service, host, state)
                    try await checkRemoval(service, host)
                }
            }
        }

        /// Who did what: the fetch by its own user, the watcher without a network.
        private func checkParts(_ service: Service, of host: Host) async throws {
            let repository = "/var/lib/fatesync-fetch/repository.git"
            #expect(try await service.run("stat", "-c", "%U", repository) == "fatesync-fetch")
            let watcher = try await service.property("MainPID")
            let links = try await service.run("cat", "/proc/\(watcher)/net/dev").split(separator: "\n")
                .dropFirst(2)
            #expect(links.map { $0.split(separator: ":")[0].trimmingCharacters(in: .whitespaces) } == ["lo"])
            // A socket for this namespace, from a process that has a network of its own without anything in it.
            try await service.run("python3", "-c", Service.netnsClient, service.gitPort)
            for unit in ["fatesync.service", "fatesync-fetch@1.service", "fatesync-netns@1.service"] {
                // Its exit code says whether the exposure is above the threshold, in tenths.
                try await service.run("systemd-analyze", "security", "--no-pager", "--threshold=20", unit)
            }
        }

        /// The journal has its fields, and finds by commit what it led to.
        private func checkLog(_ service: Service, _ commit: String) async throws {
            let line = try await service.run(
                "journalctl", "-q", "-o", "json", "-n", "1", "FATESYNC_REVISION=\(commit)")
            let entry = try JSONDecoder().decode([String: JournalField].self, from: Data(line.utf8))
            #expect(entry["PRIORITY"]?.text == "5")
            #expect(entry["SYSLOG_IDENTIFIER"]?.text == "fatesync")
            #expect(entry["MESSAGE"]?.text?.contains(commit.prefix(12)) == true)
        }

        /// A watcher that is killed or hangs is replaced; one that works outlives what the watchdog waits.
        private func checkRestarts(_ service: Service, _ host: Host, _ commit: String) async throws {
            try await Task.sleep(for: .seconds(Service.watchdogSeconds + 1))
            #expect(try await service.property("NRestarts") == "0")
            for (count, signal) in [(1, "-KILL"), (2, "-STOP")] {
                let lost = try await service.property("MainPID")
                try await service.run("kill", signal, lost)
                let isReplaced = try await eventually(within: .seconds(30)) {
                    let states = try await service.run(
                        "systemctl", "show", "--value", "-p", "NRestarts", "-p", "ActiveState", "fatesync")
                    return Set(states.split(separator: "\n")) == ["\(count)", "active"]
                }
                #expect(isReplaced, "after kill \(signal)")
                try await service.awaitSync(with: commit)
                #expect(try await service.property("MainPID") != lost)
            }
        }

        /// A stop during a sync ends after the recreate that has begun, and the next start goes on.
        private func checkStop(_ service: Service, _ host: Host, _ state: SmallState) async throws {
            let (db, web) = (state.prefix(1) + "_db", state.prefix(1) + "_web")
            let slow = """
                    db:
                      command: [sh, "-c", "trap '' TERM; while true; do sleep 1; done"]
                      stop_signal: SIGTERM
                      stop_grace_period: 2s

                """
            try host.append(slow, to: state.path(1))
            try await service.follow(try await host.push())
            let before = try await host.containers()
            try host.append(
                "      environment: {NEW: value}\n    web:\n      environment: {NEW: value}\n",
                to: state.path(1))
            let commit = try await host.push()
            let stops = ["audit", "list", "--all", "--action", "container.stop", "-o", "json", "--last", "1"]
            let earlier = try await service.fatesync(stops)
            // Without --no-block it would return when the pass is over.
            try await service.systemctl("reload", "--no-block", "fatesync")
            let isStopping = try await eventually(within: .seconds(30)) {
                try await service.fatesync(stops) != earlier
            }
            #expect(isStopping)
            try await service.systemctl("stop", "fatesync")
            #expect(try await service.property("Result") == "success")
            let after = try await host.containers()
            #expect(after[db]?.id != before[db]?.id)
            #expect(after[db]?.status == "running")
            // Its turn comes after that of what it depends on.
            #expect(after[web] == before[web])
            #expect(Set(after.keys).isSuperset(of: before.keys))
            #expect(try await service.fatesync(["audit", "verify"]).contains("intact"))
            try await service.systemctl("start", "fatesync")
            try await service.awaitSync(with: commit)
            let converged = try await host.containers()
            #expect(converged[web]?.id != before[web]?.id)
            #expect(converged[db] == after[db])
        }

        /// A removal leaves the containers and all files, a purge the journal, unless asked.
        private func checkRemoval(_ service: Service, _ host: Host) async throws {
            let standing = try await host.containers()
            try await service.run("dpkg", "--no-triggers", "--purge", "fatesync")
            #expect(try await host.containers() == standing)
            let kept = try await service.run("find", "/var/lib/fatesync")
            #expect(kept.contains("/var/lib/fatesync/audit/audit.head"))
            let etc = try await service.run(
                "sh", "-c", "ls /etc/fatesync /etc/systemd/system/*.wants 2>&1 || true")
            #expect(!etc.contains("fatesync.yaml") && !etc.contains("fatesync.service"))
            try await service.install(version: "0.1.1")
            try await service.run(
                "env", "FATESYNC_PURGE_JOURNAL=1", "dpkg", "--no-triggers", "--purge", "fatesync")
            let left = try await service.run(
                "sh", "-c", "find /var/lib/fatesync* /etc/fatesync 2>&1 || true")
            #expect(left.split(separator: "\n").allSatisfy { $0.contains("No such file") }, "\(left)")
        }

        @Test func `lintian finds nothing in the package`() async throws {
            let folder = try TemporaryFolder()
            // Packed in a hurry: how small it is does not matter here.
            let output = try await Program.output(of: [
                Program.support("../../packaging/deb"), Program.fatesync, folder.path, "-z0",
            ])
            let package = try #require(output.split(separator: "\n").last.map(String.init))
            let findings = try await Program.output(of: [
                "lintian", "--allow-root", "--fail-on", "error,warning", package,
            ])
            #expect(findings.isEmpty, "\(findings)")
        }

        @Test func `the schemas describe the examples, and refuse what is no such file`() async throws {
            try await Program.output(of: [
                Program.support("check-schemas"), Program.fatesync,
                Program.support("../../packaging/fatesync.yaml"),
                Program.exampleState,
            ])
        }

        @Test func `no unit is exposed more than the manual says`() async throws {
            for (unit, threshold) in [
                ("fatesync.service", 19), ("fatesync-fetch@.service", 12), ("fatesync-netns@.service", 13),
            ] {
                try await Program.output(of: [
                    "systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=\(threshold)",
                    Program.support("../../systemd/\(unit)"),
                ])
            }
        }
    }
}

/// A field of the system's journal, which is text, or bytes when the text has control characters.
private struct JournalField: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
    }
}
