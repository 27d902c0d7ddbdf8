/// Who reaches whom, and how, as the derived route tables say it.
public struct RouteMap: Sendable, Equatable {
    public struct Table: Sendable, Equatable {
        public var party: String
        /// Path below `confs/`.
        public var name: String
        /// The word of blueprint.yaml for it.
        public var format: String
        public var isOfExchange: Bool
        /// Where messages go that have no way of their own; `nil`: nowhere else.
        public var exchange: Endpoint?
    }

    public struct Entry: Sendable, Equatable {
        public var from: String
        public var to: String
        /// Path of the table below `confs/`.
        public var table: String
        public var format: String
        public var way: RouteWay
    }

    /// Every party, ordered by id.
    public var parties: [PartyRoute]
    /// The tables of every party that is not of another organisation, ordered by party and name.
    public var tables: [Table]
    /// One for each table and party, in the same order.
    public var entries: [Entry]

    init(parties: [PartyRoute], tables: [RouteTable]) {
        self.parties = parties
        let tables = tables.sorted { left, right in
            left.party == right.party
                ? left.name < right.name : String.isOrderedAsID(left.party, right.party)
        }
        self.tables = tables.map { table in
            Table(
                party: table.party, name: table.name, format: table.format.rawValue,
                isOfExchange: table.role == .exchange, exchange: table.exchange(among: parties))
        }
        entries = tables.flatMap { table in
            parties.filter { $0.party != table.party && !$0.isExchange }.map { route in
                Entry(
                    from: table.party, to: route.party, table: table.name, format: table.format.rawValue,
                    way: Self.way(of: table, to: route, parties, tables))
            }
        }
    }

    /// The way to the end: an exchange of the repository has to know one too.
    private static func way(
        of table: RouteTable, to route: PartyRoute, _ parties: [PartyRoute], _ tables: [RouteTable]
    ) -> RouteWay {
        let way = table.way(to: route, among: parties)
        guard case .exchange = way, case .party(let id)? = table.exchangePlace,
            let next = tables.first(where: { $0.party == id && $0.format == table.format })
        else { return way }
        guard case .unreachable(let reason) = next.way(to: route, among: parties) else { return way }
        return .unreachable("the exchange, party \(id), has no way to it: \(reason)")
    }
}
