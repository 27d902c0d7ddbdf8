/// A route table of one party, without the ways to others.
struct RouteTable: Sendable {
    /// An address inside the party's own network.
    struct Hop: Sendable, Equatable {
        var address: String
        /// By the key in blueprint.yaml.
        var ports: [String: Int]
    }

    /// Where the messages go that have no way of their own.
    enum Exchange: Sendable {
        case endpoint(Endpoint)
        /// The endpoint of this party.
        case party(String)
    }

    /// What OSX is told about TLS, beside that a way uses it.
    static let tlsKeys = ["caFile", "certChainFile", "privateKeyFile"]

    var party: String
    var format: RouteTableFormat
    var role: RouteTableDeclaration.Role
    /// Path on the host and below `confs/`.
    var path: String
    var name: String
    var effect: ChangeEffect
    var own: Hop?
    var backend: Hop?
    var exchangePlace: Exchange?
    var tls: [String: String] = [:]
    var domain: String?

    /// The file, with a way to each of `routes`.
    func file(routes: [PartyRoute]) -> FileSpec {
        let content = content(routes: routes)
        let text = format.fileFormat == .json ? content.jsonText : content.yamlText
        var file = FileSpec(
            path: path, name: name, content: Array(text.utf8), format: format.fileFormat, onChange: effect,
            requiredMaps: format.requiredMaps)
        file.readersKeepRemovedKeys = format == .nginx
        return file
    }

    /// How this table's reader sends to another party.
    func way(to route: PartyRoute, among routes: [PartyRoute]) -> RouteWay {
        let exchange = exchange(among: routes)
        if route.isBehindExchange, let exchange { return .exchange(exchange) }
        guard let endpoint = route.endpoint else {
            if format.allowsPolling { return .polled }
            let reason = "it fetches its messages, which \(format.program) does not keep for it"
            return exchange.map(RouteWay.exchange) ?? .unreachable(reason)
        }
        let missing = format.dialledPorts.filter { endpoint.ports[$0] == nil }
        if missing.isEmpty { return .direct(endpoint) }
        let keys = missing.map { $0.key.inQuotes }.joined(separator: " and ")
        return exchange.map(RouteWay.exchange) ?? .unreachable("its endpoint has no \(keys)")
    }

    /// Where messages go that have no way of their own; `nil`: they do not leave the party.
    func exchange(among routes: [PartyRoute]) -> Endpoint? {
        let endpoint: Endpoint? =
            switch exchangePlace {
            // An exchange sends nothing to itself, nor to the one that somebody else calls his.
            case _ where role == .exchange: nil
            case .endpoint(let endpoint)?: endpoint
            case .party(let id)?: routes.first { $0.party == id }?.endpoint
            case nil: nil
            }
        guard let endpoint, format.dialledPorts.allSatisfy({ endpoint.ports[$0] != nil }) else { return nil }
        switch format {
        case .rollsite, .osx, .nginx, .servingProxy: return endpoint
        case .pulsar: return domain == nil ? nil : endpoint
        // It looks a party up by its number, and knows nothing but the parties.
        case .rabbitmq: return nil
        }
    }
}

/// How messages get from one party to another.
public enum RouteWay: Sendable, Hashable {
    /// The other party is dialled.
    case direct(Endpoint)
    /// The other party fetches them.
    case polled
    /// Through the exchange that is dialled there.
    case exchange(Endpoint)
    /// Not at all, and why.
    case unreachable(String)
}
