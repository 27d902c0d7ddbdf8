import DesiredState

/// Changes of every field of a container, at least one for each place where the field is sent.
enum ContainerCases {
    static let image = "fields:bare"
    static let otherImage = "fields:other"
    static let network = "net"
    static let otherNetwork = "side"
    static let volume = "vol"

    static var base: ContainerSpec {
        var spec = ContainerSpec(name: "c", image: image)
        spec.command = ["sleep"]
        spec.networks = [network: EndpointSpec(aliases: ["c"])]
        return spec
    }

    static let all = process + networking + storage + limits + devices + isolation

    /// Those whose two sides a comparison tells apart.
    static let compared = all.filter { !["container_name", "networks.mac_address"].contains($0.field) }

    private static func change(
        _ field: String, from prepare: (inout ContainerSpec) -> Void = { _ in },
        to change: (inout ContainerSpec) -> Void
    ) -> FieldCase<ContainerSpec> {
        FieldCase(field, of: base, from: prepare, to: change)
    }

    private static func check(_ test: [String] = ["CMD", "a"]) -> Healthcheck {
        Healthcheck(
            test: test, interval: 5_000_000_000, timeout: 6_000_000_000, startPeriod: 7_000_000_000,
            retries: 8)
    }

    private static let process = [
        change("container_name") { $0.name = "other" },
        change("image") { $0.image = otherImage },
        change("command") { $0.command = ["sleep", "5"] },
        change("entrypoint") { $0.entrypoint = ["env"] },
        change("environment") { $0.environment = ["A": "1"] },
        change("environment", from: { $0.environment = ["A": "1"] }, to: { $0.environment = ["A": "2"] }),
        change("labels") { $0.labels["key"] = "value" },
        change("user") { $0.user = "1:1" },
        change("working_dir") { $0.workingDirectory = "/tmp" },
        change("healthcheck") { $0.healthcheck = check() },
        change(
            "healthcheck", from: { $0.healthcheck = check() }, to: { $0.healthcheck = check(["CMD", "b"]) }),
        change("healthcheck", from: { $0.healthcheck = check() }, to: { $0.healthcheck?.interval *= 2 }),
        change("healthcheck", from: { $0.healthcheck = check() }, to: { $0.healthcheck?.timeout *= 2 }),
        change("healthcheck", from: { $0.healthcheck = check() }, to: { $0.healthcheck?.startPeriod *= 2 }),
        change("healthcheck", from: { $0.healthcheck = check() }, to: { $0.healthcheck?.retries *= 2 }),
        change("stop_grace_period") { $0.stopTimeout = 33 },
        change("stop_signal") { $0.stopSignal = "SIGQUIT" },
        change("init") { $0.usesInit = true },
        change("restart") { $0.restart = RestartPolicy(name: "always") },
        change(
            "restart", from: { $0.restart = RestartPolicy(name: "on-failure", maximumRetries: 3) },
            to: { $0.restart.maximumRetries = 4 }),
    ]

    private static let published = PortBinding(containerPort: 80, hostPort: 31080)

    private static let networking = [
        change("expose") { $0.exposedPorts = ["99/tcp"] },
        change("ports") { $0.ports = [published] },
        change(
            "ports", from: { $0.ports = [published] },
            to: {
                $0.ports = [PortBinding(containerPort: 81, hostPort: 31080)]
            }),
        change(
            "ports", from: { $0.ports = [published] },
            to: {
                $0.ports = [PortBinding(containerPort: 80, hostPort: 31081)]
            }),
        change(
            "ports", from: { $0.ports = [published] },
            to: {
                $0.ports = [PortBinding(containerPort: 80, hostAddress: "127.0.0.1", hostPort: 31080)]
            }),
        change(
            "ports", from: { $0.ports = [published] },
            to: {
                $0.ports = [PortBinding(containerPort: 80, proto: "udp", hostPort: 31080)]
            }),
        change(
            "network_mode",
            from: {
                $0.networks = [:]
                $0.networkMode = "none"
            }, to: { $0.networkMode = "host" }),
        change(
            "networks", from: { $0.networks = [network: EndpointSpec()] },
            to: {
                $0.networks[otherNetwork] = EndpointSpec()
            }),
        change(
            "networks", from: { $0.networks = [network: EndpointSpec()] },
            to: {
                $0.networks = [otherNetwork: EndpointSpec()]
            }),
        change("networks.aliases") { $0.networks[network]?.aliases.insert("alias") },
        change("networks.ipv4_address") { $0.networks[network]?.ipv4Address = "10.251.7.77" },
        change("networks.mac_address") { $0.networks[network]?.macAddress = "02:42:00:00:00:07" },
        change("hostname") { $0.hostname = "name.example" },
        change("extra_hosts") { $0.extraHosts = ["peer:10.0.0.9"] },
    ]

