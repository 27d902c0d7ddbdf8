import DesiredState
import Planning

/// `GET /containers/{id}/json`, as far as fatesync compares it.
struct WireContainer: Decodable {
    var id: String
    var name: String
    var created: String?
    var image: String
    var state: State
    var config: Config
    var hostConfig: WireHostConfig
    var mounts: [MountPoint]?
    var networkSettings: NetworkSettings

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case created = "Created"
        case image = "Image"
        case state = "State"
        case config = "Config"
        case hostConfig = "HostConfig"
        case mounts = "Mounts"
        case networkSettings = "NetworkSettings"
    }

    struct State: Decodable {
        var status: LiveContainer.Status
        var pid: Int32?
        var startedAt: String?
        var exitCode: Int?
        var error: String?
        var health: Health?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case pid = "Pid"
            case startedAt = "StartedAt"
            case exitCode = "ExitCode"
            case error = "Error"
            case health = "Health"
        }
    }

    struct Health: Decodable {
        var status: String?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
        }
    }

    struct Config: Decodable {
        var image: String
        var command: [String]?
        var entrypoint: [String]?
        var environment: [String]?
        var labels: [String: String]?
        var exposedPorts: [String: WireEmpty]?
        var user: String?
        var workingDirectory: String?
        var hostname: String?
        var macAddress: String?
        var healthcheck: WireHealthcheck?
        var stopTimeout: Int?
        var stopSignal: String?

        enum CodingKeys: String, CodingKey {
            case image = "Image"
            case command = "Cmd"
            case entrypoint = "Entrypoint"
            case environment = "Env"
            case labels = "Labels"
            case exposedPorts = "ExposedPorts"
            case user = "User"
            case workingDirectory = "WorkingDir"
            case hostname = "Hostname"
            case macAddress = "MacAddress"
            case healthcheck = "Healthcheck"
            case stopTimeout = "StopTimeout"
            case stopSignal = "StopSignal"
        }
    }

    /// What is really mounted, from `Mounts`, `Binds` and the image's volumes alike.
    struct MountPoint: Decodable {
        enum Kind: String, Decodable {
            case bind, volume, tmpfs
        }

        var kind: Kind
        var name: String?
        var source: String?
        var target: String
        var isWritable: Bool

        enum CodingKeys: String, CodingKey {
            case kind = "Type"
            case name = "Name"
            case source = "Source"
            case target = "Destination"
            case isWritable = "RW"
        }
    }

    struct NetworkSettings: Decodable {
        var networks: [String: Endpoint?]?

        enum CodingKeys: String, CodingKey {
            case networks = "Networks"
        }
    }

    struct Endpoint: Decodable {
        var addressing: Addressing?
        var aliases: [String]?
        var networkID: String?
        var address: String?
        var macAddress: String?

        enum CodingKeys: String, CodingKey {
            case addressing = "IPAMConfig"
            case aliases = "Aliases"
            case networkID = "NetworkID"
            case address = "IPAddress"
            case macAddress = "MacAddress"
        }
    }

    struct Addressing: Decodable {
        var ipv4Address: String?

        enum CodingKeys: String, CodingKey {
            case ipv4Address = "IPv4Address"
        }
    }
}

/// The `{}` that stands behind each key of a set.
struct WireEmpty: Decodable {}

struct WireHealthcheck: Decodable {
    var test: [String]?
    var interval: Int64?
    var timeout: Int64?
    var startPeriod: Int64?
    var retries: Int?

    enum CodingKeys: String, CodingKey {
        case test = "Test"
        case interval = "Interval"
        case timeout = "Timeout"
        case startPeriod = "StartPeriod"
        case retries = "Retries"
    }

    var healthcheck: Healthcheck {
        Healthcheck(
            test: test ?? [], interval: interval ?? 0, timeout: timeout ?? 0, startPeriod: startPeriod ?? 0,
            retries: retries ?? 0)
    }
}
