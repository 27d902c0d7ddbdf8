import DesiredState

/// One field of a container: its name, what a change of it needs, and its value in a normalised spec.
struct ContainerField: Sendable {
    let name: String
    let rung: Rung
    let value: @Sendable (ContainerSpec) -> FieldValue

    private init(
        _ name: String, _ rung: Rung = .recreate, _ value: @escaping @Sendable (ContainerSpec) -> FieldValue
    ) {
        self.name = name
        self.rung = rung
        self.value = value
    }

    /// Every field that is compared, in the order in which plans list them.
    ///
    /// The networks of a container are compared endpoint by endpoint, apart from this table.
    static let all: [ContainerField] = [
        .init("image") { .scalar($0.image) },
        .init("command") { .list($0.command) },
        .init("entrypoint") { .list($0.entrypoint) },
        .init("environment") { .entries($0.environment.mapValues { $0 ?? "(unset)" }) },
        .init("labels") { .entries($0.labels) },
        .init("expose") { .set($0.exposedPorts) },
        .init("ports") { .set($0.ports.map(\.text)) },
        .init("mounts") { .set($0.mounts.map(\.text)) },
        .init("network_mode") { .text($0.networkMode) },
        .init("restart", .updateInPlace) { .scalar($0.restart.text) },
        .init("mem_limit", .updateInPlace) { .scalar("\($0.memory)") },
        .init("memswap_limit", .updateInPlace) { .scalar("\($0.memorySwap)") },
        .init("cpus", .updateInPlace) { .scalar("\($0.nanoCPUs)n") },
        .init("pids_limit", .updateInPlace) { .scalar("\($0.pidsLimit)") },
        .init("ipc") { .text($0.ipcMode) },
        .init("user") { .text($0.user) },
        .init("working_dir") { .text($0.workingDirectory) },
        .init("hostname") { .text($0.hostname) },
        .init("healthcheck") { .list($0.healthcheck?.elements) },
        .init("stop_grace_period") { .text($0.stopTimeout.map { "\($0)s" }) },
        .init("stop_signal") { .text($0.stopSignal) },
        .init("shm_size") { .scalar("\($0.shmSize)") },
        .init("ulimits") { .set($0.ulimits.map { "\($0.name)=\($0.soft):\($0.hard)" }) },
        .init("cap_add") { .set($0.capAdd) },
        .init("cap_drop") { .set($0.capDrop) },
        .init("security_opt") { .set($0.securityOptions) },
        .init("devices") { .set($0.devices.map { "\($0.hostPath):\($0.containerPath):\($0.permissions)" }) },
        .init("gpus") { .set($0.deviceRequests.map(\.text)) },
        .init("tmpfs") { .entries($0.tmpfs) },
        .init("read_only") { .scalar("\($0.readOnly)") },
        .init("init") { .scalar("\($0.usesInit ?? false)") },
        .init("sysctls") { .entries($0.sysctls) },
        .init("logging") { .list($0.logging?.elements) },
        .init("extra_hosts") { .set($0.extraHosts) },
    ]
}

extension PortBinding {
    /// Compose's short form, `address:host:container/proto`.
    var text: String {
        let address = hostAddress.isEmpty ? "" : "\(hostAddress):"
        let host = hostPort == 0 ? "" : "\(hostPort):"
        return "\(address)\(host)\(containerPort)/\(proto)"
    }
}

extension Mount {
    /// Compose's short form, `source:target[:ro]`.
    var text: String {
        (source.isEmpty ? "(anonymous volume)" : source) + ":\(target)" + (readOnly ? ":ro" : "")
    }
}

extension RestartPolicy {
    var text: String { maximumRetries > 0 ? "\(name):\(maximumRetries)" : name }
}

extension Healthcheck {
    var elements: [String] {
        test + [
            "every \(interval)ns", "timeout \(timeout)ns", "start period \(startPeriod)ns",
            "retries \(retries)",
        ]
    }
}

extension DeviceRequest {
    var text: String {
        let ids = deviceIDs.isEmpty ? "count=\(count)" : "ids=\(deviceIDs.joined(separator: ","))"
        let wanted = capabilities.map { $0.sorted().joined(separator: "+") }.joined(separator: "|")
        return "\(driver.isEmpty ? "default" : driver) \(ids) \(wanted)"
    }
}

extension LogConfig {
    var elements: [String] {
        [driver] + options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}

extension EndpointSpec {
    var text: String {
        (ipv4Address.map { "\($0) " } ?? "") + "[" + aliases.sorted().joined(separator: ", ") + "]"
    }
}
