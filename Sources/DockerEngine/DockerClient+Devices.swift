public import Planning

/// What an engine says of the devices that it can give to containers.
public struct EngineDevices: Sendable, Equatable {
    /// The host name of the engine's machine.
    public var hostName: String
    /// Where it looks for specs of the Container Device Interface; empty when that is switched off.
    public var specDirectories: [String]
    /// Qualified names that it found there; `nil` from engines that do not tell.
    public var discovered: Set<String>?
}

extension DockerClient {
    /// Asks for devices: one read.
    public func readDevices() throws(DockerError) -> EngineDevices {
        let info = try readInfo("read what devices the engine has")
        let discovered = info.discovered?.filter { $0.source == DeviceSource.cdi }.map(\.id)
        return EngineDevices(
            hostName: info.name ?? "", specDirectories: info.specDirectories ?? [],
            discovered: discovered.map { Set($0) })
    }

    /// What the engine's clock says, in seconds since 1970; `nil` when it cannot be understood.
    public func readSystemTime() throws(DockerError) -> Int64? {
        let text = try readInfo("read the engine's time").systemTime
        return text.flatMap(Timestamp.nanoseconds(rfc3339:)).map { $0 / 1_000_000_000 }
    }

    /// Asks what the engine is in a Docker Swarm: one read.
    ///
    /// A node that cannot reach the others, or whose certificate has expired, counts as no member.
    public func readSwarmRole() throws(DockerError) -> SwarmRole {
        guard let swarm = try readInfo("read the engine's part in a Swarm").swarm, swarm.state == "active"
        else { return .inactive }
        return swarm.isManager == true ? .manager : .worker
    }

    private func readInfo(_ operation: String) throws(DockerError) -> WireInfo {
        let identity = try negotiated()
        _ = startRead(path: "/v\(identity.apiVersion)/info", operation)
        defer { abandonReads() }
        guard let (_, answer) = try takeRead() else {
            throw DockerError(.undecodable, operation, "no answer came")
        }
        guard answer.status == 200 else { throw answer.refusal(operation) }
        return try decodeJSON(answer.body, operation)
    }
}

private enum DeviceSource {
    static let cdi = "cdi"
}

/// `GET /info`, as far as it is about devices, the Swarm and time.
private struct WireInfo: Decodable {
    var name: String?
    var specDirectories: [String]?
    var discovered: [Device]?
    var swarm: Swarm?
    /// RFC 3339, in UTC where the daemon runs in UTC.
    var systemTime: String?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case swarm = "Swarm"
        case specDirectories = "CDISpecDirs"
        case discovered = "DiscoveredDevices"
        case systemTime = "SystemTime"
    }

    struct Swarm: Decodable {
        /// `inactive`, `pending`, `active`, `error` or `locked`.
        var state: String?
        var isManager: Bool?

        enum CodingKeys: String, CodingKey {
            case state = "LocalNodeState"
            case isManager = "ControlAvailable"
        }
    }

    struct Device: Decodable {
        var source: String?
        var id: String

        enum CodingKeys: String, CodingKey {
            case source = "Source"
            case id = "ID"
        }
    }
}
