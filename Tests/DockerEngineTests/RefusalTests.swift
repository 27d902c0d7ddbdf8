import DesiredState
import DockerEngine
import Planning
import Testing

@Suite struct RefusalTests {
    @Test func theEngineAgreesOnItsVersion() throws {
        let engine = try TestEngine.client().connect()
        let version = try #require(engine.apiVersion.split(separator: ".").last.flatMap { Int($0) })
        #expect((41...51).contains(version))
        #expect(engine.version.first?.isNumber == true)
    }

    @Test func aMissingImageIsRefusedWithTheEnginesWords() throws {
        let lab = try Lab()
        var spec = lab.spec()
        spec.image = "no-such/image:9"
        let error = try lab.client.failure(of: .createContainer(spec, name: spec.name))
        #expect(error.status == 404)
        #expect(error.description == "cannot create container \(spec.name): No such image: no-such/image:9")
        #expect(!error.outcomeIsUnknown)
    }

    @Test func aNameThatIsTakenIsAConflict() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let id = try lab.create(lab.spec())
        let error = try lab.client.failure(of: .createContainer(lab.spec(), name: lab.spec().name))
        #expect(error.status == 409)
        #expect(error.reason.contains(id))
    }

    @Test func nobodyAtTheEndpointIsUnreachable() throws {
        let endpoint = try DockerEndpoint(parsing: "unix:///nonexistent/docker.sock")
        let client = try DockerClient(endpoint: endpoint)
        let error = try #require(throws: DockerError.self) { try client.connect() }
        #expect(error.code == .unreachable)
        #expect(error.reason.contains("/nonexistent/docker.sock"))
        #expect(error.reason.contains("No such file or directory"))
        let id = String(repeating: "a", count: 64)
        #expect(try client.failure(of: .startContainer(id: id)).outcomeIsUnknown == false)
    }

    @Test func aPullFromNowhereFails() throws {
        let client = try TestEngine.client()
        let error = try client.failure(of: .pullImage("127.0.0.1:1/no/image:1", nil))
        #expect(error.status == 500)
        #expect(error.reason.contains("127.0.0.1:1"))
    }

    @Test func namesTravelEncoded() throws {
        let lab = try Lab()
        let name = "a/../b?force=1&x y"
        let error = try lab.client.failure(of: .createContainer(lab.spec(), name: name))
        #expect(error.status == 400)
        #expect(error.reason.contains(name))
        #expect(try lab.client.failure(of: .inspectVolume(name: "a?b")).status == 404)
    }
}
