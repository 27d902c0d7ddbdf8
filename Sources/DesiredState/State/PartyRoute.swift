/// How other parties reach a party.
public struct PartyRoute: Sendable, Equatable {
    public var party: String
    /// Where others dial it; `nil` for a party that fetches its messages itself.
    public var endpoint: Endpoint?
    /// The host that runs the party; `nil` for a party of another organisation.
    public var host: String?
    /// Whether others send through the exchange, even where they could dial it.
    public var isBehindExchange: Bool
    /// Whether it is an exchange: it passes messages on, and none is for it.
    public var isExchange: Bool

    public init(
        party: String, endpoint: Endpoint?, host: String?, isBehindExchange: Bool = false,
        isExchange: Bool = false
    ) {
        self.party = party
        self.endpoint = endpoint
        self.host = host
        self.isBehindExchange = isBehindExchange
        self.isExchange = isExchange
    }

    /// Whether it fetches its messages itself, because nobody can dial it.
    public var isPolling: Bool { endpoint == nil }
}

extension String {
    /// Party ids as numbers are ordered: 9999 before 10000.
    static func isOrderedAsID(_ left: String, _ right: String) -> Bool {
        (left.utf8.count, left) < (right.utf8.count, right)
    }
}
