import Planning

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
        let operation = "read what devices the engine has"
        let identity = try negotiated()
        _ = startRead(path: "/v\(identity.apiVersion)/info", operation)
        defer { abandonReads() }
        guard let (_, answer) = try takeRead() else {
            throw DockerError(.undecodable, operation, "no answer came")
        }
        guard answer.status == 200 else { throw answer.refusal(operation) }
        let info: WireInfo = try decodeJSON(answer.body, operation)
        let discovered = info.discovered?.filter { $0.source == DeviceSource.cdi }.map(\.id)
        return EngineDevices(
            hostName: info.name ?? "", specDirectories: info.specDirectories ?? [],
            discovered: discovered.map { Set($0) })
    }
}

extension DockerEndpoint {
    /// The path of a unix socket; `nil` for an engine that is reached over the network.
    public var socketPath: String? {
        if case .unix(let path) = transport { path } else { nil }
    }
}

private enum DeviceSource {
    static let cdi = "cdi"
}

/// `GET /info`, as far as it is about devices.
private struct WireInfo: Decodable {
    var name: String?
    var specDirectories: [String]?
    var discovered: [Device]?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case specDirectories = "CDISpecDirs"
        case discovered = "DiscoveredDevices"
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
