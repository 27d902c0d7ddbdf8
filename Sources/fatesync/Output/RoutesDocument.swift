import DesiredState
import Reconciliation

/// The map of ways for programs.
struct RoutesDocument: Encodable {
    struct Address: Encodable {
        var address: String
        /// By the words of an endpoint's `port` and `ports`.
        var ports: [String: Int]
        var secure: Bool

        init(_ endpoint: Endpoint) {
            address = endpoint.address
            ports = Dictionary(uniqueKeysWithValues: endpoint.ports.map { ($0.key.rawValue, $0.value) })
            secure = endpoint.isSecure
        }
    }

    struct Party: Encodable {
        var party: String
        /// Absent for a party of another organisation.
        var host: String?
        /// Absent for a party that fetches its messages.
        var endpoint: Address?
        var polling: Bool
        var behindExchange: Bool
        var exchange: Bool
    }

    struct Table: Encodable {
        var party: String
        var name: String
        var format: String
        var ofExchange: Bool
        /// Where messages go that have no way of their own.
        var exchange: Address?
        /// On this host: where it lies, and what was found there.
        var path: String?
        var disk: String?
        var detail: String?
    }

    struct Way: Encodable {
        var from: String
        var to: String
        var table: String
        var format: String
        /// `direct`, `polled`, `exchange` or `unreachable`.
        var how: String
        /// Where it is dialled.
        var at: Address?
        /// Why there is none.
        var reason: String?
    }

    var schemaVersion = 1
    var federation: String
    var revision: Revision?
    var parties: [Party]
    var tables: [Table]
    var ways: [Way]
    var diagnostics: [Diagnostic]

    init(state: DesiredState, survey: RouteSurvey?) {
        let map = state.routeMap
        federation = state.federation
        revision = survey?.revision
        parties = map.parties.map { party in
            Party(
                party: party.party, host: party.host, endpoint: party.endpoint.map(Address.init),
                polling: party.isPolling, behindExchange: party.isBehindExchange,
                exchange: party.isExchange)
        }
        tables = map.tables.map { table in
            let found = survey?.tables.first { $0.party == table.party && $0.name == table.name }
            return Table(
                party: table.party, name: table.name, format: table.format, ofExchange: table.isOfExchange,
                exchange: table.exchange.map(Address.init), path: found?.path, disk: found?.finding.word,
                detail: found?.finding == .asDesired ? nil : found?.finding.text)
        }
        ways = map.entries.map(Way.init)
        diagnostics = state.diagnostics
    }
}

extension RoutesDocument.Way {
    fileprivate init(_ entry: RouteMap.Entry) {
        let (how, endpoint, reason): (String, Endpoint?, String?) =
            switch entry.way {
            case .direct(let endpoint): ("direct", endpoint, nil)
            case .polled: ("polled", nil, nil)
            case .exchange(let endpoint): ("exchange", endpoint, nil)
            case .unreachable(let reason): ("unreachable", nil, reason)
            }
        self.init(
            from: entry.from, to: entry.to, table: entry.table, format: entry.format, how: how,
            at: endpoint.map(RoutesDocument.Address.init), reason: reason)
    }
}
