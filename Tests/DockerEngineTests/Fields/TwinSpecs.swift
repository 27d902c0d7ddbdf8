import DesiredState

/// Specs whose every value an engine rewrites, merges or fills in somehow.
enum TwinSpecs {
    static let all = cases + overImages + others

    typealias Titled = (title: String, spec: ContainerSpec)

    private static let cases: [Titled] = ContainerCases.all.filter { $0.field != "container_name" }.flatMap {
        [("\($0.field), before", $0.from), ("\($0.field), after", $0.to)]
    }

    /// What an image has a say in, over images with all, some and none of the defaults.
    private static let overImages: [Titled] = [
        TwinImages.full, TwinImages.entrypoint, TwinImages.command, TwinImages.bare,
    ]
    .flatMap { image in
        process.enumerated().map { index, change in
            var spec = ContainerSpec(name: "c", image: image)
            spec.networks = [ContainerCases.network: EndpointSpec()]
            // Without an own one the engine refuses what has no command at all.
            if image == TwinImages.bare { spec.command = ["sleep"] }
            change(&spec)
            return ("image \(image), change \(index)", spec)
        }
    }

    private static let process: [@Sendable (inout ContainerSpec) -> Void] = [
        { _ in },
        { $0.command = ["x", "y"] },
        { $0.entrypoint = ["e"] },
        {
            $0.entrypoint = ["e"]
            $0.command = ["x"]
        },
        {
            $0.entrypoint = []
            $0.command = ["x"]
        },
        {
            $0.entrypoint = [""]
            $0.command = ["x"]
        },
        {
            $0.entrypoint = ["e"]
            $0.command = []
        },
        { $0.environment = ["A": "mine", "NEW": "", "B": nil] },
        {
            $0.labels["l"] = "mine"
            $0.labels["new"] = ""
        },
        {
            $0.user = ""
            $0.workingDirectory = ""
        },
        {
            $0.user = "1000"
            $0.workingDirectory = "/a//b/"
        },
        { $0.exposedPorts = ["7/tcp", "9/tcp"] },
        {
            $0.ports = [
                PortBinding(containerPort: 7, hostPort: 31007), PortBinding(containerPort: 10, hostPort: 0),
            ]
        },
        { $0.mounts = [Mount(.volume, from: ContainerCases.volume, to: "/vol")] },
        { $0.mounts = [Mount(.volume, from: "", to: "/vol"), Mount(.volume, from: "", to: "/mine/")] },
        { $0.tmpfs = ["/vol": "size=1m", "/tmp/": "mode=1777,size=65536k"] },
        { $0.healthcheck = Healthcheck(test: ["NONE"], interval: 0, timeout: 0, startPeriod: 0, retries: 0) },
        {
            $0.healthcheck = Healthcheck(
                test: [], interval: 9_000_000_000, timeout: 0, startPeriod: 0, retries: 0)
        },
        {
            $0.healthcheck = Healthcheck(
                test: ["CMD", "z"], interval: 0, timeout: 0, startPeriod: 0, retries: 1)
        },
        {
            $0.healthcheck = Healthcheck(
                test: ["CMD-SHELL", "z"], interval: 0, timeout: 0, startPeriod: 0, retries: 0)
        },
        { $0.stopSignal = "TERM" },
        {
            $0.stopSignal = ""
            $0.stopTimeout = 10
        },
    ]

    private static let others: [Titled] = changes.enumerated().map { index, change in
        var spec = ContainerCases.base
        change(&spec)
        return ("other \(index)", spec)
    }

