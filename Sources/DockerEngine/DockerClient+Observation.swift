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

    /// Reads what a wider scope adds to a snapshot; the lists are not read again.
    public func extend(
        _ observed: ObservedEngine, to scope: ObservationScope
    ) throws(DockerError) -> ObservedEngine {
        var observation = Observation(scope: scope, observed, known: decoded)
        observation.decoded = decoded
        let wishes = observation.missingWishes
        guard !wishes.isEmpty else { return observed }
        return try read(wishes, &observation)
    }

    private func observe(
        _ scope: ObservationScope, as identity: EngineIdentity
    ) throws(DockerError) -> ObservedEngine {
        var observation = Observation(scope: scope, ObservedEngine(engine: identity), known: decoded)
        return try read(observation.firstWishes, &observation)
    }

    private func read(
        _ wishes: [Observation.Wish], _ observation: inout Observation
    ) throws(DockerError) -> ObservedEngine {
        defer { abandonReads() }
        for wish in wishes { start(wish, &observation) }
        while let (key, answer) = try takeRead() {
            guard let wish = observation.pending.removeValue(forKey: key) else { continue }
            for next in try observation.read(answer, to: wish) { start(next, &observation) }
        }
        let observed = try observation.result()
        overlayNetworks = observation.overlayNetworks
        decoded = observation.decoded
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
    /// What the snapshot before was decoded from.
    private let known: DecodedAnswers
    /// What this one was decoded from.
    var decoded = DecodedAnswers()

    init(scope: ObservationScope, _ observed: ObservedEngine, known: DecodedAnswers) {
        self.scope = scope
        self.observed = observed
        self.known = known
        names = Dictionary(observed.list.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    var firstWishes: [Wish] {
        mutating get { [.containers, .networks, .volumes] + images(scope.imageReferences) }
    }

    /// What the scope needs and the snapshot lacks.
    var missingWishes: [Wish] {
        mutating get {
            let containers = observed.list.filter { isInScope($0) && observed.containers[$0.id] == nil }
            return images(scope.imageReferences) + containers.map { .container($0.id) }
        }
    }

    /// Reads of images that were not asked for yet.
    private mutating func images(_ references: Set<String>) -> [Wish] {
        let new = references.subtracting(observed.askedImages)
        observed.askedImages.formUnion(new)
        return new.sorted().map(Wish.image)
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
            observed.list = list
            let wanted = list.filter(isInScope)
            let inUse = scope.includesImagesInUse ? Set(wanted.compactMap(\.image)) : []
            return wanted.map { .container($0.id) } + images(inUse)
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
            let image = try known.images.value(reference, from: answer.body, operation)
            decoded.images.remember(reference, answer.body, image)
            observed.images[reference] = image.live
        case .container(let id):
            let container = try known.containers.value(id, from: answer.body, operation)
            decoded.containers.remember(id, answer.body, container)
            wireContainers.append(container)
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
            container.macAddresses = wire.chosenMACAddresses(apiVersion: observed.engine.apiVersion)
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
        if scope.containerNames.contains(container.name) { return true }
        if scope.containerIDs.contains(container.id) { return true }
        let project = container.labels?[Labels.composeProject]
        if let project, scope.composeProjects.contains(project) { return true }
        // What a recreate that was cut short leaves behind.
        return PlanNames.lasting(container.name).map(scope.containerNames.contains) ?? false
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
