/// The exchange of a federation, which passes messages on between parties.
struct ExchangeDeclaration: Sendable {
    /// Which messages go through it, where party.yaml says nothing else.
    enum Traffic: String, CaseIterable {
        /// Those for parties that the repository does not list.
        case unlisted
        case all
    }

    enum Place: Sendable {
        /// Somebody else runs it.
        case endpoint(Endpoint)
        /// A party of the repository is the exchange, dialled at its endpoint.
        case party(Located<String>)
    }

    var place: Place
    var traffic: Traffic

    /// The id of the party that is the exchange.
    var party: String? {
        if case .party(let id) = place { id.value } else { nil }
    }

    /// Reads `exchange` of federation.yaml; `nil` after a report.
    static func read(_ reader: inout MapReader) -> ExchangeDeclaration? {
        var traffic = Traffic.unlisted
        if let node = reader.node("for"), let text = reader.collect({ node.string("\"for\"", into: &$0) }) {
            if let known = Traffic(rawValue: text) {
                traffic = known
            } else {
                reader.reportChoice("for", text, of: Traffic.allCases.map(\.rawValue), at: node.location)
            }
        }
        return readPlace(&reader).map { ExchangeDeclaration(place: $0, traffic: traffic) }
    }

    private static func readPlace(_ reader: inout MapReader) -> Place? {
        guard let node = reader.node("party") else {
            guard let endpoint = EndpointDeclaration.dialled(&reader, ports: .required),
                let address = endpoint.address
            else { return nil }
            return .endpoint(
                Endpoint(
                    address, endpoint.ports.mapValues(\.value), isSecure: endpoint.isSecure ?? false))
        }
        for key in ["address", "port", "ports", "secure"] where reader.node(key) != nil {
            let message = "\"party\" says where the exchange is dialled; remove \(key.inQuotes)"
            reader.report("E-KEY", at: reader.location(of: key), message)
        }
        let id = reader.collect { node.integer("\"party\"", in: 1...9_999_999_999, into: &$0) }
        return id.map { .party(Located(String($0), at: node.location)) }
    }
}
