import DesiredState
import DockerEngine
import Planning
import Testing

@Suite struct EventStreamTests {
    @Test func whatHappensToAContainerAndANetworkIsSeen() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let engine = try lab.client.connect()
        let stream = try EventStream(endpoint: lab.client.endpoint, apiVersion: engine.apiVersion)
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
        var repeated = try #require(try since.next(atMost: .seconds(30)))
        while repeated.id != id { repeated = try #require(try since.next(atMost: .seconds(30))) }
        #expect(repeated == first)
    }

    @Test func aWaitForEventsEndsInTimeAndWhenItIsWoken() throws {
        let client = try TestEngine.client()
        let stream = try EventStream(
            endpoint: client.endpoint, apiVersion: try client.connect().apiVersion)
        stream.waker.wake()
        let clock = ContinuousClock()
        let waited = try clock.measure {
            while try stream.next(atMost: .seconds(600)) != nil {}
        }
        #expect(waited < .seconds(60))
    }
}
