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

/// `GET /info`, as far as it is about devices and the Swarm.
private struct WireInfo: Decodable {
    var name: String?
    var specDirectories: [String]?
    var discovered: [Device]?
    var swarm: Swarm?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case swarm = "Swarm"
        case specDirectories = "CDISpecDirs"
        case discovered = "DiscoveredDevices"
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
