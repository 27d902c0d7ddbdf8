import DesiredState
import DockerEngine
import Planning
import Testing

@Suite struct ObservationTests {
    @Test func ourContainersAndThoseWithWantedNamesAreSeenAndNoOthers() throws {
        let lab = try Lab()
        let foreign = try Lab()
        defer {
            lab.clean()
            foreign.clean()
        }
        let own = try lab.create(lab.spec("own"))
        let wanted = try foreign.create(foreign.spec("wanted"))
        let old = try foreign.create(foreign.spec("wanted.old"))
        let next = try foreign.create(foreign.spec("wanted.next"))
        _ = try foreign.create(foreign.spec("other"))
        _ = try foreign.create(foreign.spec("other.old"))

        let observed = try lab.observe(names: ["\(foreign.host)-wanted"])
        #expect(Set(observed.containers.keys) == [own, wanted, old, next])
        #expect(observed.engine == lab.client.engine)
    }

    @Test func imagesAreSeenByTheReferenceThatWasAskedFor() throws {
        let lab = try Lab()
        let digest = "mysql@sha256:" + String(repeating: "0", count: 64)
        let observed = try lab.observe(images: ["mysql:8", "no-such/image:1.0", digest])
        #expect(Set(observed.images.keys) == ["mysql:8"])
        let image = try #require(observed.images["mysql:8"])
        #expect(image.entrypoint == ["docker-entrypoint.sh"])
        #expect(image.volumes == ["/var/lib/mysql"])
        #expect(image.exposedPorts.contains("3306/tcp"))
        #expect(try lab.perform(.inspectImage("mysql:8")) == .image(image))
        let container = try lab.client.perform(.createContainer(lab.spec(), name: lab.spec().name)).createdID
        defer { lab.clean() }
        #expect(try lab.inspect(container).imageID != image.id)
    }

    @Test func portsOfForeignContainersAreSeen() throws {
        let lab = try Lab()
        let foreign = try Lab()
        defer { foreign.clean() }
        var spec = foreign.spec()
        spec.networkMode = nil
        spec.ports = [PortBinding(containerPort: 7, hostAddress: "127.0.0.1", hostPort: 0)]
        let id = try foreign.create(spec)
        try foreign.perform(.startContainer(id: id))
        let port = try #require(try lab.observe().publishedPorts.first { $0.containerID == id })
        #expect(port.hostAddress == "127.0.0.1")
        #expect(port.proto == "tcp")
        #expect(port.port > 0)
        #expect(port.containerName == spec.name)
    }

    @Test func aSnapshotLeavesTheOutcomesOfCallsForTheWait() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let id = try lab.create(lab.spec())
        let start = lab.client.submit(.startContainer(id: id))
        #expect(try lab.observe().containers.count == 1)
        var answers: [EngineAnswer] = []
        while answers.isEmpty {
            for case .finished(start, let result) in lab.client.wait(atMost: .seconds(60)) {
                answers.append(try result.get())
            }
        }
        #expect(answers == [.done(warnings: [])])
    }
}
