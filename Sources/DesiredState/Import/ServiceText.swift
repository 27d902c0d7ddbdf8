/// Writes a container that runs as a service of a Compose file, without what its image brings.
struct ServiceText {
    private let spec: ContainerSpec
    private let image: LiveDeployment.ImageDefaults
    private let id: String
    private(set) var entries: [ConfigEntry] = []

    /// - Parameters:
    ///   - service: The name that the service gets.
    ///   - network: The key of each network by its name.
    ///   - volume: The key of each volume by its name.
    init(
        _ container: LiveDeployment.Container, service: String, containerName: String?,
        network: [String: String], volume: [String: String]
    ) {
        spec = container.spec
        image = container.image ?? LiveDeployment.ImageDefaults()
        id = container.id
        if let containerName { add("container_name", .string(containerName)) }
        add("image", .string(spec.image))
        addProcess()
        addNetworking(service, network)
        addMounts(volume)
        addResources()
        addIsolation()
    }

    private mutating func add(_ key: String, _ value: ConfigValue) {
        entries.append(ConfigEntry(key, value))
    }

    private mutating func add(_ key: String, list: some Sequence<String>) {
        let elements = list.map(ConfigValue.string)
        if !elements.isEmpty { add(key, .list(elements)) }
    }

    private mutating func add(_ key: String, map: [String: String]) {
        let entries = map.sorted { $0.key < $1.key }.map { ConfigEntry($0.key, .string($0.value)) }
        if !entries.isEmpty { add(key, .map(entries)) }
    }

    private mutating func add(_ key: String, _ text: String?, unless other: String = "") {
        if let text, !text.isEmpty, text != other { add(key, .string(text)) }
    }

    private mutating func add(_ key: String, _ number: Int64, unless other: Int64 = 0) {
        if number != other { add(key, .integer(number)) }
    }

    private mutating func addProcess() {
        let entrypoint = (spec.entrypoint ?? []).filter { !$0.isEmpty }
        let command = spec.command ?? []
        if entrypoint != image.entrypoint { add("entrypoint", list: entrypoint) }
        if command != image.command || entrypoint != image.entrypoint { add("command", list: command) }
        let brought = Set(image.environment)
        let own = spec.environment.compactMapValues(\.self).filter {
            !brought.contains("\($0.key)=\($0.value)")
        }
        add("environment", map: own)
        let labels = spec.labels.filter { key, value in
            image.labels[key] != value && !key.hasPrefix("com.docker.compose.")
                && !key.hasPrefix("io.fatesync.")
        }
        add("labels", map: labels)
        add("user", spec.user, unless: image.user)
        add("working_dir", spec.workingDirectory, unless: image.workingDirectory)
        if let check = spec.healthcheck, check != image.healthcheck { add("healthcheck", Self.text(check)) }
        if let seconds = spec.stopTimeout, seconds != 10 { add("stop_grace_period", .string("\(seconds)s")) }
        add("stop_signal", spec.stopSignal, unless: image.stopSignal.isEmpty ? "SIGTERM" : image.stopSignal)
        let retries = spec.restart.maximumRetries
        add("restart", spec.restart.name + (retries > 0 ? ":\(retries)" : ""), unless: "no")
        if let usesInit = spec.usesInit, usesInit { add("init", .bool(true)) }
    }

    private static func text(_ check: Healthcheck) -> ConfigValue {
        var entries = [ConfigEntry("test", .list(check.test.map(ConfigValue.string)))]
        for (key, time) in [
            ("interval", check.interval), ("timeout", check.timeout), ("start_period", check.startPeriod),
        ] where time > 0 {
            let isWhole = time % 1_000_000_000 == 0
            let text = isWhole ? "\(time / 1_000_000_000)s" : "\(time)ns"
            entries.append(ConfigEntry(key, .string(text)))
        }
        if check.retries > 0 { entries.append(ConfigEntry("retries", .integer(Int64(check.retries)))) }
        return .map(entries)
    }

    private mutating func addNetworking(_ service: String, _ keys: [String: String]) {
        if let mode = spec.networkMode, mode != "bridge" || keys.isEmpty || spec.networks["bridge"] != nil {
            add("network_mode", mode, unless: "")
        } else {
            let networks = spec.networks.sorted { $0.key < $1.key }.compactMap {
                name, endpoint -> ConfigEntry? in
                keys[name].map { ConfigEntry($0, text(endpoint, service)) }
            }
            if !networks.isEmpty { add("networks", .map(networks)) }
        }
        let ports = spec.ports.sorted { ($0.containerPort, $0.hostPort) < ($1.containerPort, $1.hostPort) }
        add("ports", list: ports.map(Self.text))
        let published = Set(ports.map { "\($0.containerPort)/\($0.proto)" })
        add("expose", list: spec.exposedPorts.subtracting(image.exposedPorts).subtracting(published).sorted())
        if let hostname = spec.hostname, !id.hasPrefix(hostname) { add("hostname", hostname) }
        add("extra_hosts", list: spec.extraHosts.sorted())
    }

