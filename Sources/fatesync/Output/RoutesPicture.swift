import DesiredState
import Glibc

/// The map of ways as an SVG picture: parties on a circle, exchanges in its middle.
///
/// The same map always gives the same bytes. It follows the reader's preference for light or dark.
struct RoutesPicture {
    private let title: String
    private let lines: RoutesLines
    private let parties: [PartyRoute]
    private let radius: Double
    private let middle: Point

    struct Point {
        var x: Double
        var y: Double

        func towards(_ other: Point, leaving rest: Double) -> Point {
            let (width, height) = (other.x - x, other.y - y)
            let length = max(1, (width * width + height * height).squareRoot())
            let share = max(0, length - rest) / length
            return Point(x: x + width * share, y: y + height * share)
        }
    }

    private static let labelWidth = 270.0
    private static let head = 84.0
    private static let foot = 120.0

    init(title: String, map: RouteMap) {
        self.title = title
        parties = map.parties.filter { !$0.isExchange }
        lines = RoutesLines(map)
        // So far that the labels of neighbours have a line of their own.
        radius = max(150, 14.5 * Double(parties.count))
        middle = Point(x: radius + Self.labelWidth, y: radius + Self.head)
    }

    var text: String {
        let width = Int(middle.x * 2)
        let height = Int(middle.y + radius + Self.foot)
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" role=\"img\">",
            "<title>\(Self.escaped("routes of \(title)"))</title>", "<style>\(Self.style)</style>",
            "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>",
            Self.text(Self.shortened(title, 60), "name", Point(x: 24, y: 36), "start"),
        ]
        let arrows: [RoutesLines.Kind] = [.direct, .polled, .unreachable]
        parts += arrows.map(Self.marker)
        parts += lines.edges.map(edge) + lines.spokes.map(spoke)
        parts += lines.hubs.indices.map(hub) + parties.indices.map(party)
        parts += legend(y: Double(height) - 20)
        return parts.joined(separator: "\n") + "\n</svg>"
    }

    // MARK: Places

    private func place(_ id: String) -> Point {
        let index = parties.firstIndex { $0.party == id } ?? 0
        return place(index)
    }

    private func angle(_ index: Int) -> Double {
        2 * .pi * Double(index) / Double(max(1, parties.count)) - .pi / 2
    }

    private func place(_ index: Int) -> Point {
        Point(x: middle.x + radius * cos(angle(index)), y: middle.y + radius * sin(angle(index)))
    }

    private func hubPlace(_ index: Int) -> Point {
        Point(x: middle.x, y: middle.y + 64 * (Double(index) - Double(lines.hubs.count - 1) / 2))
    }

    // MARK: Parts

    private func edge(_ edge: RoutesLines.Edge) -> String {
        let (from, to) = (place(edge.from), place(edge.to))
        guard edge.isOneWay else { return Self.line(from, to, edge.kind) }
        return Self.line(
            from, from.towards(to, leaving: 12), edge.kind, " marker-end=\"url(#\(edge.kind.rawValue))\"")
    }

    private func spoke(_ spoke: RoutesLines.Spoke) -> String {
        Self.line(place(spoke.party), hubPlace(spoke.hub), .exchange)
    }

    private func hub(_ index: Int) -> String {
        let (hub, place) = (lines.hubs[index], hubPlace(index))
        let name = hub.party.map { "exchange, party \($0)" } ?? "exchange"
        let frame =
            "<rect class=\"hub\" x=\"\(Int(place.x) - 100)\" y=\"\(Int(place.y) - 24)\" width=\"200\" "
            + "height=\"48\" rx=\"8\"/>"
        return "<g><title>\(Self.escaped("\(name) at \(hub.endpoint)"))</title>\(frame)"
            + Self.text(name, "id", Point(x: place.x, y: place.y - 4), "middle")
            + Self.text(
                Self.shortened("\(hub.endpoint)", 30), "note", Point(x: place.x, y: place.y + 14), "middle")
            + "</g>"
    }

    private func party(_ index: Int) -> String {
        let (party, place) = (parties[index], place(index))
        let (across, down) = (cos(angle(index)), sin(angle(index)))
        let anchor = abs(across) < 0.1 ? "middle" : across > 0 ? "start" : "end"
        // Above the topmost and below the lowest party; else beside it.
        let first = anchor == "middle" ? place.y + (down < 0 ? -34 : 30) : place.y - 2 + 8 * down
        let x = anchor == "middle" ? place.x : place.x + (across > 0 ? 15 : -15)
        let note = [party.host, party.endpoint?.description ?? "fetches its messages"]
            .compactMap(\.self).joined(separator: ", ")
        let dot = Self.dot(party.host == nil ? "stranger" : "party", place)
        return "<g><title>\(Self.escaped("party \(party.party): \(note)"))</title>\(dot)"
            + Self.text(party.party, "id", Point(x: x, y: first), anchor)
            + Self.text(Self.shortened(note, 40), "note", Point(x: x, y: first + 15), anchor) + "</g>"
    }

    private func legend(y: Double) -> [String] {
        let used = RoutesLines.Kind.allCases.filter { kind in
            kind == .exchange ? !lines.spokes.isEmpty : lines.edges.contains { $0.kind == kind }
        }
        let ways = used.enumerated().flatMap { index, kind in
            let x = 24 + 190 * Double(index)
            return [
                Self.line(Point(x: x, y: y - 4), Point(x: x + 36, y: y - 4), kind),
                Self.text(kind.meaning, "note", Point(x: x + 44, y: y), "start"),
            ]
        }
        guard parties.contains(where: { $0.host == nil }) else { return ways }
        let place = Point(x: 42 + 190 * Double(used.count), y: y)
        return ways + [
            Self.dot("stranger", Point(x: place.x, y: y - 4)),
            Self.text("of another organisation", "note", Point(x: place.x + 14, y: y), "start"),
        ]
    }
}

