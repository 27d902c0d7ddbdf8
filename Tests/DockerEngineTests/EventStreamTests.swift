import DesiredState
import DockerEngine
import Foundation
import Planning
import Testing

@Suite struct EventStreamTests {
    @Test func whatHappensToAContainerAndANetworkIsSeen() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let engine = try lab.client.connect()
        let stream = try EventStream(endpoint: lab.client.endpoint, apiVersion: engine.apiVersion)
        try stream.open()
        let network = try lab.perform(.createNetwork(lab.network())).createdID
        let id = try lab.create(lab.spec())
        try lab.perform(.startContainer(id: id))
        try lab.perform(.updateContainer(id: id, ResourceUpdate(restart: RestartPolicy(name: "always"))))
        try lab.perform(.removeContainer(id: id, force: true))
        try lab.perform(.removeNetwork(id: network))

        var seen: [EngineEvent] = []
        while !seen.contains(where: { $0.kind == .network && $0.action == "destroy" }) {
            let event = try #require(try stream.next(atMost: .seconds(30)))
            if event.id == id || event.id == network { seen.append(event) }
        }
        #expect(
            seen.filter { $0.kind == .container }.map(\.action) == [
                "create", "start", "update", "die", "destroy",
            ])
        let first = try #require(seen.first { $0.kind == .container })
        #expect(first.name == lab.spec().name)
        #expect(first.attributes[Labels.host] == lab.host)
        #expect(seen.map(\.timeNano) == seen.map(\.timeNano).sorted())

        let since = try EventStream(
            endpoint: lab.client.endpoint, apiVersion: engine.apiVersion, since: first.timeNano)
        try since.open()
        var repeated = try #require(try since.next(atMost: .seconds(30)))
        while repeated.id != id { repeated = try #require(try since.next(atMost: .seconds(30))) }
        #expect(repeated == first)
    }

    @Test func aWaitForEventsEndsInTimeAndWhenItIsWoken() throws {
        let client = try TestEngine.client()
        let stream = try EventStream(
            endpoint: client.endpoint, apiVersion: try client.connect().apiVersion)
        try stream.open()
        stream.waker.wake()
        let clock = ContinuousClock()
        let waited = try clock.measure {
            while try stream.next(atMost: .seconds(600)) != nil {}
        }
        #expect(waited < .seconds(60))
    }

    @Test func theEndOfTheEngineEndsTheStream() throws {
        let server = try StubServer { _, _ in .close("HTTP/1.1 200 OK\r\n\r\n") }
        defer { server.stop() }
        let stream = try EventStream(
            endpoint: try DockerEndpoint(parsing: "unix://\(server.path)"), apiVersion: "1.41")
        let error = try #require(throws: DockerError.self) {
            try stream.open()
            while true { _ = try stream.next(atMost: .seconds(60)) }
        }
        #expect(error.code == .unreachable)
    }

    @Test func aRefusedStreamTellsWhy() throws {
        let server = try StubServer { _, _ in .keep(http(400, #"{"message":"too new"}"#)) }
        defer { server.stop() }
        let stream = try EventStream(
            endpoint: try DockerEndpoint(parsing: "unix://\(server.path)"), apiVersion: "1.99")
        let error = try #require(throws: DockerError.self) { try stream.open() }
        #expect(error.code == .refused(status: 400))
        #expect(error.reason == "too new")
    }

    @Test func anotherThreadEndsAStreamThatDoesNotOpen() throws {
        let server = try StubServer { _, _ in .hang("") }
        defer { server.stop() }
        let stream = try EventStream(
            endpoint: try DockerEndpoint(parsing: "unix://\(server.path)"), apiVersion: "1.41")
        let waker = stream.waker
        Thread.detachNewThread { waker.cancelReads() }
        let error = try #require(throws: DockerError.self) { try stream.open() }
        #expect(error.code == .cancelled)
    }
}
