import DesiredState
import Foundation
import Testing

@testable import DockerEngine
@testable import Planning

/// Makes containers, networks and volumes that nobody starts, and reads them.
struct TwinBench {
    let lab: Lab
    let images: [String: LiveImage]
    private let counter = Counter()

    init(_ version: TestEngine.Version) throws {
        lab = try Lab(version)
        let empty = [UInt8](repeating: 0, count: 1024)
        let imports = TwinImages.all.sorted { $0.key < $1.key }.map { name, changes in
            let words = changes.map { "&changes=" + $0.percentEncoded }.joined()
            let parts = name.split(separator: ":")
            return (path: "/images/create?fromSrc=-&repo=\(parts[0])&tag=\(parts[1])\(words)", body: empty)
        }
        for answer in try lab.raw("POST", imports) where answer.status != 200 {
            throw answer.refusal("import an image")
        }
        images = try lab.observe(images: Set(TwinImages.all.keys)).images
        try #require(images.count == TwinImages.all.count)
        let subnets = [ContainerCases.network: "10.251.7.0/24", ContainerCases.otherNetwork: "10.251.6.0/24"]
        for (name, subnet) in subnets {
            try lab.perform(.createNetwork(lab.network(name, pools: [AddressPool(subnet: subnet)])))
        }
        let volume = VolumeSpec(name: "\(lab.host)-\(ContainerCases.volume)", labels: [Labels.host: lab.host])
        try lab.perform(.createVolume(volume))
    }

    /// The spec with names of this bench, and one of its own for the container.
    func adapted(_ spec: ContainerSpec) -> ContainerSpec {
        var spec = spec
        spec.name = "\(lab.host)-\(counter.next())"
        spec.labels[Labels.host] = lab.host
        spec.networks = Dictionary(
            uniqueKeysWithValues: spec.networks.map { ("\(lab.host)-\($0.key)", $0.value) })
        spec.mounts = Set(
            spec.mounts.map { mount in
                guard mount.source == ContainerCases.volume else { return mount }
                var mount = mount
                mount.source = "\(lab.host)-\(mount.source)"
                return mount
            })
        return spec
    }

    /// Creates all, joins the networks that the create calls leave out, and reads all, by name.
    func create(_ specs: [ContainerSpec]) throws -> [String: LiveContainer] {
        let created = try lab.client.perform(specs.map { .createContainer($0, name: $0.name) })
        var joins: [EngineCall] = []
        let version = lab.client.engine?.apiVersion ?? ""
        for (spec, answer) in zip(specs, created) {
            let joined = spec.networksAtCreate(apiVersion: version)
            for (network, endpoint) in spec.networks where !joined.contains(network) {
                joins.append(.connectNetwork(container: try answer.createdID, network: network, endpoint))
            }
        }
        _ = try lab.client.perform(joins)
        let containers = try lab.observe().containers.values
        return Dictionary(uniqueKeysWithValues: containers.map { ($0.spec.name, $0) })
    }

    /// What the engine says to `inspect`, as it says it.
    func answers(of ids: [String]) throws -> [JSONLeaves] {
        let version = lab.client.engine?.apiVersion ?? ""
        let calls = ids.map { (path: "/v\(version)/containers/\($0)/json", body: [UInt8]()) }
        return try lab.raw("GET", calls).map { try JSONLeaves($0.body) }
    }

    func shown(_ field: String) -> [JSONPattern] {
        let fields =
            ContainerField.all.map { ($0.name, $0.shown) } + EndpointField.all.map { ($0.name, $0.shown) }
        let paths = fields.first { $0.0 == field }?.1 ?? []
        // Another image is another id.
        return (field == "image" ? paths + ["Image"] : paths).map(JSONPattern.init)
    }

    /// What two twins of one spec differ in, and what only repeats other fields.
    func isNoise(_ leaf: JSONLeaves.Leaf) -> Bool {
        Self.noise.contains { $0.covers(leaf) }
    }

    private static let noise = [
        "Id", "Created", "Name", "Path", "Args", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath",
        "GraphDriver", "Config.Hostname", "Config.Image", "HostConfig.NetworkMode",
        "NetworkSettings.Networks.*.Aliases", "NetworkSettings.Networks.*.DNSNames",
    ].map(JSONPattern.init)

    func differences(_ pair: ContainerPair) -> String {
        let sides = zip(
            Mirror(reflecting: pair.live.spec).children, Mirror(reflecting: pair.desired.spec).children)
        let properties = sides.filter { String(reflecting: $0.value) != String(reflecting: $1.value) }
        return properties.map { "\($0.label ?? "") \($0.value) and not \($1.value)" }.joined(separator: "; ")
    }
}

extension TwinBench {
    func adapted(_ spec: NetworkSpec) -> NetworkSpec {
        var spec = spec
        spec.name = "\(lab.host)-n"
        spec.labels[Labels.host] = lab.host
        return spec
    }

    func adapted(_ spec: VolumeSpec) -> VolumeSpec {
        var spec = spec
        spec.name = "\(lab.host)-v"
        spec.labels[Labels.host] = lab.host
        return spec
    }

    /// Creates it, reads it in the list and removes it.
    func twin(of spec: NetworkSpec) throws -> NetworkSpec {
        let id = try lab.perform(.createNetwork(spec)).createdID
        let live = try #require(try lab.observe().networks[id]).spec
        try lab.perform(.removeNetwork(id: id))
        return live
    }

    func twin(of spec: VolumeSpec) throws -> VolumeSpec {
        try lab.perform(.createVolume(spec))
        let live = try #require(try lab.observe().volumes[spec.name]).spec
        for answer in try lab.raw("DELETE", [("/volumes/\(spec.name)", [])]) where answer.status != 204 {
            throw answer.refusal("remove volume \(spec.name)")
        }
        return live
    }
}

private final class Counter {
    private var last = 0

    func next() -> Int {
        last += 1
        return last
    }
}
