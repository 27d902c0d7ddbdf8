/// Which host each service of a party runs on.
public struct Placement: Sendable, Equatable {
    /// The party's own host: it makes the networks that several hosts share, and keeps what no service needs.
    public var home: String
    /// The host of each service.
    public var services: [String: String]

    public init(home: String, services: [String: String]) {
        self.home = home
        self.services = services
    }

    public func host(of service: String) -> String { services[service] ?? home }

    /// The hosts with a service, and the party's own.
    public var hosts: Set<String> { Set(services.values).union([home]) }

    /// Whether the party has services on more than one host.
    public var isSpread: Bool { hosts.count > 1 }

    /// The hosts of these services; the party's own host when there is none.
    func hosts(of services: some Sequence<String>) -> Set<String> {
        let found = Set(services.map(host))
        return found.isEmpty ? [home] : found
    }
}

/// An entry of `services` in party.yaml: where a service runs that is not on the party's own host.
struct PlacedService: Sendable {
    var name: Located<String>
    /// `nil` after a report.
    var host: Located<String>?
    /// The service of the blueprint that this one is another instance of; `nil`: it is that service itself.
    var extended: Located<String>?

    static func readAll(_ reader: inout MapReader) -> [PlacedService] {
        (reader.entries("services") ?? []).compactMap { entry in
            reader.collect { diagnostics in
                let what = "service \(entry.key.inQuotes)"
                return MapReader.read(entry.value, as: what, into: &diagnostics) { reader in
                    var service = PlacedService(name: Located(entry.key, at: entry.keyLocation))
                    service.host = reader.hostName("host")
                    if let node = reader.node("extends"),
                        let text = reader.collect({ node.string("\"extends\"", into: &$0) })
                    {
                        service.extended = Located(text, at: node.location)
                    }
                    return service
                }
            }
        }
    }
}

extension PartyFile {
    /// The hosts of the services that party.yaml names; every other one runs on the party's own host.
    var placement: Placement {
        let named = services.compactMap { service in service.host.map { (service.name.value, $0.value) } }
        return Placement(home: host ?? "", services: Dictionary(named) { first, _ in first })
    }
}

extension MapReader {
    /// The required name of a host; `nil` after a report.
    mutating func hostName(_ key: String) -> Located<String>? {
        guard let node = node(key, .required),
            let text = collect({ node.string(key.inQuotes, into: &$0) })
        else { return nil }
        guard let mistake = NetworkAddress.hostNameMistake(in: text) else {
            return Located(text, at: node.location)
        }
        report(mistake.code, at: node.location, "\(key.inQuotes) \(mistake.message)")
        return nil
    }
}
