/// A Docker network as the desired state and `inspect` describe it.
public struct NetworkSpec: Sendable, Equatable, Codable {
    public var name: String
    public var driver: String
    public var driverOptions: [String: String]
    /// Subnets with optional gateway and range; empty lets the engine choose.
    public var pools: [AddressPool]
    public var attachable: Bool
    public var isInternal: Bool
    public var labels: [String: String]

    public init(
        name: String, driver: String = "bridge", driverOptions: [String: String] = [:],
        pools: [AddressPool] = [], attachable: Bool = false, isInternal: Bool = false,
        labels: [String: String] = [:]
    ) {
        self.name = name
        self.driver = driver
        self.driverOptions = driverOptions
        self.pools = pools
        self.attachable = attachable
        self.isInternal = isInternal
        self.labels = labels
    }
}

/// One address pool of a network.
public struct AddressPool: Sendable, Hashable, Codable {
    public var subnet: String
    public var gateway: String?
    public var range: String?

    public init(subnet: String, gateway: String? = nil, range: String? = nil) {
        self.subnet = subnet
        self.gateway = gateway
        self.range = range
    }
}

/// A Docker volume as the desired state and `inspect` describe it.
public struct VolumeSpec: Sendable, Equatable, Codable {
    public var name: String
    public var driver: String
    public var driverOptions: [String: String]
    public var labels: [String: String]

    public init(
        name: String, driver: String = "local", driverOptions: [String: String] = [:],
        labels: [String: String] = [:]
    ) {
        self.name = name
        self.driver = driver
        self.driverOptions = driverOptions
        self.labels = labels
    }
}

/// A directory that must exist on the host before a container starts.
///
/// It is never removed.
public struct DirectorySpec: Sendable, Equatable, Codable {
    public var path: String
    /// Permission bits, applied only when fatesync makes the directory.
    public var mode: UInt32
    /// Applied only when fatesync makes the directory; `nil` leaves the owner as it is.
    public var owner: FileOwner?

    public init(path: String, mode: UInt32 = 0o755, owner: FileOwner? = nil) {
        self.path = path
        self.mode = mode
        self.owner = owner
    }
}

/// Numeric owner of a file or directory.
public struct FileOwner: Sendable, Equatable, Codable {
    public var uid: UInt32
    public var gid: UInt32

    public init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }
}

/// A config file on the host.
public struct FileSpec: Sendable, Equatable {
    /// Absolute path on the host.
    public var path: String
    /// Path below `confs/`, for people.
    public var name: String
    public var content: [UInt8]
    /// How its readers understand it; `nil`: nobody knows, so every byte counts.
    public var format: ConfigFormat?
    public var mode: UInt32
    /// What its readers need after a change.
    public var onChange: ChangeEffect
    /// Keys of the outermost map that must hold maps themselves, or the readers fail.
    public var requiredMaps: Set<String>
    /// Whether readers keep what a key of the outermost map said after it is gone, until they start again.
    public var readersKeepRemovedKeys = false
    /// Whether the content holds a secret; then it never reaches a plan or the journal.
    public var isSecret: Bool
    /// What changes of single keys need; the first that names a key holds for it.
    public var rules: [ConfigKeyRule] = []
    /// The services that read keys which no rule names; `nil`: everyone who sees the file.
    public var readers: Set<String>?
    /// Why a change that no rule names waits for a person.
    public var confirmation: String?

    public init(
        path: String, name: String, content: [UInt8], format: ConfigFormat? = nil, mode: UInt32 = 0o644,
        onChange: ChangeEffect, requiredMaps: Set<String> = [], isSecret: Bool = false
    ) {
        self.path = path
        self.name = name
        self.content = content
        self.format = format
        self.mode = mode
        self.onChange = onChange
        self.requiredMaps = requiredMaps
        self.isSecret = isSecret
    }
}

/// What a changed config file needs to take effect.
public enum ChangeEffect: Sendable, Equatable {
    /// Nobody reads it while containers run, or each reader opens it anew.
    case nothing
    /// Its reader rereads it by itself within this many seconds.
    ///
    /// `restartIfUnreadable`: services that stop rereading for good once the file was missing or could not be
    /// read, and so are restarted, in this order, after a repair.
    case reload(withinSeconds: Int, restartIfUnreadable: [String] = [])
    /// The main processes of these services get the signal, upon which they reread it.
    case signal(ReloadSignal, services: [String])
    /// These services are restarted, in this order.
    case restart(services: [String])

