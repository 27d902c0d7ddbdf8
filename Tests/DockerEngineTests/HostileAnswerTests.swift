import DesiredState
import DockerEngine
import Planning
import Testing

@Suite struct HostileAnswerTests {
    static let id = String(repeating: "ab", count: 32)
    static let scope = ObservationScope(host: "h", containerNames: ["c"], imageReferences: [])

    /// What a read and a mutating call make of the same bad answer.
    private func errors(_ answer: StubServer.Answer, deadline: Duration = .seconds(60)) throws
        -> [DockerError]
    {
        let server = try StubServer { _, _ in answer }
        defer { server.stop() }
        let client = try server.client(deadline: deadline)
        return [
            try client.failure(of: .inspectContainer(id: Self.id)),
            try client.failure(of: .updateContainer(id: Self.id, ResourceUpdate(pidsLimit: 1))),
        ]
    }

    @Test func garbageIsUndecodable() throws {
        let errors = try errors(.close("SSH-2.0-OpenSSH_9.2\r\n\r\n"))
        #expect(errors.map(\.code) == [.undecodable, .undecodable])
        #expect(errors.map(\.outcomeIsUnknown) == [false, true])
    }

    @Test(arguments: [http(200, "{\"Id\":"), "HTTP/1.1 200 OK\r\nContent-Le"])
    func brokenJSONIsUndecodable(_ text: String) throws {
        #expect(try errors(.close(text)).map(\.code) == [.undecodable, .undecodable])
    }

    @Test func aFieldOfTheWrongTypeIsNamed() throws {
        let error = try #require(try errors(.keep(http(200, #"{"Id":"x","Warnings":7}"#))).last)
        #expect(error.reason.contains("Warnings"))
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"Id\"",
    ])
    func anAnswerThatIsCutShortIsNoAnswer(_ text: String) throws {
        let errors = try errors(.close(text))
        #expect(errors.map(\.code) == [.unreachable, .unreachable])
        #expect(errors.map(\.outcomeIsUnknown) == [false, true])
    }

    @Test func anEndlessAnswerIsRefused() throws {
        let block = String(repeating: " ", count: 1 << 20)
        let errors = try errors(.flood("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", with: block))
        #expect(errors.map(\.code) == [.undecodable, .undecodable])
        #expect(errors.allSatisfy { $0.reason.contains("larger than 33554432 bytes") })
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"])
    func aSilentEngineRunsIntoTheDeadline(_ text: String) throws {
        let errors = try errors(.hang(text), deadline: .milliseconds(100))
        #expect(errors.map(\.code) == [.timeout, .timeout])
        #expect(errors.map(\.outcomeIsUnknown) == [false, true])
    }

    @Test func aRefusalInHTMLKeepsItsStatusAndWords() throws {
        let html = "<html><h1>500 Internal\n\n Error</h1></html>"
        let errors = try errors(.keep(http(500, html, type: "text/html")))
        #expect(errors.map(\.status) == [500, 500])
        #expect(errors[0].reason == "status 500: <html><h1>500 Internal Error</h1></html>")
    }

    @Test func aVeryLongRefusalIsShortened() throws {
        let message = String(repeating: "x", count: 100_000)
        let errors = try errors(.keep(http(409, #"{"message":"\#(message)"}"#)))
        #expect(errors.map(\.status) == [409, 409])
        #expect(errors.allSatisfy { $0.reason.utf8.count < 2100 })
    }

    @Test func aChunkedAnswerIsRead() throws {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        let server = try StubServer { _, _ in .keep(chunked) }
        defer { server.stop() }
        let update = ResourceUpdate(pidsLimit: 1)
        #expect(
            try server.client().perform(.updateContainer(id: Self.id, update)) == .done(warnings: []))
    }

    @Test func aSnapshotFailsWhenAnyPartCannotBeRead() throws {
        let parts = [
            "/containers/json?all=1": "[]", "/networks": "[]",
            "/volumes": #"{"Volumes":null,"Warnings":null}"#,
        ]
        #expect(try observe(parts).containers.isEmpty)
        for broken in parts.keys {
            var parts = parts
            parts[broken] = nil
            #expect(throws: DockerError.self) { try self.observe(parts) }
        }
        let warned = parts.merging(["/volumes": #"{"Volumes":[],"Warnings":["plugin is down"]}"#]) { $1 }
        let error = try #require(throws: DockerError.self) { try self.observe(warned) }
        #expect(error.reason.contains("plugin is down"))
    }

    @Test func anUnknownStatusNamesTheFieldAndTheContainer() throws {
        let summary = #"[{"Id":"\#(Self.id)","Names":["/x/alias","/c"],"Labels":null}]"#
        let container = #"{"Id":"x","Name":"/c","Image":"i","State":{"Status":"dancing"}}"#
        let parts = [
            "/containers/json?all=1": summary, "/networks": "[]", "/volumes": "{}",
            "/containers/\(Self.id)/json": container,
        ]
        let error = try #require(throws: DockerError.self) { try self.observe(parts) }
        #expect(error.code == .undecodable)
        #expect(error.description.contains("inspect container abababababab: field State.Status"))
    }

    @Test func aContainerThatVanishedMeanwhileIsLeftOut() throws {
        let parts = [
            "/containers/json?all=1": #"[{"Id":"\#(Self.id)","Names":["/c"]}]"#, "/networks": "[]",
            "/volumes": "{}",
        ]
        let server = try stub(parts, otherwise: http(404, #"{"message":"No such container"}"#))
        defer { server.stop() }
        #expect(try server.client().observe(Self.scope).containers.isEmpty)
        #expect(server.requests.contains("GET /v1.41/containers/\(Self.id)/json"))
    }

    private func observe(_ parts: [String: String]) throws -> ObservedEngine {
        let server = try stub(parts, otherwise: http(500, #"{"message":"broken"}"#))
        defer { server.stop() }
        return try server.client().observe(Self.scope)
    }

    private func stub(_ parts: [String: String], otherwise: String) throws -> StubServer {
        try StubServer { request, _ in
            if request == "GET /_ping" { return .keep(StubServer.ping) }
            let part = parts.first { request == "GET /v1.41\($0.key)" }
            return .keep(part.map { http(200, $0.value) } ?? otherwise)
        }
    }
}
