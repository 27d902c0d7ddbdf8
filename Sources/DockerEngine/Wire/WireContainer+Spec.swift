import DesiredState
import Planning

extension WireContainer {
    /// The container in the planner's words, with everything as the engine says it.
    ///
    /// `overlayNetworks` holds names and ids of networks whose addresses look fixed although the engine
    /// chose them.
    func live(overlayNetworks: Set<String>, _ operation: String) throws(DockerError) -> LiveContainer {
        let health = state.health?.status.flatMap { ["", "none"].contains($0) ? nil : $0 }
        var container = LiveContainer(
            id: id, spec: try spec(overlayNetworks, operation), imageID: image, status: state.status,
            pid: state.pid ?? 0, startedAt: state.startedAt ?? "", exitCode: state.exitCode ?? 0,
            error: state.error ?? "",
            health: health, networkIDs: endpoints.mapValues { $0.networkID ?? "" })
        container.createdAt = created ?? ""
        container.overlayAddresses = overlayAddresses(overlayNetworks)
        container.address = endpoints.sorted { $0.key < $1.key }.compactMap { $0.value.address?.orNil }.first
        for mount in mounts ?? [] where mount.kind == .volume {
            if let name = mount.name, name.isFullID { container.anonymousVolumes[mount.target] = name }
        }
        return container
    }

    private var endpoints: [String: Endpoint] {
        (networkSettings.networks ?? [:]).mapValues { $0 ?? Endpoint() }
    }

    private func spec(
        _ overlayNetworks: Set<String>, _ operation: String
    ) throws(DockerError) -> ContainerSpec {
        let plainName = name.hasPrefix("/") ? String(name.dropFirst()) : name
        var spec = ContainerSpec(name: plainName, image: config.image)
        spec.command = config.command
        spec.entrypoint = config.entrypoint
        spec.environment = environment
        spec.labels = config.labels ?? [:]
        // Compose sends TCP ports without the protocol, and the engine shows them as they were sent.
        let exposed = (config.exposedPorts ?? [:]).keys
        spec.exposedPorts = Set(exposed.map { $0.contains("/") ? $0 : $0 + "/tcp" })
        spec.user = config.user?.orNil
        spec.workingDirectory = config.workingDirectory?.orNil
        spec.hostname = config.hostname?.orNil
        spec.healthcheck = config.healthcheck?.healthcheck
        spec.stopTimeout = config.stopTimeout
        spec.stopSignal = config.stopSignal?.orNil
        spec.mounts = Set(mountPoints)
        spec.networkMode = networkMode
        spec.networks = networks(overlayNetworks)
        spec.ports = try ports(operation)
        hostConfig.apply(to: &spec)
        for mount in mounts ?? [] where mount.kind == .tmpfs {
            spec.tmpfs[mount.target] = hostConfig.tmpfsOptions(of: mount.target)
        }
        return spec
    }

    private var environment: [String: String?] {
        var environment: [String: String?] = [:]
        for line in config.environment ?? [] {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            // Of lines with the same name the process sees the last.
            environment.updateValue(parts.count == 2 ? String(parts[1]) : nil, forKey: String(parts[0]))
        }
        return environment
    }

    private var mountPoints: [Mount] {
        (mounts ?? []).compactMap { mount in
            switch mount.kind {
            case .tmpfs: return nil
            case .bind:
                return Mount(.bind, from: mount.source ?? "", to: mount.target, readOnly: !mount.isWritable)
            case .volume:
                let name = mount.name ?? ""
                // The engine names anonymous volumes by 64 random digits.
                let source = name.isFullID ? "" : name
                return Mount(.volume, from: source, to: mount.target, readOnly: !mount.isWritable)
            }
        }
    }

    /// The mode when it is one of the engine's own; the name of a user's network says nothing that `networks`
    /// does not say better.
    private var networkMode: String? {
        switch hostConfig.networkMode ?? "" {
        case "", "default", "bridge": "bridge"
        case let mode where mode == "host" || mode == "none" || mode.hasPrefix("container:"): mode
        default: nil
        }
    }

    private func networks(_ overlayNetworks: Set<String>) -> [String: EndpointSpec] {
        var networks: [String: EndpointSpec] = [:]
        // On `host` and `none` the endpoint is the mode itself; the default bridge can be left and joined.
        for (name, endpoint) in endpoints where name != networkMode || name == "bridge" {
            // Through API 1.44 the engine adds the short id to the aliases.
            let aliases = Set(endpoint.aliases ?? []).subtracting([id.shortID])
            let address = isOverlay(name, overlayNetworks) ? nil : endpoint.addressing?.ipv4Address?.orNil
            networks[name] = EndpointSpec(aliases: aliases, ipv4Address: address)
        }
        return networks
    }

