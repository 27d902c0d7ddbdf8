import Foundation
import Testing

extension Acceptance {
    /// `fatesync doctor`: each thing that can be broken is found by its check, with the line that mends it.
    @Suite struct DoctorTests {
        private struct Report: Decodable {
            struct Check: Decodable {
                var number: Int
                var name: String
                var result: String
                var found: String
                var mend: String?
            }

            var checks: [Check]
        }

        @Test func `a healthy host has nothing to mend`() async throws {
            try await withHost { host in
                try await host.fatesync("sync").expect(0)
                let before = try FileManager.default.subpathsOfDirectory(atPath: host.stateDirectory)
                let alone = try await report(host).expect(0).decode(Report.self).checks
                #expect(alone.map(\.number) == Array(1...10))
                #expect(alone.filter { $0.result != "ok" }.map(\.name) == ["watcher"])
                #expect(alone.last?.mend == "systemctl enable --now fatesync")
                #expect(try FileManager.default.subpathsOfDirectory(atPath: host.stateDirectory) == before)
                _ = try await host.watch("--interval", "1h")
                let text = try await host.fatesync("doctor").expect(0)
                #expect(!text.output.contains("mend:"), "\(text)")
                #expect(text.output.contains(" 8  ok       engine           Docker 20.10"), "\(text)")
                try await host.fatesync("suspend", "--reason", "a test").expect(0)
                try await expect(host, 10, "warning", "the host is suspended", mend: "fatesync resume", 0)
            }
        }

        @Test func `no socket, no rights, an old engine and a directory that cannot be written`() async throws
        {
            try await withHost { host in
                try host.configure(["docker": "unix://\(host.folder)/nothing.sock"])
                try await expect(host, 7, "failed", "does not exist", mend: "systemctl enable --now docker")

                // The tests' temporary folders may be root's alone, so the user gets a socket of his own to see.
                let folder = "/tmp/fatesync-doctor-\(host.number)"
                try await Program.output(of: ["install", "-d", "-m", "755", folder])
                defer { try? FileManager.default.removeItem(atPath: folder) }
                _ = host.keep(try Child(["python3", "-c", Self.oldEngine, folder + "/docker.sock"]))
                let isThere = await eventually(within: .seconds(20)) {
                    FileManager.default.fileExists(atPath: folder + "/docker.sock")
                }
                #expect(isThere)
                try host.configure(["docker": "unix://\(folder)/docker.sock"])
                try await expect(host, 8, "failed", "it speaks API 1.40", mend: "Docker 20.10 or newer")

                try await Program.output(of: ["chmod", "600", folder + "/docker.sock"])
                let program = folder + "/fatesync"
                try await Program.output(of: ["install", "-m", "755", Program.fatesync, program])
                let configuration = folder + "/fatesync.yaml"
                try await Program.output(of: ["install", "-m", "644", host.configuration, configuration])
                let nobody = try await Program.run([
                    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, "doctor", "-o",
                    "json",
                    "--config", configuration,
                ])
                let check = try #require(try nobody.expect(1).decode(Report.self).checks.dropFirst(6).first)
                #expect(
                    check.result == "failed" && check.found.contains("may not be used by nobody"), "\(nobody)"
                )
                #expect(check.mend?.hasPrefix("usermod -aG docker nobody") == true)

                try host.configure()
                let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\""
                try await host.fatesync("sync").expect(0)
                let readOnly = try await Program.run([
                    "unshare", "--mount", "sh", "-c", script, host.stateDirectory, Program.fatesync, "doctor",
                    "--config", host.configuration,
                ]).expect(1)
                #expect(readOnly.output.contains("cannot be written: Read-only file system"), "\(readOnly)")
                #expect(readOnly.output.contains("mend: mount -o remount,rw \(host.stateDirectory)"))
            }
        }

