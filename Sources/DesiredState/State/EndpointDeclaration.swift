/// What a file says about where somebody is dialled, with the places it is written.
struct EndpointDeclaration: Sendable {
    /// How the others reach a party.
    enum Way: String, CaseIterable {
        case direct, exchange
    }

    /// `nil` for a party that polls.
    var address: String?
    /// Where the address is written, or else the whole.
    var location: SourceLocation
    /// The blueprint adds those that are missing.
    var ports: [EndpointPort: Located<Int>] = [:]
    /// `nil` leaves it to the blueprint.
    var isSecure: Bool?
    /// `nil` leaves it to the federation.
    var way: Located<Way>?

    /// Reads what party.yaml says; `nil` after a report.
    static func ofParty(_ reader: inout MapReader, ports presence: MapReader.Presence) -> Self? {
        let way = readWay(&reader)
        guard reader.boolean("polling") == true else {
            var endpoint = dialled(&reader, ports: presence)
            endpoint?.way = way
            return endpoint
        }
        for key in ["address", "port", "ports", "secure"] where reader.node(key) != nil {
            let message = "a party that polls is not dialled, so its endpoint has no \(key.inQuotes)"
            reader.report("E-KEY", at: reader.location(of: key), message)
        }
        return Self(address: nil, location: reader.location, way: way)
    }

    /// Reads address, ports and whether TLS is expected; `nil` after a report.
    static func dialled(_ reader: inout MapReader, ports presence: MapReader.Presence) -> Self? {
        let ports = readPorts(&reader, presence)
        let isSecure = reader.boolean("secure")
        guard let node = reader.node("address", .required),
            let text = reader.collect({ node.string("\"address\"", into: &$0) })
        else { return nil }
        let reason = NetworkAddress.mistake(in: text) ?? NetworkAddress.unreachable(text)
        if let reason {
            reader.report(reason.code, at: node.location, "\"address\" \(reason.message)")
            return nil
        }
        guard let ports else { return nil }
        return Self(address: text, location: node.location, ports: ports, isSecure: isSecure)
    }

    private static func readPorts(
        _ reader: inout MapReader, _ presence: MapReader.Presence
    ) -> [EndpointPort: Located<Int>]? {
        let nodes = reader.endpointPorts(presence)
        var ports: [EndpointPort: Located<Int>] = [:]
        for (port, node) in nodes {
            let what = port.rawValue.inQuotes
            let value = reader.collect { node.integer(what, in: 1...65535, into: &$0) }
            ports[port] = value.map { Located(Int($0), at: node.location) }
        }
        let isWhole = ports.count == nodes.count && (presence == .optional || !ports.isEmpty)
        return isWhole ? ports : nil
    }

    private static func readWay(_ reader: inout MapReader) -> Located<Way>? {
        guard let node = reader.node("via"), let text = reader.collect({ node.string("\"via\"", into: &$0) })
        else { return nil }
        if let way = Way(rawValue: text) { return Located(way, at: node.location) }
        reader.reportChoice("via", text, of: Way.allCases.map(\.rawValue), at: node.location)
        return nil
    }
}

extension MapReader {
    /// The values of `port` and of what stands under `ports`.
    mutating func endpointPorts(_ presence: Presence) -> [EndpointPort: YAMLNode] {
        let named: [EndpointPort: YAMLNode]? = map("ports") { reader in
            var nodes: [EndpointPort: YAMLNode] = [:]
            for port in EndpointPort.allCases where port != .port {
                nodes[port] = reader.node(port.rawValue)
            }
            return nodes
        }
        var nodes = named ?? [:]
        nodes[.port] = node(EndpointPort.port.rawValue, nodes.isEmpty ? presence : .optional)
        return nodes
    }
}