    private func text(_ endpoint: EndpointSpec, _ service: String) -> ConfigValue {
        var entries: [ConfigEntry] = []
        let others = endpoint.aliases.filter { alias in
            alias != service && alias != spec.hostname && alias != spec.name && !id.hasPrefix(alias)
        }
        if !others.isEmpty {
            entries.append(ConfigEntry("aliases", .list(others.sorted().map(ConfigValue.string))))
        }
        if let address = endpoint.ipv4Address {
            entries.append(ConfigEntry("ipv4_address", .string(address)))
        }
        return entries.isEmpty ? .null : .map(entries)
    }

    private static func text(_ port: PortBinding) -> String {
        let address = port.hostAddress.contains(":") ? "[\(port.hostAddress)]" : port.hostAddress
        let host = port.hostPort > 0 ? "\(port.hostPort):" : address.isEmpty ? "" : ":"
        return (address.isEmpty ? "" : address + ":") + host + "\(port.containerPort)"
            + (port.proto == "tcp" ? "" : "/\(port.proto)")
    }

    private mutating func addMounts(_ keys: [String: String]) {
        let mounts = spec.mounts.sorted { $0.target < $1.target }.compactMap { mount -> String? in
            let end = mount.readOnly ? ":ro" : ""
            if mount.kind == .bind { return "\(mount.source):\(mount.target)\(end)" }
            if mount.source.isEmpty { return image.volumes.contains(mount.target) ? nil : mount.target }
            return "\(keys[mount.source] ?? mount.source):\(mount.target)\(end)"
        }
        add("volumes", list: mounts)
        let tmpfs = spec.tmpfs.sorted { $0.key < $1.key }.map { $0 + ($1.isEmpty ? "" : ":\($1)") }
        add("tmpfs", list: tmpfs)
        if spec.readOnly { add("read_only", .bool(true)) }
    }

    private mutating func addResources() {
        add("mem_limit", spec.memory)
        if spec.memory > 0, spec.memorySwap != 0, spec.memorySwap != spec.memory * 2 {
            add("memswap_limit", .integer(spec.memorySwap))
        }
        if spec.nanoCPUs > 0 {
            let digits = String(spec.nanoCPUs % 1_000_000_000 + 1_000_000_000).dropFirst()
            add("cpus", .string("\(spec.nanoCPUs / 1_000_000_000).\(digits)"))
        }
        add("pids_limit", max(spec.pidsLimit, 0))
        add("shm_size", spec.shmSize, unless: spec.shmSize == 64 << 20 ? 64 << 20 : 0)
        let limits = spec.ulimits.sorted { $0.name < $1.name }.map { limit in
            ConfigEntry(
                limit.name, .map(["soft": .integer(limit.soft), "hard": .integer(limit.hard)]))
        }
        if !limits.isEmpty { add("ulimits", .map(limits)) }
        let devices = spec.devices.sorted { $0.hostPath < $1.hostPath }.map {
            "\($0.hostPath):\($0.containerPath):\($0.permissions)"
        }
        add("devices", list: devices)
        let requests = spec.deviceRequests.map(Self.text)
        if !requests.isEmpty {
            add("deploy", .map(["resources": .map(["reservations": .map(["devices": .list(requests)])])]))
        }
    }

    private static func text(_ request: DeviceRequest) -> ConfigValue {
        var entries: [ConfigEntry] = []
        if !request.driver.isEmpty { entries.append(ConfigEntry("driver", .string(request.driver))) }
        if !request.deviceIDs.isEmpty {
            let ids = request.deviceIDs.map(ConfigValue.string)
            entries.append(ConfigEntry("device_ids", .list(ids)))
        } else {
            let count: ConfigValue = request.count < 0 ? .string("all") : .integer(Int64(request.count))
            entries.append(ConfigEntry("count", count))
        }
        let capabilities = request.capabilities.first ?? []
        entries.append(ConfigEntry("capabilities", .list(capabilities.map(ConfigValue.string))))
        return .map(entries)
    }

    private mutating func addIsolation() {
        add("ipc", spec.ipcMode, unless: "private")
        add("cap_add", list: spec.capAdd.sorted())
        add("cap_drop", list: spec.capDrop.sorted())
        add("security_opt", list: spec.securityOptions.sorted())
        add("sysctls", map: spec.sysctls)
        // The daemon's own choice is shown like one that somebody made.
        guard let logging = spec.logging, logging.driver != "json-file" || !logging.options.isEmpty else {
            return
        }
        var entries = [ConfigEntry("driver", .string(logging.driver))]
        let options = logging.options.sorted { $0.key < $1.key }.map {
            ConfigEntry($0.key, .string($0.value))
        }
        if !options.isEmpty { entries.append(ConfigEntry("options", .map(options))) }
        add("logging", .map(entries))
    }
}
