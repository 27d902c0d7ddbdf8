/// An address and port that other parties dial, with the place it was written.
struct DialAddress: Sendable {
    var address: String
    /// `nil` when the blueprint decides.
    var port: Int?
    /// Where the address is written.
    var location: SourceLocation
    /// Where the port is written; the address when it is not.
    var portLocation: SourceLocation

    /// Reads `address` and `port`; `nil` after a report.
    static func read(_ reader: inout MapReader, port presence: MapReader.Presence) -> DialAddress? {
        let node = reader.node("address", .required)
        let portNode = reader.node("port", presence)
        let port = portNode.flatMap { node in
            reader.collect { node.integer("\"port\"", in: 1...65535, into: &$0) }
        }
        guard let node, let text = reader.collect({ node.string("\"address\"", into: &$0) }) else {
            return nil
        }
        let reason = NetworkAddress.mistake(in: text) ?? NetworkAddress.unreachable(text)
        if let reason {
            reader.report(reason.code, at: node.location, "\"address\" \(reason.message)")
            return nil
        }
        if port == nil, portNode != nil || presence == .required { return nil }
        return DialAddress(
            address: text, port: port.map(Int.init), location: node.location,
            portLocation: portNode?.location ?? node.location)
    }
}
