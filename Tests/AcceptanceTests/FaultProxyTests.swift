import DockerEngine
import Foundation
import Testing

extension Acceptance {
    /// The proxy that makes requests go wrong does what its kinds say; the sweep rests on that.
    @Suite struct FaultProxyTests {
        /// What a client saw of one request.
        struct Sight: Equatable {
            /// 0 when it went well.
            var code: Int32
            var status: String
            var body: String
        }

        @Test func `a request without a fault passes as it is`() async throws {
            try await withProxy { proxy, engine in
                let direct = try await ask(engine.endpoint, "GET", "/_ping")
                #expect(direct == Sight(code: 0, status: "200", body: "OK"))
                #expect(try await ask(proxy.endpoint, "GET", "/_ping") == direct)
                let all = proxy.requests()
                #expect(all.map(\.path) == ["/_ping"])
                #expect(all.map(\.method) == ["GET"])
                #expect(proxy.replies == 1)
                #expect(proxy.faults == [])
            }
        }

        @Test(arguments: ["status-500", "reset-before", "reset-after", "cut", "garbage", "nonsense", "delay"])
        func `the n-th request that counts goes wrong in the way that is armed, once`(
            kind: String
        ) async throws {
            try await withProxy { proxy, engine in
                let name = "proxy-\(kind)"
                let create = "/volumes/create"
                let body = #"{"Name":"\#(name)","Labels":{}}"#
                try proxy.arm(kind, at: 2, scope: "mutating")
                #expect(try await ask(proxy.endpoint, "GET", "/version").code == 0)
                let first = try await ask(proxy.endpoint, "POST", create, #"{"Name":"\#(name)-1"}"#)
                #expect(first.status == "201")
                #expect(proxy.faults == [])
                let started = ContinuousClock.now
                let hit = try await ask(proxy.endpoint, "POST", create, body)
                let duration = started.duration(to: .now)
                #expect(proxy.faults == [kind])
                let volumes = try await engine.docker("volume", "ls", "-q").split(separator: "\n")
                let isDone = volumes.contains(Substring(name))
                switch kind {
                case "status-500":
                    #expect(hit.status == "500")
                    #expect(!isDone)
                case "reset-before":
                    #expect(hit.code != 0 && hit.status == "000")
                    #expect(!isDone)
                case "reset-after", "garbage":
                    #expect(hit.code != 0 && hit.status != "201")
                    #expect(isDone)
                case "cut":
                    #expect(hit.code != 0 && hit.status == "201")
                    #expect(isDone)
                case "nonsense":
                    #expect(hit == Sight(code: 0, status: "201", body: "}nonsense"))
                    #expect(isDone)
                default:
                    #expect(hit.code == 0 && hit.status == "201")
                    #expect(isDone && duration >= .milliseconds(300))
                }
                let next = try await ask(proxy.endpoint, "POST", create, body)
                #expect(next.status == "201")
                #expect(proxy.faults == [kind])
                try await engine.docker("volume", "rm", name, name + "-1")
            }
        }

        @Test(arguments: ["kill-before", "kill-after", "kill-reply"])
        func `a kill ends the client, and the engine has done what the kind says`(kind: String) async throws {
            try await withProxy { proxy, engine in
                try proxy.arm(kind, scope: "POST./volumes/create")
                let body = #"{"Name":"proxy-\#(kind)"}"#
                // It reads the answer and goes on, so that it is there when the kill comes.
                let client = try Child([
                    "python3", "-c",
                    """
                    import socket, sys, time
                    s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); body = sys.argv[2]
                    s.sendall(f"POST /volumes/create HTTP/1.1\\r\\nHost: d\\r\\nContent-Type: application/json\\r\\n"
                              f"Content-Length: {len(body)}\\r\\n\\r\\n{body}".encode())
                    print(s.recv(65536).decode(), flush=True)
                    time.sleep(60)
                    """, String(proxy.endpoint.dropFirst("unix://".count)), body,
                ])
                let exit = await client.wait()
                #expect(exit.status == 128 + SIGKILL)
                #expect(exit.output.contains("201 Created") == false || kind == "kill-reply")
                #expect(proxy.faults == [kind])
                let volumes = try await engine.docker("volume", "ls", "-q").split(separator: "\n")
                #expect(volumes.contains(Substring("proxy-\(kind)")) == (kind != "kill-before"))
                try await engine.docker("volume", "rm", "-f", "proxy-\(kind)")
            }
        }

        /// A server of its own, because the engine is everybody's.
        @Test func `the process that listens at the engine's socket can be killed too`() async throws {
            let folder = try TemporaryFolder()
            let server = try Child([
                "python3", "-c",
                """
                import socket, sys, time
                s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()
                print("ready", flush=True)
                c, _ = s.accept()
                print(c.recv(65536).decode(), flush=True)
                time.sleep(60)
                """, folder.path + "/engine.sock",
            ])
            #expect(await eventually(within: .seconds(10)) { server.output.contains("ready") })
            let proxy = try await RecordingProxy(socket: folder.path + "/engine.sock", in: folder.path)
            try proxy.arm("kill-engine", seconds: 0.2)
            let sight = try await ask(proxy.endpoint, "POST", "/volumes/create", "{}")
            #expect(sight.code != 0)
            let exit = await server.wait()
            #expect(exit.status == 128 + SIGKILL)
            #expect(exit.output.contains("POST /volumes/create"))
            await proxy.stop()
        }

        private func withProxy(_ body: (RecordingProxy, Engine) async throws -> Void) async throws {
            let folder = try TemporaryFolder()
            let engine = try await Engine.shared(.oldest)
            let proxy = try await RecordingProxy(of: engine, in: folder.path)
            try await body(proxy, engine)
            await proxy.stop()
        }

        private func ask(
            _ endpoint: String, _ method: String, _ path: String, _ body: String? = nil
        ) async throws -> Sight {
            var words = [
                "curl", "-sS", "-X", method, "--unix-socket", String(endpoint.dropFirst("unix://".count)),
                "-w", "\n%{http_code}", "-H", "Content-Type: application/json", "http://docker" + path,
            ]
            if let body { words += ["-d", body] }
            let exit = try await Program.run(words)
            let parts = exit.output.split(separator: "\n", omittingEmptySubsequences: false)
            return Sight(
                code: exit.status, status: parts.last.map(String.init) ?? "",
                body: parts.dropLast().joined(separator: "\n"))
        }
    }
}
