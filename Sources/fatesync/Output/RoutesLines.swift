import DesiredState

/// Which lines a picture of the ways needs: one between two parties, one from a party to an exchange.
struct RoutesLines {
    enum Kind: String, CaseIterable {
        case direct, exchange, polled, unreachable

        var meaning: String {
            switch self {
            case .direct: "directly"
            case .exchange: "through the exchange"
            case .polled: "fetched by the other"
            case .unreachable: "not at all"
            }
        }
    }

    struct Edge {
        var from: String
        var to: String
        var kind: Kind
        /// Whether the other direction is known to be of another kind.
        var isOneWay: Bool
    }

    struct Hub {
        var endpoint: Endpoint
        /// The party of the repository that it is.
        var party: String?
    }

    struct Spoke: Hashable {
        var party: String
        var hub: Int
    }

    private(set) var edges: [Edge] = []
    private(set) var hubs: [Hub] = []
    private(set) var spokes: [Spoke] = []

    init(_ map: RouteMap) {
        hubs = Self.hubs(map)
        addSpokes(map)
        addEdges(map)
    }

    private static func hubs(_ map: RouteMap) -> [Hub] {
        var hubs = map.parties.filter(\.isExchange).compactMap { party in
            party.endpoint.map { Hub(endpoint: $0, party: party.party) }
        }
        let dialled = Set(map.tables.compactMap(\.exchange)).subtracting(hubs.map(\.endpoint))
        hubs += dialled.sorted { "\($0)" < "\($1)" }.map { Hub(endpoint: $0, party: nil) }
        return hubs
    }

    /// Who uses an exchange: as a sender, as a receiver, or for parties that nobody lists.
    private mutating func addSpokes(_ map: RouteMap) {
        var found: Set<Spoke> = []
        func add(_ party: String, _ endpoint: Endpoint) {
            guard let hub = hubs.firstIndex(where: { $0.endpoint == endpoint }) else { return }
            found.insert(Spoke(party: party, hub: hub))
        }
        for table in map.tables {
            if let exchange = table.exchange { add(table.party, exchange) }
        }
        for entry in map.entries {
            if case .exchange(let endpoint) = entry.way {
                add(entry.to, endpoint)
            } else if let hub = hubs.firstIndex(where: { $0.party == entry.from }), entry.way.isKnown {
                found.insert(Spoke(party: entry.to, hub: hub))
            }
        }
        let order = map.parties.map(\.party)
        spokes = order.flatMap { party in
            hubs.indices.map { Spoke(party: party, hub: $0) }.filter(found.contains)
        }
    }

    private mutating func addEdges(_ map: RouteMap) {
        let exchanges = Set(map.parties.filter(\.isExchange).map(\.party))
        var kinds: [String: [String: Kind]] = [:]
        for entry in map.entries where !exchanges.contains(entry.from) {
            let known = kinds[entry.from]?[entry.to]
            kinds[entry.from, default: [:]][entry.to] = entry.way.kind.worse(than: known)
        }
        let order = map.parties.map(\.party)
        for (index, first) in order.enumerated() {
            for second in order.dropFirst(index + 1) {
                let (there, back) = (kinds[first]?[second], kinds[second]?[first])
                if let there, there != .exchange {
                    let isOneWay = back != nil && back != there
                    edges.append(Edge(from: first, to: second, kind: there, isOneWay: isOneWay))
                }
                if let back, back != .exchange, back != there {
                    edges.append(Edge(from: second, to: first, kind: back, isOneWay: there != nil))
                }
            }
        }
    }
}

extension RouteWay {
    fileprivate var kind: RoutesLines.Kind {
        switch self {
        case .direct: .direct
        case .polled: .polled
        case .exchange: .exchange
        case .unreachable: .unreachable
        }
    }

    fileprivate var isKnown: Bool {
        if case .unreachable = self { false } else { true }
    }
}

extension RoutesLines.Kind {
    /// Of two tables, what is shown: that one of them has no way, before how the other has one.
    fileprivate func worse(than other: Self?) -> Self {
        let order: [Self] = [.unreachable, .direct, .polled, .exchange]
        return order.first { $0 == self || $0 == other } ?? self
    }
}