    /// What the engine shows as fixed on overlay networks, where it shows those that it chose as well.
    func overlayAddresses(_ overlayNetworks: Set<String>) -> [String: String] {
        endpoints.filter { isOverlay($0.key, overlayNetworks) }
            .compactMapValues { $0.addressing?.ipv4Address?.orNil }
    }

    /// A worker of a Swarm lists an overlay only while a container uses it, but its id tells.
    private func isOverlay(_ network: String, _ overlayNetworks: Set<String>) -> Bool {
        let id = endpoints[network]?.networkID ?? ""
        return id.isSwarmID || overlayNetworks.contains(network) || overlayNetworks.contains(id)
    }

    private func ports(_ operation: String) throws(DockerError) -> Set<PortBinding> {
        var ports: Set<PortBinding> = []
        var bindings = (hostConfig.portBindings ?? [:]).mapValues { $0 ?? [] }
        if hostConfig.publishAllPorts == true {
            for key in (config.exposedPorts ?? [:]).keys where bindings[key] == nil {
                bindings[key] = [.init()]
            }
        }
        for (key, values) in bindings {
            let parts = key.split(separator: "/", maxSplits: 1)
            guard let first = parts.first, let port = Int(first) else {
                throw DockerError(
                    .undecodable, operation, "field HostConfig.PortBindings: \"\(key)\" is no port")
            }
            let proto = parts.count == 2 ? String(parts[1]) : "tcp"
            for value in values {
                // Of a range the engine chooses one, as it does of all ports when none is given.
                let hostPort = Int(value.port ?? "") ?? 0
                ports.insert(
                    PortBinding(
                        containerPort: port, proto: proto, hostAddress: value.address ?? "",
                        hostPort: hostPort))
            }
        }
        return ports
    }
}

extension WireHostConfig {
    fileprivate func apply(to spec: inout ContainerSpec) {
        let name = restart?.name?.orNil ?? "no"
        spec.restart = RestartPolicy(name: name, maximumRetries: restart?.maximumRetries ?? 0)
        spec.ipcMode = ipcMode?.orNil
        spec.memory = memory ?? 0
        spec.memorySwap = memorySwap ?? 0
        spec.nanoCPUs = nanoCPUs ?? 0
        // -1 and an absent value both mean "no limit".
        spec.pidsLimit = max(pidsLimit ?? 0, 0)
        spec.shmSize = shmSize ?? 0
        spec.ulimits = Set((ulimits ?? []).map { Ulimit(name: $0.name, soft: $0.soft, hard: $0.hard) })
        spec.capAdd = Set(capAdd ?? [])
        spec.capDrop = Set(capDrop ?? [])
        spec.securityOptions = Set(securityOptions ?? [])
        spec.devices = Set(
            (devices ?? []).map {
                DeviceMapping(
                    hostPath: $0.hostPath, containerPath: $0.containerPath, permissions: $0.permissions ?? "")
            })
        spec.deviceRequests = (deviceRequests ?? []).map {
            DeviceRequest(
                driver: $0.driver ?? "", count: $0.count ?? 0, deviceIDs: $0.deviceIDs ?? [],
                capabilities: $0.capabilities ?? [])
        }
        spec.tmpfs = tmpfs ?? [:]
        spec.readOnly = readOnly ?? false
        spec.usesInit = usesInit
        spec.sysctls = sysctls ?? [:]
        spec.extraHosts = Set(extraHosts ?? [])
        if let driver = logging?.driver?.orNil {
            spec.logging = LogConfig(driver: driver, options: logging?.options ?? [:])
        }
    }

    /// The options of a tmpfs that was asked for as a mount, written as `--tmpfs` writes them.
    fileprivate func tmpfsOptions(of target: String) -> String {
        let options = mounts?.first { $0.target == target }?.options
        let size = options?.size.map { ["size=\($0)"] } ?? []
        let mode = options?.mode.map { ["mode=" + String($0, radix: 8)] } ?? []
        return (size + mode).joined(separator: ",")
    }
}

extension String {
    /// `nil` for the empty text, by which the engine says "not set".
    var orNil: String? { isEmpty ? nil : self }
}
