import DesiredState
import Planning

/// A network, the same in lists and alone.
struct WireNetwork: Decodable {
    var id: String
    var name: String
    var driver: String?
    var options: [String: String]?
    var addressing: Addressing?
    var attachable: Bool?
    var isInternal: Bool?
    var labels: [String: String]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case driver = "Driver"
        case options = "Options"
        case addressing = "IPAM"
        case attachable = "Attachable"
        case isInternal = "Internal"
        case labels = "Labels"
    }

    struct Addressing: Decodable {
        var pools: [Pool]?

        enum CodingKeys: String, CodingKey {
            case pools = "Config"
        }
    }

    struct Pool: Decodable {
        var subnet: String?
        var gateway: String?
        var range: String?

        enum CodingKeys: String, CodingKey {
            case subnet = "Subnet"
            case gateway = "Gateway"
            case range = "IPRange"
        }
    }

    var live: LiveNetwork {
        let pools = (addressing?.pools ?? []).map { pool in
            AddressPool(
                subnet: pool.subnet ?? "", gateway: pool.gateway.flatMap { $0.isEmpty ? nil : $0 },
                range: pool.range.flatMap { $0.isEmpty ? nil : $0 })
        }
        let spec = NetworkSpec(
            name: name, driver: driver ?? "", driverOptions: options ?? [:], pools: pools,
            attachable: attachable ?? false, isInternal: isInternal ?? false, labels: labels ?? [:])
        return LiveNetwork(id: id, spec: spec)
    }
}

/// A volume, the same in lists and alone.
struct WireVolume: Decodable {
    var name: String
    var driver: String?
    var options: [String: String]?
    var labels: [String: String]?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case options = "Options"
        case labels = "Labels"
    }

    var live: LiveVolume {
        LiveVolume(
            spec: VolumeSpec(
                name: name, driver: driver ?? "", driverOptions: options ?? [:], labels: labels ?? [:]))
    }
}

struct WireVolumeList: Decodable {
    var volumes: [WireVolume]?
    /// What the engine could not ask; then the list is not whole.
    var warnings: [String]?

    enum CodingKeys: String, CodingKey {
        case volumes = "Volumes"
        case warnings = "Warnings"
    }
}

/// `GET /images/{reference}/json`.
struct WireImage: Decodable {
    var id: String
    var config: Config?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case config = "Config"
    }

    struct Config: Decodable {
        var command: [String]?
        var entrypoint: [String]?
        var environment: [String]?
        var labels: [String: String]?
        var exposedPorts: [String: WireEmpty]?
        var volumes: [String: WireEmpty]?
        var user: String?
        var workingDirectory: String?
        var stopSignal: String?
        var healthcheck: WireHealthcheck?

        enum CodingKeys: String, CodingKey {
            case command = "Cmd"
            case entrypoint = "Entrypoint"
            case environment = "Env"
            case labels = "Labels"
            case exposedPorts = "ExposedPorts"
            case volumes = "Volumes"
            case user = "User"
            case workingDirectory = "WorkingDir"
            case stopSignal = "StopSignal"
            case healthcheck = "Healthcheck"
        }
    }

    var live: LiveImage {
        LiveImage(
            id: id, command: config?.command ?? [], entrypoint: config?.entrypoint ?? [],
            environment: config?.environment ?? [], labels: config?.labels ?? [:],
            exposedPorts: Set((config?.exposedPorts ?? [:]).keys),
            volumes: Set((config?.volumes ?? [:]).keys),
            user: config?.user ?? "", workingDirectory: config?.workingDirectory ?? "",
            stopSignal: config?.stopSignal ?? "", healthcheck: config?.healthcheck?.healthcheck)
    }
}

/// The small answers of mutating calls.
struct WireReceipt: Decodable {
    var id: String?
    var warnings: [String]?
    var warning: String?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case warnings = "Warnings"
        case warning = "Warning"
    }

    var allWarnings: [String] { (warnings ?? []) + [warning ?? ""].filter { !$0.isEmpty } }
}

/// The body of a refusal.
struct WireMessage: Decodable {
    var message: String
}
