import DesiredState
import DockerEngine
import Planning
import Testing

@Suite struct RequestTests {
    @Test(arguments: [
        ("mysql:8", "fromImage=mysql&tag=8"), ("mysql", "fromImage=mysql&tag=latest"),
        ("r.io:5000/a/b", "fromImage=r.io%3A5000%2Fa%2Fb&tag=latest"),
        ("r.io:5000/a:1@sha256:ab", "fromImage=r.io%3A5000%2Fa%40sha256%3Aab"),
    ])
    func aPullAlwaysNamesATagOrADigest(_ reference: String, _ query: String) {
        let request = EngineCall.pullImage(reference, nil).request(apiVersion: "1.41")
        #expect(request.method == "POST")
        #expect(request.path == "/v1.41/images/create?\(query)")
        #expect(request.body.isEmpty)
    }

    @Test func equalSpecsHaveEqualBytes() {
        var spec = ContainerSpec(name: "c", image: "i")
        spec.capAdd = ["A", "B", "C", "D"]
        spec.environment = ["A": "1", "B": "2", "C": "3", "D": "4"]
        spec.ports = Set((1...9).map { PortBinding(containerPort: $0, hostPort: $0) })
        var same = spec
        same.capAdd = Set(["D", "C", "B"])
        same.capAdd.insert("A")
        same.ports = Set(spec.ports.sorted { $0.hostPort > $1.hostPort })
        let request = EngineCall.createContainer(spec, name: "c").request(apiVersion: "1.41")
        #expect(request == EngineCall.createContainer(same, name: "c").request(apiVersion: "1.41"))
    }

    @Test func olderEnginesGetOneNetworkAtCreateAndNewerOnesAll() {
        var spec = ContainerSpec(name: "c", image: "i")
        spec.networks = ["b": EndpointSpec(aliases: ["x"]), "a": EndpointSpec(aliases: ["y"])]
        #expect(spec.networksAtCreate(apiVersion: "1.43") == ["a"])
        #expect(spec.networksAtCreate(apiVersion: "1.44") == ["a", "b"])
        spec.networks = [:]
        #expect(spec.networksAtCreate(apiVersion: "1.41") == [])
        for (version, hasB) in [("1.41", false), ("1.45", true)] {
            spec.networks = ["b": EndpointSpec(), "a": EndpointSpec()]
            let body = EngineCall.createContainer(spec, name: "c").request(apiVersion: version).body
            let text = String(decoding: body, as: UTF8.self)
            #expect(text.contains(#""NetworkMode":"a""#))
            #expect(text.contains(#""b":{"Aliases":[]}"#) == hasB)
        }
    }

    @Test func everyPublishedPortIsExposed() {
        var spec = ContainerSpec(name: "c", image: "i")
        spec.ports = [
            PortBinding(containerPort: 80, hostPort: 1), PortBinding(containerPort: 80, hostPort: 2),
        ]
        let body = EngineCall.createContainer(spec, name: "c").request(apiVersion: "1.41").body
        #expect(String(decoding: body, as: UTF8.self).contains(#""ExposedPorts":{"80/tcp":{}}"#))
    }
}
