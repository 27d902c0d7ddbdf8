import Testing

@testable import DesiredState

/// A state repository of one blueprint with route tables, each party on a host of its own.
struct RouteBench {
    private var files: [String: String] = [:]

    /// - Parameters:
    ///   - tables: The value of `routeTable`.
    ///   - endpoint: The value of the blueprint's `endpoint`.
    ///   - exchange: The value of the federation's `exchange`.
    init(_ tables: String, endpoint: String = "{port: 9370}", exchange: String? = nil) {
        files["federation.yaml"] =
            "apiVersion: fatesync/v1\nkind: Federation\nname: bench\n"
            + (exchange.map { "exchange: \($0)\n" } ?? "")
        blueprint("b", tables, endpoint: endpoint)
    }

    mutating func blueprint(_ name: String, _ tables: String, endpoint: String = "{port: 9370}") {
        files["blueprints/\(name)/blueprint.yaml"] = """
            apiVersion: fatesync/v1
            kind: Blueprint
            name: \(name)
            project: p${PARTY_ID}
            confs: ${BASE_DIR}/p${PARTY_ID}
            endpoint: \(endpoint)
            routeTable: \(tables)

            """
        files["blueprints/\(name)/compose.yaml"] = """
            name: p${PARTY_ID}
            services:
              a:
                container_name: p${PARTY_ID}_a
                image: example/a:1.0.0
                ports: ["9370:9370", "9300:9300", "9310:9310", "5672:5672", "6650:6650", "8869:8869"]

            """
    }

    mutating func party(_ id: Int, _ endpoint: String, blueprint: String = "b") {
        files["parties/\(id)/party.yaml"] = """
            apiVersion: fatesync/v1
            kind: Party
            id: \(id)
            blueprint: \(blueprint)
            host: h\(id)
            endpoint: \(endpoint)

            """
    }

    mutating func external(_ id: Int, _ endpoint: String) {
        files["parties/\(id)/party.yaml"] = """
            apiVersion: fatesync/v1
            kind: Party
            id: \(id)
            external: true
            endpoint: \(endpoint)

            """
    }

    func decode(_ party: Int = 0) -> DesiredState {
        DesiredState.decode(
            SourceTree(files: files.mapValues { Array($0.utf8) }),
            context: DecodingContext(host: "h\(party)", dataDirectory: "/srv"))
    }

    var lines: [String] { decode().diagnostics.lines }

    /// The one table of a party, or the one of this name.
    func table(_ party: Int, _ name: String? = nil) throws -> FileSpec {
        let state = decode(party)
        #expect(state.diagnostics.lines == [])
        let files = try state.party("\(party)").files
        return try #require(files.first { name == nil || $0.name == name })
    }

    func text(_ party: Int, _ name: String? = nil) throws -> String {
        String(decoding: try table(party, name).content, as: UTF8.self)
    }

    /// How a party reaches another one, by the words of `RouteWay`.
    func way(_ from: Int, _ to: Int) throws -> RouteWay {
        try #require(decode().routeMap.entries.first { $0.from == "\(from)" && $0.to == "\(to)" }).way
    }
}

extension FileSpec {
    /// In what the table differs from one that somebody else wrote, a line each.
    func differences(from other: String) -> [String] {
        switch difference(from: Array(other.utf8)) {
        case .none: []
        case .keys(let keys): keys.map { "\($0.key): \($0.old ?? "-") -> \($0.new ?? "-")" }
        case let other: ["\(other)"]
        }
    }
}