    private static let changes: [@Sendable (inout ContainerSpec) -> Void] = [
        { $0.networks = [:] },
        {
            $0.networks = [:]
            $0.networkMode = "bridge"
        },
        {
            $0.networks = [:]
            $0.networkMode = "none"
            $0.hostname = "h"
        },
        {
            $0.networks = [:]
            $0.networkMode = "host"
        },
        { $0.hostname = "c" },
        {
            $0.hostname = "a.b.c"
            $0.networks[ContainerCases.network]?.aliases = ["a.b.c", "x"]
        },
        { $0.ipcMode = "host" },
        { $0.ipcMode = "none" },
        { $0.ipcMode = "private" },
        { $0.memory = 16 << 20 },
        {
            $0.memory = 16 << 20
            $0.memorySwap = -1
        },
        { $0.usesInit = false },
        { $0.restart = RestartPolicy(name: "unless-stopped") },
        {
            $0.capAdd = ["cap_chown", "CAP_KILL"]
            $0.capDrop = ["all"]
        },
        { $0.securityOptions = ["label=disable"] },
        { $0.securityOptions = ["label:disable", "no-new-privileges"] },
        { $0.securityOptions = ["no-new-privileges:false", "seccomp=unconfined"] },
        { $0.extraHosts = ["a:10.0.0.1", "b:host-gateway", "c:::1"] },
        { $0.logging = LogConfig(driver: "none", options: [:]) },
        { $0.logging = LogConfig(driver: "local", options: ["max-size": "1m", "max-file": "3"]) },
        { $0.ulimits = [Ulimit(name: "core", soft: -1, hard: -1), Ulimit(name: "nproc", soft: 5, hard: 5)] },
        { $0.devices = [DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/null")] },
        { $0.sysctls = ["net.ipv4.tcp_syncookies": "0", "net.core.somaxconn": "512"] },
        {
            $0.ports = [
                PortBinding(containerPort: 80, hostAddress: "127.0.0.1", hostPort: 31080),
                PortBinding(containerPort: 80, hostAddress: "0.0.0.0", hostPort: 31080),
                PortBinding(containerPort: 53, proto: "udp", hostPort: 31053),
                PortBinding(containerPort: 53, proto: "tcp", hostPort: 0),
            ]
        },
        {
            $0.deviceRequests = [
                DeviceRequest(driver: "cdi", count: 0, deviceIDs: ["v.com/c=a"], capabilities: [])
            ]
        },
        everything,
    ]

    @Sendable private static func everything(_ spec: inout ContainerSpec) {
        // Changes of the mode of the network and limits that exclude each other apart.
        spec.image = TwinImages.full
        spec.environment = ["A": "1"]
        spec.ports = [PortBinding(containerPort: 80, hostPort: 31080)]
        spec.mounts = [
            Mount(.volume, from: ContainerCases.volume, to: "/vol", readOnly: true),
            Mount(.bind, from: "/etc", to: "/e"),
        ]
        spec.networks[ContainerCases.otherNetwork] = EndpointSpec(aliases: ["z", "y"])
        spec.networks[ContainerCases.network]?.ipv4Address = "10.251.7.78"
        spec.tmpfs = ["/data": ""]
        spec.memory = 64 << 20
        spec.nanoCPUs = 250_000_000
        spec.pidsLimit = 7
        spec.restart = RestartPolicy(name: "on-failure", maximumRetries: 2)
        spec.usesInit = true
        spec.ipcMode = "shareable"
        spec.readOnly = true
        spec.stopSignal = "9"
    }
}

/// Images made for the tests: nothing in them, and defaults of all kinds.
enum TwinImages {
    static let bare = ContainerCases.image
    static let full = "fields:full"
    static let entrypoint = "fields:entrypoint"
    static let command = "fields:command"

    /// Instructions of a Dockerfile, by image.
    static let all: [String: [String]] = [
        bare: ["LABEL which=bare"], ContainerCases.otherImage: ["LABEL which=bare"],
        entrypoint: ["ENTRYPOINT [\"entry\"]"], command: ["CMD [\"cmd\", \"a\"]"],
        full: [
            "ENTRYPOINT [\"entry\", \"a\"]", "CMD [\"cmd\"]", "ENV A=image B=image", "EXPOSE 7/tcp 8/udp",
            "LABEL l=image k=image", "USER 5:5", "VOLUME /vol /data", "WORKDIR /work/dir/",
            "HEALTHCHECK --interval=5s --timeout=6s --start-period=7s --retries=4 CMD ok",
        ],
    ]
}
