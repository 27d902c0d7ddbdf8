public import DesiredState

/// What Docker and the host's files really are, read once per pass.
///
/// A part that could not be read makes the whole snapshot fail: "could not read" is never "empty".
public struct LiveState: Sendable, Equatable {
    public var engine: EngineIdentity
    /// Containers of fatesync and those whose names the desired state wants, by full id.
    public var containers: [String: LiveContainer]
    /// All networks, by full id.
    public var networks: [String: LiveNetwork]
    /// All volumes, by name.
    public var volumes: [String: LiveVolume]
    /// Local images by the reference that was asked for; a missing key means "not on this host".
    public var images: [String: LiveImage]
    /// Files and directories that the desired state names, by absolute path; a missing key means "absent".
    public var files: [String: LiveFile]
    /// Main processes of running containers, by the container's full id; a missing key means that nothing is
    /// known of them here, as with an engine on another host.
    public var processes: [String: LiveProcess] = [:]
    /// What is remembered of config files, by the full id of a container that has not started again since, and
    /// by absolute path.
    public var readings: [String: [String: FileReading]] = [:]
    /// The modification time, in nanoseconds since 1970, of the version of a config file that a container runs
    /// with, where that is remembered; keys as those of `readings`.
    public var readVersions: [String: [String: Int64]] = [:]
    /// The blueprint that each party was last brought to, by party id, where that is remembered.
    public var blueprints: [String: String] = [:]
    /// `nil` when no desired service requests devices.
    public var devices: DeviceInventory?
    /// The engine's part in a Docker Swarm; `nil` when no desired network is an overlay.
    public var swarm: SwarmRole?
    /// Host ports that running containers hold, foreign ones included.
    public var publishedPorts: [PublishedPort] = []
    /// Routes of the engine's host; empty where they cannot be read.
    public var routes: [HostRoute] = []
    /// Who else holds host ports that the desired state wants; empty where that cannot be read.
    public var listeners: [HostListener] = []
    /// Owners of the directories for which the desired state names one.
    public var owners: [String: FileOwner] = [:]
    /// Directories that something is in, of those on whose emptiness something depends.
    public var filledDirectories: Set<String> = []
    /// The service's data directories that something was written below, by the full id of the container.
    ///
    /// Read only where a plan asks for it; what is missing is not known.
    public var writtenData: [String: [String]] = [:]

    public init(
        engine: EngineIdentity, containers: [String: LiveContainer] = [:],
        networks: [String: LiveNetwork] = [:], volumes: [String: LiveVolume] = [:],
        images: [String: LiveImage] = [:], files: [String: LiveFile] = [:],
        devices: DeviceInventory? = nil
    ) {
        self.engine = engine
        self.containers = containers
        self.networks = networks
        self.volumes = volumes
        self.images = images
        self.files = files
        self.devices = devices
    }
}

/// Which engine answered, and the API version that was agreed with it.
public struct EngineIdentity: Sendable, Equatable, Codable {
    /// Engine version, such as `20.10.24`.
    public var version: String
    /// Negotiated API version, such as `1.41`.
    public var apiVersion: String

    public init(version: String, apiVersion: String) {
        self.version = version
        self.apiVersion = apiVersion
    }

    /// Whether a create call says everything about each endpoint, as it does from API 1.44 on.
    public static func describesEndpoints(_ apiVersion: String) -> Bool {
        let parts = apiVersion.split(separator: ".").compactMap { Int($0) }
        return parts.count != 2 || (parts[0], parts[1]) >= (1, 44)
    }
}

/// What an engine is in a Docker Swarm, as its `info` says.
public enum SwarmRole: String, Sendable, Codable {
    /// No member, or one that has lost the others.
    case inactive
    case worker
    case manager
}

/// A container as `inspect` shows it.
public struct LiveContainer: Sendable, Equatable {
    /// `State.Status` of the Engine API.
    public enum Status: String, Sendable, Codable {
        case created, running, paused, restarting, removing, exited, dead
    }

