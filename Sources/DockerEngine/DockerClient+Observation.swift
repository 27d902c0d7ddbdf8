import DesiredState
import Planning

extension DockerClient {
    /// Reads all that a plan compares: one list per kind, one inspect per container and image in scope.
    ///
    /// All reads are in flight together. A container that vanishes meanwhile and an image that is not there
    /// are left out; anything else that cannot be read makes the whole snapshot fail.
    public func observe(_ scope: ObservationScope) throws(DockerError) -> ObservedEngine {
        let known = try negotiated()
        do throws(DockerError) {
            let observed = try observe(scope, as: known)
            if observed.engine == known { return observed }
        } catch {
            forgetNegotiation()
            // An engine that was replaced behind our back refuses the old version of the API.
            guard error.status == 400, try connect() != known else { throw error }
        }
        return try observe(scope, as: try connect())
    }

    private func observe(
        _ scope: ObservationScope, as identity: EngineIdentity
    ) throws(DockerError) -> ObservedEngine {
        defer { abandonReads() }
        var observation = Observation(scope: scope, identity: identity)
        for wish in observation.firstWishes { start(wish, &observation) }
        while let (key, answer) = try takeRead() {
            guard let wish = observation.pending.removeValue(forKey: key) else { continue }
            for next in try observation.read(answer, to: wish) { start(next, &observation) }
        }
        let observed = try observation.result()
        overlayNetworks = observation.overlayNetworks
        return observed
    }

    private func start(_ wish: Observation.Wish, _ observation: inout Observation) {
        let path = "/v\(observation.observed.engine.apiVersion)\(wish.route)"
        observation.pending[startRead(path: path, wish.operation)] = wish
    }
}

/// A snapshot in the making.
private struct Observation {
    enum Wish {
        case containers
        case networks
        case volumes
        case image(String)
        case container(String)
    }

    let scope: ObservationScope
    var observed: ObservedEngine
    /// Reads that are in flight, by their key.
    var pending: [Int: Wish] = [:]
    private var wireContainers: [WireContainer] = []
    private var names: [String: String] = [:]

    init(scope: ObservationScope, identity: EngineIdentity) {
        self.scope = scope
        observed = ObservedEngine(engine: identity)
    }

    var firstWishes: [Wish] {
        [.containers, .networks, .volumes] + scope.imageReferences.sorted().map(Wish.image)
    }

    var overlayNetworks: Set<String> {
        let networks = observed.networks.values.filter { $0.spec.driver == "overlay" }
        return Set(networks.map(\.id) + networks.map(\.spec.name))
    }

    /// Takes one answer in; returns what has to be read because of it.
    mutating func read(_ answer: HTTPAnswer, to wish: Wish) throws(DockerError) -> [Wish] {
        let operation = wish.operation
        if answer.status == 404, wish.mayBeMissing { return [] }
        guard answer.status == 200 else { throw answer.refusal(operation) }
        switch wish {
        case .containers:
            // The connection may lead to another engine than the one that was asked for its version.
            if !answer.engineVersion.isEmpty { observed.engine.version = answer.engineVersion }
            let list: [WireContainerSummary] = try decodeJSON(answer.body, operation)
            observed.publishedPorts = list.flatMap(\.publishedPorts)
            names = Dictionary(list.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            return list.filter(isInScope).map { .container($0.id) }
        case .networks:
            for network in try decodeJSON(answer.body, as: [WireNetwork].self, operation) {
                observed.networks[network.id] = network.live
            }
        case .volumes:
            let list: WireVolumeList = try decodeJSON(answer.body, operation)
            if let warning = list.warnings?.first {
                throw DockerError(.undecodable, operation, "the list is not whole: \(warning)")
            }
            for volume in list.volumes ?? [] { observed.volumes[volume.name] = volume.live }
        case .image(let reference):
            observed.images[reference] = try decodeJSON(answer.body, as: WireImage.self, operation).live
        case .container:
            wireContainers.append(try decodeJSON(answer.body, operation))
        }
        return []
    }

    /// The whole snapshot; containers come last because reading them takes the networks' drivers.
    func result() throws(DockerError) -> ObservedEngine {
        var result = observed
        let overlays = overlayNetworks
        for wire in wireContainers {
            var container = try wire.live(
                overlayNetworks: overlays, Wish.container(wire.id).operation)
            container.spec.networkMode = container.spec.networkMode.map(withName)
            container.spec.ipcMode = container.spec.ipcMode.map(withName)
            result.containers[container.id] = container
        }
        return result
    }

    /// The engine turns `container:NAME` into `container:ID`; the desired state speaks of names.
    private func withName(_ mode: String) -> String {
        guard mode.hasPrefix("container:") else { return mode }
        return names[String(mode.dropFirst("container:".count))].map { "container:\($0)" } ?? mode
    }

    private func isInScope(_ container: WireContainerSummary) -> Bool {
        if container.labels?[Labels.host] == scope.host { return true }
        var name = container.name
        if scope.containerNames.contains(name) { return true }
        // What a recreate that was cut short leaves behind.
        for suffix in [".next", ".old"] where name.hasSuffix(suffix) {
            name.removeLast(suffix.count)
            return scope.containerNames.contains(name)
        }
        return false
    }
}

extension Observation.Wish {
    var route: String {
        switch self {
        case .containers: "/containers/json?all=1"
        case .networks: "/networks"
        case .volumes: "/volumes"
        case .image(let reference): "/images/\(reference.percentEncoded(keeping: "/:@"))/json"
        case .container(let id): "/containers/\(id)/json"
        }
    }

    var operation: String {
        switch self {
        case .containers: "list containers"
        case .networks: "list networks"
        case .volumes: "list volumes"
        case .image(let reference): "inspect image \(reference)"
        case .container(let id): "inspect container \(id.shortID)"
        }
    }

    var mayBeMissing: Bool {
        switch self {
        case .image, .container: true
        case .containers, .networks, .volumes: false
        }
    }
}