// MARK: - Elements

extension RoutesPicture {
    private static let style = """
        text{font:12px system-ui,sans-serif}.name{font-size:18px;font-weight:600}.id{font-weight:600}
        .paper,.hub,.stranger{fill:#fff}.name,.id{fill:#1f2328}.note{fill:#59636e}
        line{stroke-width:1.5}.direct{stroke:#2f6fde;stroke-opacity:.55}.unreachable{stroke:#d1242f;stroke-dasharray:3 4}
        .exchange{stroke:#8250df;stroke-dasharray:9 4}.polled{stroke:#1a7f37;stroke-dasharray:1 4}
        .party{fill:#2f6fde}.stranger{stroke:#59636e;stroke-width:2}.hub{stroke:#8250df;stroke-width:2}
        .head-direct{fill:#2f6fde}.head-polled{fill:#1a7f37}.head-unreachable{fill:#d1242f}
        @media (prefers-color-scheme:dark){.paper,.hub,.stranger{fill:#0d1117}.name,.id{fill:#e6edf3}
        .note{fill:#9198a1}.direct{stroke:#6ea8fe}.party,.head-direct{fill:#6ea8fe}.unreachable{stroke:#ff7b72}
        .head-unreachable{fill:#ff7b72}.exchange,.hub{stroke:#c297ff}.polled{stroke:#4ac26b}.stranger{stroke:#9198a1}}
        """

    private static func marker(_ kind: RoutesLines.Kind) -> String {
        "<marker id=\"\(kind.rawValue)\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" "
            + "markerHeight=\"8\" orient=\"auto\"><path class=\"head-\(kind.rawValue)\" d=\"M0 0L10 5L0 10z\"/></marker>"
    }

    private static func line(
        _ from: Point, _ to: Point, _ kind: RoutesLines.Kind, _ more: String = ""
    ) -> String {
        "<line class=\"\(kind.rawValue)\" x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" "
            + "x2=\"\(number(to.x))\" y2=\"\(number(to.y))\"\(more)/>"
    }

    private static func dot(_ style: String, _ place: Point) -> String {
        "<circle class=\"\(style)\" cx=\"\(number(place.x))\" cy=\"\(number(place.y))\" r=\"8\"/>"
    }

    private static func text(_ text: String, _ style: String, _ place: Point, _ anchor: String) -> String {
        "<text class=\"\(style)\" x=\"\(number(place.x))\" y=\"\(number(place.y))\" text-anchor=\"\(anchor)\">"
            + escaped(text) + "</text>"
    }

    private static func number(_ value: Double) -> String { String(Int(value.rounded())) }

    private static func shortened(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : String(text.prefix(limit - 1)) + "…"
    }

    /// Text from a repository as XML may hold it.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.escapingControls.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