        @Test func `a wrong key, an unknown host and a missing credential`() async throws {
            try await withHost { host in
                for name in ["server", "user", "other"] {
                    try await Program.output(of: [
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(host.folder)/\(name)",
                    ])
                }
                // A pipe without an end: the server lives as long as its input.
                let server = host.keep(
                    try Child([
                        "sh", "-c", "mkfifo \"$0\" && exec \"$@\" <>\"$0\"", host.folder + "/lifeline",
                        Program.support("git-ssh-server"), "--host-key", host.folder + "/server",
                        "--authorized-keys", host.folder + "/user.pub",
                    ]))
                let isListening = await eventually(within: .seconds(20)) { server.output.contains("\n") }
                #expect(isListening)
                let port = server.output.trimmingCharacters(in: .newlines)
                let key = try String(contentsOfFile: host.folder + "/server.pub", encoding: .utf8)
                let known = host.folder + "/known_hosts"
                try "[127.0.0.1]:\(port) \(key)".write(toFile: known, atomically: true, encoding: .utf8)
                let other = host.folder + "/other.pub"
                func use(key: String, known: String) throws {
                    try host.configure([
                        "repository": "ssh://root@127.0.0.1:\(port)\(host.folder)/state.git",
                        "ssh-key-file": "\(host.folder)/\(key)", "known-hosts-file": known,
                    ])
                }
                try use(key: "user", known: known)
                try await report(host).expect(0)
                try use(key: "other", known: known)
                try await expect(
                    host, 5, "failed", "refused the key", mend: "ssh-keygen -y -f \(host.folder)/other")
                try use(key: "user", known: other)
                try await expect(
                    host, 5, "failed", "has no key for [127.0.0.1]:\(port)",
                    mend: "ssh-keyscan -p \(port) 127.0.0.1 >> \(other)")
                try use(key: "missing", known: known)
                try await expect(
                    host, 4, "failed", "No such file",
                    mend: "ssh-keygen -t ed25519 -N '' -f \(host.folder)/missing")

                try host.replace(
                    "SIZE: {", with: "PASSWORD: {type: secret}\n  SIZE: {",
                    in: "blueprints/small/blueprint.yaml")
                try await host.push("A secret")
                try host.configure()
                try await expect(
                    host, 6, "failed", "the secret PASSWORD has no value",
                    mend: "install -D -m 600 /dev/stdin /etc/fatesync/secrets/NAME")
            }
        }

        @Test func `a clock that is behind the newest commit, and a mistake in the configuration`()
            async throws
        {
            try await withHost { host in
                try await Program.output(
                    of: [
                        "git", "-C", host.clone, "-c", "user.name=Olga", "-c", "user.email=o@example.org",
                        "commit",
                        "-q", "--allow-empty", "-m", "From the future",
                    ], environment: ["GIT_COMMITTER_DATE": "2099-01-01T00:00:00Z"])
                try await host.git("push", "-q", "origin", "HEAD:main")
                try await expect(host, 9, "failed", "days behind", mend: "timedatectl set-ntp true")
                try host.configure(["intervall": "5s"])
                let checks = try await expect(
                    host, 1, "failed", "did you mean \"interval\"", mend: "edit \(host.configuration)")
                #expect(checks.dropFirst().allSatisfy { $0.result == "skipped" })
            }
        }

        private func withHost(_ body: (Host) async throws -> Void) async throws {
            try await Host.use { host in
                try SmallState(host: host).write(parties: [1])
                try await host.push()
                try await body(host)
            }
        }

        private func report(_ host: Host) async throws -> Exit {
            try await host.fatesync("doctor", "-o", "json")
        }

        /// The check with this number says it, and no earlier one fails.
        @discardableResult
        private func expect(
            _ host: Host, _ number: Int, _ result: String, _ found: String, mend: String, _ status: Int32 = 1,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> [Report.Check] {
            let exit = try await report(host).expect(status, sourceLocation: sourceLocation)
            let checks = try exit.decode(Report.self).checks
            let check = try #require(checks.first { $0.number == number }, sourceLocation: sourceLocation)
            #expect(check.result == result, "\(exit)", sourceLocation: sourceLocation)
            #expect(check.found.contains(found), "\(check.found)", sourceLocation: sourceLocation)
            #expect(check.mend?.contains(mend) == true, "\(check)", sourceLocation: sourceLocation)
            let failed = checks.filter { $0.result == "failed" && $0.number < number }
            #expect(failed.isEmpty, "\(exit)", sourceLocation: sourceLocation)
            return checks
        }

        /// Answers as Docker 19.03 does; no package of it can be had any more.
        private static let oldEngine = """
            import socket, sys
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[1])
            listener.listen()
            head = "HTTP/1.1 200 OK\\r\\nApi-Version: 1.40\\r\\nServer: Docker/19.03.15 (linux)\\r\\n"
            answer = (head + "Content-Length: 2\\r\\nConnection: close\\r\\n\\r\\nOK").encode()
            while True:
                connection, _ = listener.accept()
                with connection:
                    # Who only looks whether somebody answers asks nothing.
                    if connection.recv(65536):
                        connection.sendall(answer)
            """
    }
}
