import DesiredState
import DockerEngine
import Planning
import Testing

@Suite struct NetworkAndVolumeTests {
    @Test func aNetworkComesBackAsItWasSent() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let (pool, prefix) = lab.freePool()
        var spec = lab.network(
            pools: [AddressPool(subnet: pool.subnet, gateway: pool.gateway, range: "\(prefix).128/25")])
        spec.attachable = true
        spec.isInternal = true
        spec.driverOptions = ["com.docker.network.bridge.enable_icc": "true"]
        let id = try lab.perform(.createNetwork(spec)).createdID
        #expect(try lab.perform(.inspectNetwork(id: id)) == .network(LiveNetwork(id: id, spec: spec)))
        #expect(try lab.observe().networks[id]?.spec == spec)
        try lab.perform(.removeNetwork(id: id))
        #expect(try lab.client.failure(of: .inspectNetwork(id: id)).status == 404)
    }

    @Test func aSecondNetworkOfTheSameNameIsRefused() throws {
        let lab = try Lab()
        defer { lab.clean() }
        try lab.perform(.createNetwork(lab.network()))
        #expect(try lab.client.failure(of: .createNetwork(lab.network())).status == 409)
    }

    @Test func aVolumeComesBackAsItWasSent() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let spec = VolumeSpec(
            name: "\(lab.host)-bind", driverOptions: ["type": "none", "o": "bind", "device": "/var/tmp"],
            labels: [Labels.host: lab.host])
        #expect(try lab.perform(.createVolume(spec)) == .volume(LiveVolume(spec: spec)))
        #expect(try lab.perform(.inspectVolume(name: spec.name)) == .volume(LiveVolume(spec: spec)))
        #expect(try lab.observe().volumes[spec.name]?.spec == spec)
        var other = spec
        other.driverOptions = [:]
        // The engine says 201 and gives the old one.
        #expect(try lab.perform(.createVolume(other)) == .volume(LiveVolume(spec: spec)))
    }

    @Test func aContainerMovesBetweenNetworksWithAddressAndAliases() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let (pool, prefix) = lab.freePool()
        let first = try lab.perform(.createNetwork(lab.network("n1", pools: [pool]))).createdID
        try lab.perform(.createNetwork(lab.network("n2")))
        var spec = lab.spec()
        spec.networkMode = nil
        spec.networks = [
            "\(lab.host)-n1": EndpointSpec(aliases: ["one"], ipv4Address: "\(prefix).9"),
            "\(lab.host)-n2": EndpointSpec(aliases: ["two"]),
        ]
        let id = try lab.create(spec)
        let atOnce = spec.networksAtCreate(apiVersion: try lab.client.connect().apiVersion)
        for (name, endpoint) in spec.networks where !atOnce.contains(name) {
            try lab.perform(.connectNetwork(container: id, network: name, endpoint))
        }
        #expect(try lab.inspect(id).spec.networks == spec.networks)

        try lab.perform(.startContainer(id: id))
        let running = try lab.inspect(id)
        #expect(running.spec.networks == spec.networks)
        #expect(running.networkIDs["\(lab.host)-n1"] == first)

        try lab.perform(.disconnectNetwork(container: id, network: first))
        #expect(Set(try lab.inspect(id).spec.networks.keys) == ["\(lab.host)-n2"])
        let endpoint = EndpointSpec(aliases: ["again"], ipv4Address: "\(prefix).10")
        try lab.perform(.connectNetwork(container: id, network: first, endpoint))
        #expect(try lab.inspect(id).spec.networks["\(lab.host)-n1"] == endpoint)
    }

    @Test func aContainerPinnedToALostNetworkIsHealedByDisconnectAndConnect() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let network = lab.network()
        let old = try lab.perform(.createNetwork(network)).createdID
        var spec = lab.spec()
        spec.networkMode = nil
        spec.networks = [network.name: EndpointSpec(aliases: ["x"])]
        let id = try lab.create(spec)
        try lab.perform(.startContainer(id: id))
        try lab.perform(.stopContainer(id: id, timeout: 1))
        try lab.perform(.removeNetwork(id: old))
        try lab.perform(.createNetwork(network))
        #expect(try lab.client.failure(of: .startContainer(id: id)).status == 404)

        try lab.perform(.disconnectNetwork(container: id, network: network.name))
        try lab.perform(.connectNetwork(container: id, network: network.name, EndpointSpec(aliases: ["x"])))
        try lab.perform(.startContainer(id: id))
        #expect(try lab.inspect(id).spec.networks == spec.networks)
    }
}
