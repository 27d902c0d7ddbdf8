/// What one container should be, or is: the fields that fatesync sets, compares and journals.
///
/// Both sides of a comparison use this type: the desired side comes from compose.yaml, the live side from
/// `inspect`. Units: bytes, seconds or nanoseconds as each property says. An absent optional means
/// "the image's or the engine's default".
public struct ContainerSpec: Sendable, Equatable, Codable {
    public var name: String
    public var image: String
    public var command: [String]?
    public var entrypoint: [String]?
    /// `nil` as a value unsets a variable of the image.
    public var environment: [String: String?] = [:]
    public var labels: [String: String] = [:]
    /// Exposed ports, such as `9370/tcp`.
    public var exposedPorts: Set<String> = []
    public var ports: Set<PortBinding> = []
    public var mounts: Set<Mount> = []
    /// `bridge`, `none`, `host` or `container:NAME`; `nil` when `networks` decides.
    public var networkMode: String?
    /// Docker network name -> endpoint.
    public var networks: [String: EndpointSpec] = [:]
    public var restart = RestartPolicy(name: "no")
    public var ipcMode: String?
    public var user: String?
    public var workingDirectory: String?
    public var hostname: String?
    public var healthcheck: Healthcheck?
    /// Seconds between SIGTERM and SIGKILL.
    public var stopTimeout: Int?
    public var stopSignal: String?
    /// Bytes; 0 is no limit.
    public var memory: Int64 = 0
    /// Bytes of memory and swap together; -1 is unlimited, 0 the engine's default.
    public var memorySwap: Int64 = 0
    /// Billionths of a CPU; 0 is no limit.
    public var nanoCPUs: Int64 = 0
    /// 0 is no limit.
    public var pidsLimit: Int64 = 0
    /// Bytes; 0 is the engine's default.
    public var shmSize: Int64 = 0
    public var ulimits: Set<Ulimit> = []
    public var capAdd: Set<String> = []
    public var capDrop: Set<String> = []
    public var securityOptions: Set<String> = []
    public var devices: Set<DeviceMapping> = []
    public var deviceRequests: [DeviceRequest] = []
    /// Target -> mount options.
    public var tmpfs: [String: String] = [:]
    public var readOnly = false
    public var usesInit: Bool?
    public var sysctls: [String: String] = [:]
    public var logging: LogConfig?
    /// `host:address` pairs.
    public var extraHosts: Set<String> = []

    public init(name: String, image: String) {
        self.name = name
        self.image = image
    }
}

extension ContainerSpec {
    /// Names of the containers whose namespaces this one joins; it holds on to the very container.
    public var sharedContainers: [String] {
        [networkMode, ipcMode].compactMap { mode in
            guard let mode, mode.hasPrefix("container:") else { return nil }
            return String(mode.dropFirst("container:".count))
        }
    }
}

/// A published port.
public struct PortBinding: Sendable, Hashable, Codable {
    public var containerPort: Int
    /// `tcp`, `udp` or `sctp`.
    public var proto: String
    /// Empty: every address, IPv4 and IPv6.
    public var hostAddress: String
    /// 0: the engine chooses one at each start.
    public var hostPort: Int

    public init(containerPort: Int, proto: String = "tcp", hostAddress: String = "", hostPort: Int) {
        self.containerPort = containerPort
        self.proto = proto
        self.hostAddress = hostAddress
        self.hostPort = hostPort
    }
}

/// A bind mount or a volume at a place in the container.
public struct Mount: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable {
        case bind, volume
    }

    public var kind: Kind
    /// Absolute host path, or Docker volume name; empty for an anonymous volume.
    public var source: String
    public var target: String
    public var readOnly: Bool

    public init(_ kind: Kind, from source: String, to target: String, readOnly: Bool = false) {
        self.kind = kind
        self.source = source
        self.target = target
        self.readOnly = readOnly
    }
}

/// How a container sits on a network.
public struct EndpointSpec: Sendable, Hashable, Codable {
    public var aliases: Set<String>
    /// A fixed address; `nil` lets the engine choose.
    public var ipv4Address: String?
    /// A hardware address that the old container had and its successor is to keep; never from a file.
    public var macAddress: String?

    public init(aliases: Set<String> = [], ipv4Address: String? = nil) {
        self.aliases = aliases
        self.ipv4Address = ipv4Address
    }
}

/// When the engine restarts a container by itself.
public struct RestartPolicy: Sendable, Hashable, Codable {
    /// `no`, `always`, `unless-stopped` or `on-failure`.
    public var name: String
    /// Only with `on-failure`; 0 is no limit.
    public var maximumRetries: Int

    public init(name: String, maximumRetries: Int = 0) {
        self.name = name
        self.maximumRetries = maximumRetries
    }
}

/// A command that the engine runs to judge a container's health.
///
/// Times are in nanoseconds.
public struct Healthcheck: Sendable, Hashable, Codable {
    /// Docker's form: `["CMD", ...]`, `["CMD-SHELL", line]` or `["NONE"]`.
    public var test: [String]
    public var interval: Int64
    public var timeout: Int64
    public var startPeriod: Int64
    public var retries: Int

    public init(test: [String], interval: Int64, timeout: Int64, startPeriod: Int64, retries: Int) {
        self.test = test
        self.interval = interval
        self.timeout = timeout
        self.startPeriod = startPeriod
        self.retries = retries
    }
}

/// A process limit.
public struct Ulimit: Sendable, Hashable, Codable {
    public var name: String
    public var soft: Int64
    public var hard: Int64

    public init(name: String, soft: Int64, hard: Int64) {
        self.name = name
        self.soft = soft
        self.hard = hard
    }
}

/// A device node of the host in the container.
public struct DeviceMapping: Sendable, Hashable, Codable {
    public var hostPath: String
    public var containerPath: String
    /// Letters of `rwm`.
    public var permissions: String

    public init(hostPath: String, containerPath: String, permissions: String = "rwm") {
        self.hostPath = hostPath
        self.containerPath = containerPath
        self.permissions = permissions
    }
}

/// A request for GPUs or other devices that a driver injects.
public struct DeviceRequest: Sendable, Hashable, Codable {
    public var driver: String
    /// -1: all; 0 when `deviceIDs` names them.
    public var count: Int
    public var deviceIDs: [String]
    public var capabilities: [[String]]

    public init(driver: String, count: Int, deviceIDs: [String], capabilities: [[String]]) {
        self.driver = driver
        self.count = count
        self.deviceIDs = deviceIDs
        self.capabilities = capabilities
    }
}

/// Where the output of a container goes.
public struct LogConfig: Sendable, Hashable, Codable {
    public var driver: String
    public var options: [String: String]

    public init(driver: String, options: [String: String]) {
        self.driver = driver
        self.options = options
    }
}
