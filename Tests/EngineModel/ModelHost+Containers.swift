import DesiredState
import Planning

extension ModelHost {
    mutating func create(_ wanted: ContainerSpec, name: String) throws(Refusal) -> String {
        guard container(named: name) == nil else { throw Refusal("the name \(name) is taken") }
        guard let image = live.images[wanted.image] else { throw Refusal("no such image \(wanted.image)") }
        for mount in wanted.mounts where mount.kind == .bind && live.files[mount.source] == nil {
            throw Refusal("\(mount.source) does not exist")
        }
        try checkMode(of: wanted)
        let id = makeID()
        var spec = wanted.inspected(image: image, id: id, isNewEngine: isNewEngine)
        spec.name = name
        spec.networkMode = resolved(wanted.networkMode) ?? spec.networkMode
        spec.ipcMode = resolved(wanted.ipcMode) ?? spec.ipcMode
        let joined = wanted.networksAtCreate(apiVersion: live.engine.apiVersion)
        spec.networks = spec.networks.filter { wanted.networks.isEmpty || joined.contains($0.key) }
            .mapValues { shown($0, id: id) }
        // A network that is missing is missed at the start; a volume is made without options.
        for mount in wanted.mounts where mount.kind == .volume && !mount.source.isEmpty {
            if live.volumes[mount.source] == nil {
                live.volumes[mount.source] = LiveVolume(spec: VolumeSpec(name: mount.source))
            }
        }
        live.containers[id] = LiveContainer(
            id: id, spec: spec, imageID: image.id, status: .created, startedAt: "0001-01-01T00:00:00Z",
            networkIDs: spec.networks.mapValues { _ in "" })
        live.containers[id]?.createdAt = Self.timestamp(clock)
        return id
    }

    /// Who shares a network namespace has no ports and no names of his own.
    private func checkMode(of spec: ContainerSpec) throws(Refusal) {
        guard spec.networkMode?.hasPrefix("container:") == true else { return }
        guard spec.ports.isEmpty, spec.exposedPorts.isEmpty, spec.extraHosts.isEmpty, spec.hostname == nil
        else { throw Refusal("conflicting options with the container type network mode") }
    }

    /// `container:NAME` becomes `container:ID` when the container is created, if that one is there.
    private func resolved(_ mode: String?) -> String? {
        guard let mode, mode.hasPrefix("container:") else { return nil }
        let name = String(mode.dropFirst("container:".count))
        return "container:\(container(named: name)?.id ?? name)"
    }

    mutating func start(_ container: LiveContainer) throws(Refusal) {
        guard [.created, .exited].contains(container.status) else { throw Refusal("is \(container.status)") }
        var container = container
        for mode in [container.spec.networkMode, container.spec.ipcMode] {
            guard let mode, mode.hasPrefix("container:") else { continue }
            let other = String(mode.dropFirst("container:".count))
            guard (live.containers[other] ?? self.container(named: other))?.isUp == true else {
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

extension ModelHost {
    mutating func noteContested(by container: LiveContainer) {
        for other in live.containers.values where other.isUp && other.id != container.id {
            let devices = Set(container.spec.deviceRequests.flatMap(\.deviceIDs))
                .intersection(other.spec.deviceRequests.flatMap(\.deviceIDs))
            for device in devices.sorted() {
                contested.append(
                    "\(container.spec.name) starts with GPU \(device), which \(other.spec.name) has")
            }
        }
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
