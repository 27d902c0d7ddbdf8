import DesiredState
import DockerEngine
import Foundation
import Planning
import Testing

@Suite struct ConnectionTests {
    static let id = String(repeating: "ab", count: 32)

    @Test(arguments: [("1.41", "1.41"), ("1.47", "1.47"), ("1.99", "1.51"), ("2.0", "1.51")])
    func theNewestVersionThatBothKnowIsAgreed(_ offered: String, _ agreed: String) throws {
        let server = try StubServer { _, _ in
            .keep(StubServer.ping.replacingOccurrences(of: "1.41", with: offered))
        }
        defer { server.stop() }
        #expect(
            try server.client().connect() == EngineIdentity(version: "20.10.24", apiVersion: agreed))
    }

    @Test(arguments: [("Api-Version: 1.41", "Api-Version: 1.38"), ("Api-Version: 1.41", "X: y")])
    func anEngineTooOldOrNoneAtAllIsRefused(_ header: String, _ other: String) throws {
        let server = try StubServer { _, _ in
            .keep(StubServer.ping.replacingOccurrences(of: header, with: other))
        }
        defer { server.stop() }
        let error = try #require(throws: DockerError.self) { try server.client().connect() }
        #expect(error.code == .undecodable)
    }

    @Test func readsShareAConnection() throws {
        let server = try StubServer { _, number in .keep(http(404, #"{"message":"on \#(number)"}"#)) }
        defer { server.stop() }
        let client = try server.client()
        for _ in 1...3 {
            #expect(try client.failure(of: .inspectContainer(id: Self.id)).reason == "on 1")
        }
    }

    @Test func aReadOnADeadConnectionIsSentAgain() throws {
        let server = try StubServer { request, number in
            if request == "GET /_ping" { return .keep(StubServer.ping) }
            return number == 1 ? .close("") : .keep(http(404, #"{"message":"no"}"#))
        }
        defer { server.stop() }
        let client = try server.client()
        try client.connect()
        #expect(try client.failure(of: .inspectContainer(id: Self.id)).status == 404)
    }

    /// A create or start that reaches the engine twice would be a call without an intent.
    @Test func aMutatingCallIsNeverSentTwice() throws {
        let server = try StubServer { request, _ in
            request == "GET /_ping" ? .keep(StubServer.ping) : .close("")
        }
        defer { server.stop() }
        let client = try server.client()
        try client.connect()
        let error = try client.failure(of: .startContainer(id: Self.id))
        #expect(error.code == .unreachable)
        #expect(error.outcomeIsUnknown)
        #expect(server.requests == ["GET /_ping", "POST /v1.41/containers/\(Self.id)/start"])
    }

    @Test func anotherThreadInterruptsAWait() throws {
        let server = try StubServer { _, _ in .hang("") }
        defer { server.stop() }
        let client = try server.client()
        let call = client.submit(.startContainer(id: Self.id))
        let waker = client.waker
        Thread.detachNewThread { waker.wake() }
        #expect(client.wait(atMost: .seconds(600)).isEmpty)
        client.cancel(call)
        guard case .finished(call, .failure(let error))? = client.wait(atMost: .zero).first else {
            Issue.record("the cancelled call has no outcome")
            return
        }
        #expect(error.code == .cancelled)
        #expect(error.outcomeIsUnknown)
        #expect(client.wait(atMost: .zero).isEmpty)
    }

    @Test func anotherThreadEndsASnapshot() throws {
        let server = try StubServer { _, _ in .hang("") }
        defer { server.stop() }
        let client = try server.client()
        let waker = client.waker
        Thread.detachNewThread { waker.cancelReads() }
        let error = try #require(throws: DockerError.self) { try client.connect() }
        #expect(error.code == .cancelled)
    }

    @Test func manySlowCallsDoNotHoldUpARead() throws {
        let server = try StubServer { request, _ in
            request.hasPrefix("POST") ? .hang("") : .keep(http(404, #"{"message":"no"}"#))
        }
        defer { server.stop() }
        let client = try server.client()
        for _ in 1...40 { _ = client.submit(.stopContainer(id: Self.id, timeout: 1)) }
        #expect(try client.failure(of: .inspectContainer(id: Self.id)).status == 404)
    }

    @Test func anEngineThatWasReplacedIsNegotiatedWithAnew() throws {
        let server = try StubServer { request, number in
            if request == "GET /_ping" {
                let version = number == 1 ? "1.41" : "1.44"
                let ping = StubServer.ping.replacingOccurrences(of: "1.41", with: version)
                return number == 1 ? .close(ping) : .keep(ping)
            }
            if request.contains("/v1.41/") {
                return .keep(http(400, #"{"message":"client version is too old"}"#))
            }
            return .keep(http(200, request.hasSuffix("volumes") ? "{}" : "[]"))
        }
        defer { server.stop() }
        let client = try server.client()
        try client.connect()
        let scope = ObservationScope(host: "h", containerNames: [], imageReferences: [])
        #expect(try client.observe(scope).engine.apiVersion == "1.44")
    }

    @Test func anEngineThatWasUpgradedIsSeenAtTheNextSnapshot() throws {
        let server = try StubServer { request, number in
            let ping =
                number == 1
                ? StubServer.ping : StubServer.ping.replacingOccurrences(of: "20.10.24", with: "26.1.5")
            if request == "GET /_ping" { return number == 1 ? .close(ping) : .keep(ping) }
            let answer = http(200, request.hasSuffix("volumes") ? "{}" : "[]")
            return .keep(
                answer.replacingOccurrences(of: "\r\n\r\n", with: "\r\nServer: Docker/26.1.5 (linux)\r\n\r\n")
            )
        }
        defer { server.stop() }
        let client = try server.client()
        try client.connect()
        let scope = ObservationScope(host: "h", containerNames: [], imageReferences: [])
        #expect(try client.observe(scope).engine.version == "26.1.5")
        #expect(client.engine?.version == "26.1.5")
    }
}
