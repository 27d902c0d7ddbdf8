import DesiredState
import Reconciliation

/// The map of ways as people read it: who is dialled where, a matrix for each kind of table, the disk.
struct RoutesReport {
    let state: DesiredState
    let survey: RouteSurvey?
    let isVerbose: Bool
    private let map: RouteMap

    init(state: DesiredState, survey: RouteSurvey?, isVerbose: Bool) {
        self.state = state
        self.survey = survey
        self.isVerbose = isVerbose
        map = state.routeMap
    }

    var text: String {
        let revision = survey.map { "  \($0.revision.branch)@\($0.revision.short)" } ?? ""
        var lines = [state.federation + revision]
        lines += Self.aligned([["PARTY", "HOST", "DIALLED AT", ""]] + map.parties.map(row))
        for kind in kinds { lines += [""] + matrix(of: kind) }
        if isVerbose, !map.entries.isEmpty { lines += [""] + Self.aligned(map.entries.map(way)) }
        if let tables = survey?.tables, !tables.isEmpty {
            lines += ["", "on this host's disk:"] + Self.aligned(tables.map(disk))
        }
        return lines.map(\.escapingControls).joined(separator: "\n")
    }

    private func row(_ party: PartyRoute) -> [String] {
        [party.party, party.host ?? "-", party.endpoint?.description ?? "-", note(on: party)]
    }

    private func note(on party: PartyRoute) -> String {
        var notes: [String] = []
        if party.isExchange { notes.append("exchange") }
        if party.isPolling { notes.append("fetches its messages") }
        if party.isBehindExchange, !party.isExchange { notes.append("behind the exchange") }
        if party.host == nil {
            notes.append("of another organisation")
        } else if !map.tables.contains(where: { $0.party == party.party }) {
            notes.append("no valid route table")
        }
        return notes.joined(separator: ", ")
    }

    // MARK: Matrices

    /// Tables that say the same kind of thing: of one name and format.
    private struct Kind: Equatable {
        var name: String
        var format: String
    }

    private var kinds: [Kind] {
        map.tables.reduce(into: []) { kinds, table in
            let kind = Kind(name: table.name, format: table.format)
            if !kinds.contains(kind) { kinds.append(kind) }
        }
    }

    private func matrix(of kind: Kind) -> [String] {
        let tables = map.tables.filter { $0.name == kind.name && $0.format == kind.format }
        let columns = map.parties.filter { !$0.isExchange }.map(\.party)
        let entries = map.entries.filter { $0.table == kind.name && $0.format == kind.format }
        let ways = Dictionary(entries.map { ("\($0.from) \($0.to)", $0.way) }) { first, _ in first }
        let rows = tables.map { table in
            let cells = columns.map { column in
                if column == table.party { return "." }
                return ways["\(table.party) \(column)"].map(letter) ?? " "
            }
            return [table.party] + cells + [table.exchange == nil ? "-" : "X"]
        }
        var lines = ["\(kind.name) (\(kind.format))"]
        lines += Self.aligned([["from \\ to"] + columns + ["others"]] + rows, numbers: true)
        lines.append(legend(entries.map(\.way), tables))
        lines += entries.compactMap { entry in
            guard case .unreachable(let reason) = entry.way else { return nil }
            return "  \(entry.from) does not reach \(entry.to): \(reason)"
        }
        return lines
    }

    private func letter(_ way: RouteWay) -> String {
        switch way {
        case .direct: "D"
        case .polled: "P"
        case .exchange: "X"
        case .unreachable: "-"
        }
    }

    private func legend(_ ways: [RouteWay], _ tables: [RouteMap.Table]) -> String {
        let letters = Set(ways.map(letter)).union(tables.map { $0.exchange == nil ? "-" : "X" })
        let exchanges = Set(tables.compactMap { $0.exchange?.description }).sorted()
        let meanings = [
            ("D", "directly"), ("P", "it fetches them"),
            ("X", "through the exchange \(exchanges.joined(separator: ", "))"), ("-", "not at all"),
        ]
        return "  "
            + meanings.filter { letters.contains($0.0) }.map { "\($0) \($1)" }.joined(separator: ", ")
    }

    // MARK: Ways and the disk

    private func way(_ entry: RouteMap.Entry) -> [String] {
        let how =
            switch entry.way {
            case .direct(let endpoint): "directly at \(endpoint)"
            case .polled: "it fetches them"
            case .exchange(let endpoint): "through the exchange \(endpoint)"
            case .unreachable(let reason): "not at all: \(reason)"
            }
        return ["\(entry.from) -> \(entry.to)", entry.format, how]
    }

    private func disk(_ table: RouteSurvey.Table) -> [String] {
        ["  " + table.party, table.path, table.finding.text]
    }

    /// The rows with columns of equal width; numbers to the right, the first column always to the left.
    private static func aligned(_ rows: [[String]], numbers: Bool = false) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return numbers && column > 0 ? padding + cell : cell + padding
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension RouteSurvey.Finding {
    /// What it means, for people.
    var text: String {
        switch self {
        case .asDesired: "as desired"
        case .differs(let keys):
            "differs: "
                + keys.prefix(3).map { "\($0.key) \($0.old ?? "-") -> \($0.new ?? "-")" }
                .joined(separator: ", ") + (keys.count > 3 ? " and \(keys.count - 3) more" : "")
        case .unreadable: "cannot be read by its reader, which may have stopped rereading it"
        case .missing: "missing"
        case .unknown(let reason): "not known: \(reason)"
        }
    }

    /// The word for programs.
    var word: String {
        switch self {
        case .asDesired: "as-desired"
        case .differs: "differs"
        case .unreadable: "unreadable"
        case .missing: "missing"
        case .unknown: "unknown"
        }
    }
}