    /// Full id, 64 hexadecimal digits.
    public var id: String
    /// The fields as the engine reports them, image defaults included; not normalised.
    public var spec: ContainerSpec
    /// Id of the image that the container was created from.
    public var imageID: String
    public var status: Status
    /// The main process by the engine's account; 0 when none runs.
    public var pid: Int32
    /// RFC 3339, as the engine prints it.
    public var startedAt: String
    /// RFC 3339; empty when the engine does not say.
    public var createdAt = ""
    public var exitCode: Int
    /// `State.Error`: why the last start failed; empty when it did not.
    public var error: String
    /// `healthy`, `unhealthy`, `starting`; `nil` without a healthcheck.
    public var health: String?
    /// Network name -> id of the network that the endpoint is pinned to; empty before the first start.
    public var networkIDs: [String: String]
    /// Its addresses on overlay networks, fixed or not, by network: nothing tells one from the other.
    public var overlayAddresses: [String: String] = [:]
    /// Names of its anonymous volumes, by the place in the container.
    public var anonymousVolumes: [String: String] = [:]
    /// Hardware addresses that somebody chose for it, by network; those that the engine made up are not here.
    public var macAddresses: [String: String] = [:]
    /// An address that it has now on one of its networks; `nil` when it has no network of its own.
    public var address: String?
    /// Whether it is ours by adoption, and carries no labels of ours in Docker.
    public var isAdopted = false

    public init(
        id: String, spec: ContainerSpec, imageID: String, status: Status, pid: Int32 = 0,
        startedAt: String = "",
        exitCode: Int = 0, error: String = "", health: String? = nil,
        networkIDs: [String: String] = [:]
    ) {
        self.id = id
        self.spec = spec
        self.imageID = imageID
        self.status = status
        self.pid = pid
        self.startedAt = startedAt
        self.exitCode = exitCode
        self.error = error
        self.health = health
        self.networkIDs = networkIDs
    }
}

/// A host port that a running container holds.
public struct PublishedPort: Sendable, Hashable {
    /// `0.0.0.0` and `::` are one entry each.
    public var hostAddress: String
    public var port: Int
    public var proto: String
    public var containerName: String
    public var containerID: String

    public init(
        hostAddress: String, port: Int, proto: String, containerName: String, containerID: String
    ) {
        self.hostAddress = hostAddress
        self.port = port
        self.proto = proto
        self.containerName = containerName
        self.containerID = containerID
    }
}

/// A network as the engine's list shows it.
public struct LiveNetwork: Sendable, Equatable {
    public var id: String
    public var spec: NetworkSpec
    /// Whether it is ours by adoption.
    public var isAdopted = false

    public init(id: String, spec: NetworkSpec) {
        self.id = id
        self.spec = spec
    }
}

/// A volume as the engine's list shows it.
public struct LiveVolume: Sendable, Equatable {
    public var spec: VolumeSpec
    /// Whether it is ours by adoption.
    public var isAdopted = false

    public init(spec: VolumeSpec) {
        self.spec = spec
    }
}

/// An image on this host, with the defaults that it gives to containers.
public struct LiveImage: Sendable, Equatable {
    public var id: String
    public var command: [String]
    public var entrypoint: [String]
    /// `NAME=value` lines.
    public var environment: [String]
    public var labels: [String: String]
    public var exposedPorts: Set<String>
    /// Targets that become anonymous volumes.
    public var volumes: Set<String>
    public var user: String
    public var workingDirectory: String
    public var stopSignal: String
    public var healthcheck: Healthcheck?

    public init(
        id: String, command: [String] = [], entrypoint: [String] = [], environment: [String] = [],
        labels: [String: String] = [:], exposedPorts: Set<String> = [], volumes: Set<String> = [],
        user: String = "", workingDirectory: String = "", stopSignal: String = "",
        healthcheck: Healthcheck? = nil
    ) {
        self.id = id
        self.command = command
        self.entrypoint = entrypoint
        self.environment = environment
        self.labels = labels
        self.exposedPorts = exposedPorts
        self.volumes = volumes
        self.user = user
        self.workingDirectory = workingDirectory
        self.stopSignal = stopSignal
        self.healthcheck = healthcheck
    }
}

/// A file or directory of the host.
public enum LiveFile: Sendable, Equatable {
    /// A regular file with its bytes, permission bits and modification time in nanoseconds since 1970.
    case file(content: [UInt8], mode: UInt32, modified: Int64)
    case directory
    /// Something that fatesync refuses to replace: a symbolic link, a device, a socket.
    case other(String)
}
