import DesiredState
import Planning

extension ModelHost {
    mutating func create(_ wanted: ContainerSpec, name: String) throws(Refusal) -> String {
        guard container(named: name) == nil else { throw Refusal("the name \(name) is taken") }
        guard let image = live.images[wanted.image] else { throw Refusal("no such image \(wanted.image)") }
        for mount in wanted.mounts {
            let isThere =
                mount.kind == .bind
                ? live.files[mount.source] != nil
                : mount.source.isEmpty || live.volumes[mount.source] != nil
            guard isThere else { throw Refusal("\(mount.source) does not exist") }
        }
        let id = makeID()
        var spec = wanted.inspected(image: image, id: id, isNewEngine: isNewEngine)
        spec.name = name
        spec.networkMode = try resolved(wanted.networkMode) ?? spec.networkMode
        spec.ipcMode = try resolved(wanted.ipcMode) ?? spec.ipcMode
        let joined = wanted.networksAtCreate(apiVersion: live.engine.apiVersion)
        spec.networks = spec.networks.filter { wanted.networks.isEmpty || joined.contains($0.key) }
            .mapValues { shown($0, id: id) }
        for name in spec.networks.keys where network(named: name) == nil {
            throw Refusal("network \(name) not found")
        }
        live.containers[id] = LiveContainer(
            id: id, spec: spec, imageID: image.id, status: .created, startedAt: "0001-01-01T00:00:00Z",
            networkIDs: spec.networks.mapValues { _ in "" })
        return id
    }

    /// `container:NAME` becomes `container:ID` when the container is created.
    private func resolved(_ mode: String?) throws(Refusal) -> String? {
        guard let mode, mode.hasPrefix("container:") else { return nil }
        guard let other = container(named: String(mode.dropFirst("container:".count))) else {
            throw Refusal("\(mode) does not exist")
        }
        return "container:\(other.id)"
    }

    mutating func start(_ container: LiveContainer) throws(Refusal) {
        guard [.created, .exited].contains(container.status) else { throw Refusal("is \(container.status)") }
        var container = container
        for mode in [container.spec.networkMode, container.spec.ipcMode] {
            guard let mode, mode.hasPrefix("container:") else { continue }
            guard live.containers[String(mode.dropFirst("container:".count))]?.isUp == true else {
                throw Refusal("cannot join \(mode.prefix(22)) of a container that does not run")
            }
        }
        for port in container.spec.ports where port.hostPort != 0 {
            let holder = live.containers.values.first { other in
                other.isUp && other.id != container.id
                    && other.spec.ports.contains { $0.hostPort == port.hostPort && $0.proto == port.proto }
            }
            if let holder { throw Refusal("port \(port.hostPort) is held by \(holder.spec.name)") }
        }
        for (name, endpoint) in container.spec.networks {
            let pin = container.networkIDs[name] ?? ""
            guard let network = network(named: name), pin.isEmpty || pin == network.id else {
                throw Refusal("network \(pin.prefix(12)) of \(name) not found")
            }
            try claim(endpoint, on: network, for: container)
            container.networkIDs[name] = network.id
        }
        container.status = .running
        container.startedAt = Self.timestamp(clock)
        live.containers[container.id] = container
        bindMounts(of: container)
    }
}

extension ContainerSpec {
    /// The spec as the engine stores it: image defaults merged, its own defaults filled in.
    fileprivate func inspected(image: LiveImage, id: String, isNewEngine: Bool) -> ContainerSpec {
        var spec = self
        spec.mergeProcess(of: image)
        for line in image.environment {
            let name = String(line.prefix { $0 != "=" })
            if !environment.keys.contains(name) {
                spec.environment[name] = .some(String(line.dropFirst(name.count + 1)))
            }
        }
        for (key, value) in image.labels where labels[key] == nil { spec.labels[key] = value }
        spec.exposedPorts.formUnion(image.exposedPorts)
        spec.exposedPorts.formUnion(ports.map { "\($0.containerPort)/\($0.proto)" })
        for target in image.volumes where !mounts.contains(where: { $0.target == target }) {
            spec.mounts.insert(Mount(.volume, from: "", to: target))
        }
        spec.fillEngineDefaults(id: id, isNewEngine: isNewEngine)
        return spec
    }

    private mutating func mergeProcess(of image: LiveImage) {
        if entrypoint?.isEmpty ?? true {
            if command?.isEmpty ?? true { command = image.command }
            if entrypoint == nil { entrypoint = image.entrypoint }
        }
        if entrypoint == [""] { entrypoint = nil }
        if user ?? "" == "" { user = image.user }
        if workingDirectory ?? "" == "" { workingDirectory = image.workingDirectory }
        if stopSignal ?? "" == "" { stopSignal = image.stopSignal }
        if var check = healthcheck, let own = image.healthcheck {
            if check.test.isEmpty { check.test = own.test }
            if check.interval == 0 { check.interval = own.interval }
            if check.timeout == 0 { check.timeout = own.timeout }
            if check.startPeriod == 0 { check.startPeriod = own.startPeriod }
            if check.retries == 0 { check.retries = own.retries }
            healthcheck = check
        } else if healthcheck == nil {
            healthcheck = image.healthcheck
        }
    }

    private mutating func fillEngineDefaults(id: String, isNewEngine: Bool) {
        if restart.name == "no", !isNewEngine { restart.name = "" }
        if memory > 0, memorySwap == 0 { memorySwap = 2 * memory }
        if shmSize == 0 { shmSize = 67_108_864 }
        if ipcMode == "host" { securityOptions.insert("label=disable") }
        if ipcMode == nil { ipcMode = "private" }
        if logging == nil { logging = LogConfig(driver: "json-file", options: [:]) }
        if hostname == nil { hostname = networkMode == "host" ? "the-host" : String(id.prefix(12)) }
        guard networks.isEmpty else {
            networkMode = networks.keys.min()
            return
        }
        switch networkMode {
        case "host", "none": networks = [networkMode ?? "none": EndpointSpec()]
        case let mode? where mode.hasPrefix("container:"): break
        default:
            networks = ["bridge": EndpointSpec()]
            networkMode = isNewEngine ? "bridge" : "default"
        }
    }
}