    private static let mounted = Mount(.volume, from: volume, to: "/data")

    private static let storage = [
        change("mounts") { $0.mounts = [mounted] },
        change(
            "mounts", from: { $0.mounts = [mounted] },
            to: { $0.mounts = [Mount(.bind, from: "/etc", to: "/data")] }),
        change(
            "mounts", from: { $0.mounts = [mounted] },
            to: { $0.mounts = [Mount(.volume, from: volume, to: "/x")] }),
        change(
            "mounts", from: { $0.mounts = [mounted] },
            to: {
                $0.mounts = [Mount(.volume, from: volume, to: "/data", readOnly: true)]
            }),
        change("tmpfs") { $0.tmpfs = ["/run": "size=1m"] },
        change("tmpfs", from: { $0.tmpfs = ["/run": "size=1m"] }, to: { $0.tmpfs = ["/run": "size=2m"] }),
        change("read_only") { $0.readOnly = true },
    ]

    private static let limits = [
        change(
            "mem_limit",
            from: {
                $0.memory = 64 << 20
                $0.memorySwap = 256 << 20
            }, to: { $0.memory = 80 << 20 }),
        change(
            "memswap_limit",
            from: {
                $0.memory = 64 << 20
                $0.memorySwap = 128 << 20
            }, to: { $0.memorySwap = 256 << 20 }),
        change("cpus") { $0.nanoCPUs = 500_000_000 },
        change("pids_limit") { $0.pidsLimit = 100 },
        change("shm_size") { $0.shmSize = 8 << 20 },
        change("ulimits") { $0.ulimits = [Ulimit(name: "nofile", soft: 1000, hard: 2000)] },
        change(
            "ulimits", from: { $0.ulimits = [Ulimit(name: "nofile", soft: 1000, hard: 2000)] },
            to: {
                $0.ulimits = [Ulimit(name: "nofile", soft: 1000, hard: 3000)]
            }),
        change(
            "ulimits", from: { $0.ulimits = [Ulimit(name: "nofile", soft: 1000, hard: 2000)] },
            to: {
                $0.ulimits = [Ulimit(name: "nofile", soft: 1500, hard: 2000)]
            }),
    ]

    private static let gpu = DeviceRequest(driver: "", count: 1, deviceIDs: [], capabilities: [["gpu"]])

    private static let devices = [
        change("devices") { $0.devices = [DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/a")] },
        change(
            "devices", from: { $0.devices = [DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/a")] },
            to: {
                $0.devices = [DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/a", permissions: "r")]
            }),
        change("gpus") { $0.deviceRequests = [gpu] },
        change("gpus", from: { $0.deviceRequests = [gpu] }, to: { $0.deviceRequests[0].count = -1 }),
        change("gpus", from: { $0.deviceRequests = [gpu] }, to: { $0.deviceRequests[0].driver = "nvidia" }),
        change(
            "gpus", from: { $0.deviceRequests = [gpu] },
            to: {
                $0.deviceRequests[0].count = 0
                $0.deviceRequests[0].deviceIDs = ["GPU-1"]
            }),
        change(
            "gpus", from: { $0.deviceRequests = [gpu] },
            to: {
                $0.deviceRequests[0].capabilities = [["gpu", "compute"]]
            }),
    ]

    private static let isolation = [
        change("ipc") { $0.ipcMode = "shareable" },
        change("cap_add") { $0.capAdd = ["NET_ADMIN"] },
        change("cap_drop") { $0.capDrop = ["MKNOD"] },
        change("security_opt") { $0.securityOptions = ["no-new-privileges:true"] },
        change("sysctls") { $0.sysctls = ["net.core.somaxconn": "1024"] },
        change(
            "logging", from: { $0.logging = LogConfig(driver: "json-file", options: [:]) },
            to: {
                $0.logging = LogConfig(driver: "local", options: [:])
            }),
        change(
            "logging", from: { $0.logging = LogConfig(driver: "json-file", options: [:]) },
            to: {
                $0.logging = LogConfig(driver: "json-file", options: ["max-size": "1m"])
            }),
    ]
}