    /// Seconds until its reader has reread it; `nil` when nobody rereads it by himself.
    public var reloadSeconds: Int? {
        if case .reload(let seconds, _) = self { seconds } else { nil }
    }

    /// The services that fatesync itself makes reread the file.
    public var services: [String] {
        switch self {
        case .nothing: []
        case .reload(_, let services), .signal(_, let services), .restart(let services): services
        }
    }
}

/// A signal by which programs are told to reread their files.
public enum ReloadSignal: String, Sendable, Codable, CaseIterable {
    case hangup = "HUP"
    case user1 = "USR1"
    case user2 = "USR2"
    case windowChange = "WINCH"
}

/// One service of a party: its container and what it needs first.
public struct ServiceSpec: Sendable, Equatable {
    /// The service name in compose.yaml.
    public var name: String
    public var container: ContainerSpec
    /// Services that are created and started before this one.
    public var dependsOn: [String]
    /// Those of `dependsOn` after whose restart or replacement this one is restarted too.
    public var restartsWith: [String]
    /// How the service shows that it serves; a healthcheck goes before it.
    public var probe: Probe?
    /// Directories in the container's writable layer whose content a recreate would lose.
    public var data: [String] = []
    /// Seconds between its stop signal and SIGKILL, if that is longer than what the container itself asks for.
    public var stopTimeout: Int?

    public init(
        name: String, container: ContainerSpec, dependsOn: [String] = [], restartsWith: [String] = []
    ) {
        self.name = name
        self.container = container
        self.dependsOn = dependsOn
        self.restartsWith = restartsWith
    }
}

/// Everything that one party is on one host.
public struct PartyResources: Sendable, Equatable {
    public var party: String
    /// Compose project name.
    public var project: String
    public var networks: [NetworkSpec]
    /// Networks over several hosts that another host makes; containers of this one only join them.
    public var joinedNetworks: [NetworkSpec] = []
    public var volumes: [VolumeSpec]
    public var directories: [DirectorySpec]
    public var files: [FileSpec]
    public var services: [ServiceSpec]
    /// Values of `type: secret`; used to mask text, never printed.
    public var secrets: Set<String>
    /// Values of every variable as an env file for Compose: those of secrets only where a placeholder stands for
    /// them.
    public var variables: [String: String]
    /// Whether objects with the party's names are taken over, whoever made them.
    public var adoptsExisting = false
    /// `nil` in a desired state that was put together without a blueprint.
    public var release: PartyRelease?
    /// How its running jobs are kept safe; `nil` when nobody can be asked for them.
    public var jobs: JobGuard?
    /// What counts only while a data directory is empty.
    public var firstStart: [FirstStartValue] = []

    public init(
        party: String, project: String, networks: [NetworkSpec] = [], volumes: [VolumeSpec] = [],
        directories: [DirectorySpec] = [], files: [FileSpec] = [], services: [ServiceSpec] = [],
        secrets: Set<String> = [], variables: [String: String] = [:]
    ) {
        self.party = party
        self.project = project
        self.networks = networks
        self.volumes = volumes
        self.directories = directories
        self.files = files
        self.services = services
        self.secrets = secrets
        self.variables = variables
    }
}

/// Label keys that fatesync sets on containers, networks and volumes.
public enum Labels {
    /// Identity of the party; what carries it and its project is fatesync's.
    public static let party = "io.fatesync.party"
    public static let service = "io.fatesync.service"
    public static let host = "io.fatesync.host"
    public static let composeProject = "com.docker.compose.project"
    public static let composeService = "com.docker.compose.service"
    public static let composeNetwork = "com.docker.compose.network"
    public static let composeVolume = "com.docker.compose.volume"
    public static let composeContainerNumber = "com.docker.compose.container-number"
    public static let composeOneOff = "com.docker.compose.oneoff"
    public static let composeConfigHash = "com.docker.compose.config-hash"
    public static let composeConfigFiles = "com.docker.compose.project.config_files"
}
