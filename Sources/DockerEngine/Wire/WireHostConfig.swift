import DesiredState

/// `HostConfig` of a container.
struct WireHostConfig: Decodable {
    var networkMode: String?
    var restart: Restart?
    var portBindings: [String: [Binding]?]?
    var publishAllPorts: Bool?
    var mounts: [TmpfsMount]?
    var ipcMode: String?
    var memory: Int64?
    var memorySwap: Int64?
    var nanoCPUs: Int64?
    var pidsLimit: Int64?
    var shmSize: Int64?
    var ulimits: [Limit]?
    var capAdd: [String]?
    var capDrop: [String]?
    var securityOptions: [String]?
    var devices: [Device]?
    var deviceRequests: [Request]?
    var tmpfs: [String: String]?
    var readOnly: Bool?
    var usesInit: Bool?
    var sysctls: [String: String]?
    var logging: Logging?
    var extraHosts: [String]?

    enum CodingKeys: String, CodingKey {
        case networkMode = "NetworkMode"
        case restart = "RestartPolicy"
        case portBindings = "PortBindings"
        case publishAllPorts = "PublishAllPorts"
        case mounts = "Mounts"
        case ipcMode = "IpcMode"
        case memory = "Memory"
        case memorySwap = "MemorySwap"
        case nanoCPUs = "NanoCpus"
        case pidsLimit = "PidsLimit"
        case shmSize = "ShmSize"
        case ulimits = "Ulimits"
        case capAdd = "CapAdd"
        case capDrop = "CapDrop"
        case securityOptions = "SecurityOpt"
        case devices = "Devices"
        case deviceRequests = "DeviceRequests"
        case tmpfs = "Tmpfs"
        case readOnly = "ReadonlyRootfs"
        case usesInit = "Init"
        case sysctls = "Sysctls"
        case logging = "LogConfig"
        case extraHosts = "ExtraHosts"
    }

    struct Restart: Decodable {
        var name: String?
        var maximumRetries: Int?

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case maximumRetries = "MaximumRetryCount"
        }
    }

    struct Binding: Decodable {
        var address: String?
        var port: String?

        enum CodingKeys: String, CodingKey {
            case address = "HostIp"
            case port = "HostPort"
        }
    }

    /// Only the options of a tmpfs are read here; all else about mounts is in the effective ones.
    struct TmpfsMount: Decodable {
        var target: String?
        var options: TmpfsOptions?

        enum CodingKeys: String, CodingKey {
            case target = "Target"
            case options = "TmpfsOptions"
        }
    }

    struct TmpfsOptions: Decodable {
        var size: Int64?
        var mode: Int?

        enum CodingKeys: String, CodingKey {
            case size = "SizeBytes"
            case mode = "Mode"
        }
    }

    struct Limit: Decodable {
        var name: String
        var soft: Int64
        var hard: Int64

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case soft = "Soft"
            case hard = "Hard"
        }
    }

    struct Device: Decodable {
        var hostPath: String
        var containerPath: String
        var permissions: String?

        enum CodingKeys: String, CodingKey {
            case hostPath = "PathOnHost"
            case containerPath = "PathInContainer"
            case permissions = "CgroupPermissions"
        }
    }

    struct Request: Decodable {
        var driver: String?
        var count: Int?
        var deviceIDs: [String]?
        var capabilities: [[String]]?

        enum CodingKeys: String, CodingKey {
            case driver = "Driver"
            case count = "Count"
            case deviceIDs = "DeviceIDs"
            case capabilities = "Capabilities"
        }
    }

    struct Logging: Decodable {
        var driver: String?
        var options: [String: String]?

        enum CodingKeys: String, CodingKey {
            case driver = "Type"
            case options = "Config"
        }
    }
}
