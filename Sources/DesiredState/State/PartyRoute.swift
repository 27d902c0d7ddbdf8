/// Where other parties dial a party.
public struct PartyRoute: Sendable, Equatable {
    public var party: String
    public var address: String
    public var port: Int
    /// The host that runs the party; `nil` for a party of another organisation.
    public var host: String?

    public init(party: String, address: String, port: Int, host: String?) {
        self.party = party
        self.address = address
        self.port = port
        self.host = host
    }
}

extension String {
    /// Party ids as numbers are ordered: 9999 before 10000.
    static func isOrderedAsID(_ left: String, _ right: String) -> Bool {
        (left.utf8.count, left) < (right.utf8.count, right)
    }
}
