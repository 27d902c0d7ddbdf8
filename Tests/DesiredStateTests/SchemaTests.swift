import Foundation
import Testing

@testable import DesiredState

/// The schemas say what the decoders take: no key more, no key less, and the examples are valid.
///
/// Each map of the samples has a key that nobody knows, with the way to it behind it. The decoder then lists every key
/// that it asked for.
struct SchemaTests {
    private static let party = """
        apiVersion: fatesync/v1
        kind: Party
        zz: 1  # .
        id: 10000
        endpoint:
          zz: 1  # endpoint
          address: 10.10.0.1
          ports: {zz: 1}  # endpoint.ports
        blueprint: fate-1.5.1
        host: demo
        services:
          web: {host: other, zz: 1}  # services.*
        overrides: {zz: 1}  # overrides
        """

    private static let federation = """
        apiVersion: fatesync/v1
        kind: Federation
        zz: 1  # .
        name: demo
        exchange:
          zz: 1  # exchange
          address: 10.10.0.1
          ports: {zz: 1}  # exchange.ports
          port: 9370
        """

    private static let blueprint = """
        apiVersion: fatesync/v1
        kind: Blueprint
        zz: 1  # .
        name: sample
        project: sample
        confs: ${BASE_DIR}/confs
        endpoint:
          zz: 1  # endpoint
          ports: {zz: 1}  # endpoint.ports
          port: ${PORT}
        variables:
          PORT: {type: port, zz: 1}  # variables.*
        directories:
          - {path: "${BASE_DIR}/x", zz: 1}  # directories.*
        files:
          - path: a.json
            zz: 1  # files.*
            format: json
            onChange: nothing
            keys:
              - {match: a, onChange: nothing, zz: 1}  # files.*.keys.*
        probes:
          web: {tcp: 1, zz: 1}  # probes.*
        jobs: {service: web, port: 1, api: v1, guards: [web], zz: 1}  # jobs
        nodes:
          zz: 1  # nodes
          service: web
          directory: /data
          port: {file: a.json, key: a, zz: 1}  # nodes.port
          count: {file: a.json, key: a, zz: 1}  # nodes.count
        release:
          zz: 1  # release
          version: 1.5.1
          tag: 1.5.1
          upgrades:
            - {from: 1.5.0, steps: [a], zz: 1}  # release.upgrades.*
        addresses:
          - {service: web, file: a.json, key: a, zz: 1}  # addresses.*
        firstStart:
          - {variable: PORT, directory: "${BASE_DIR}/x", script: a.json, file: a.json, key: a, instead: b, zz: 1}  # firstStart.*
        routeTable:
        """

    /// One table of each format and role: which keys a table has depends on it.
    private static let tables = [
        """
          - path: t1.json
            zz: 1  # routeTable.*
            format: osx
            self: {address: web, port: 1, zz: 1}  # routeTable.*.self
            fateflow: {address: web, port: 1, zz: 1}  # routeTable.*.fateflow
            tls: {zz: 1}  # routeTable.*.tls
        """,
        """
          - path: t2.json
            zz: 1  # routeTable.*
            format: nginx
            self: {address: web, http: 1, grpc: 1, zz: 1}  # routeTable.*.self
            fateflow: {address: web, http: 1, grpc: 1, zz: 1}  # routeTable.*.fateflow
        """,
        """
          - path: t3.json
            zz: 1  # routeTable.*
            format: pulsar
            self: {address: web, port: 1, zz: 1}  # routeTable.*.self
        """,
        """
          - path: t4.json
            zz: 1  # routeTable.*
            format: serving-proxy
            self: {address: web, port: 1, zz: 1}  # routeTable.*.self
            serving: {address: web, port: 1, zz: 1}  # routeTable.*.serving
        """,
    ]

    /// The keys that the decoder asked for, by the way to their map.
    private func asked(_ text: String, _ diagnostics: [Diagnostic]) throws -> [String: Set<String>] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var result: [String: Set<String>] = [:]
        for diagnostic in diagnostics where diagnostic.message.hasPrefix("unknown key \"zz\" (allowed: ") {
            let line = lines[
                try #require(
                    lines.indices.contains(diagnostic.location.line - 1) ? diagnostic.location.line - 1 : nil)
            ]
            let way = try #require(line.components(separatedBy: "# ").last)
            let list = diagnostic.message.dropFirst("unknown key \"zz\" (allowed: ".count).dropLast()
            result[way, default: []].formUnion(list.components(separatedBy: ", "))
        }
        return result
    }

    /// The keys of every map with fixed keys of a schema, by the way to it.
    private func known(_ shape: FileShape, at way: [String] = []) -> [String: Set<String>] {
        switch shape {
        case .object(let keys):
            var result = [way.isEmpty ? "." : way.joined(separator: "."): Set(keys.map(\.name))]
            for key in keys { result.merge(known(key.shape, at: way + [key.name])) { $0.union($1) } }
            return result
        case .list(let inner), .named(let inner): return known(inner, at: way + ["*"])
        case .either(let shapes):
            // Of the two forms of a route table, the list has the other in it.
            return shapes.last.map { known($0, at: way) } ?? [:]
        default: return [:]
        }
    }

    private func check(_ name: String, _ path: String, _ text: String) throws {
        let schema = try #require(FileSchema.state.first { $0.name == name })
        var diagnostics: [Diagnostic] = []
        var findings: [Finding] = []
        let tree = SourceTree(files: [path: Array(text.utf8)])
        switch name {
        case "party": _ = PartyFile.decode("10000", from: tree, into: &findings)
        case "federation": _ = FederationFile.decode(tree, into: &diagnostics)
        default: _ = BlueprintFile.decode("sample", from: tree, into: &diagnostics)
        }
        let asked = try asked(text, diagnostics + findings.map(\.diagnostic))
        #expect(asked == known(.object(schema.keys)))
    }

    @Test func `the schemas have the keys that the decoders take, and no others`() throws {
        try check("party", "parties/10000/party.yaml", Self.party)
        try check("federation", "federation.yaml", Self.federation)
        try check(
            "blueprint", "blueprints/sample/blueprint.yaml",
            ([Self.blueprint] + Self.tables).joined(separator: "\n"))
    }

    @Test func `a required key is required by both`() throws {
        for schema in FileSchema.state {
            let required = schema.keys.filter(\.isRequired).map(\.name).filter {
                !["apiVersion", "kind"].contains($0)
            }
            let head =
                "apiVersion: fatesync/v1\nkind: \(schema.name.prefix(1).uppercased() + schema.name.dropFirst())\n"
            var diagnostics: [Diagnostic] = []
            var findings: [Finding] = []
            let files = [
                "parties/10000/party.yaml", "federation.yaml", "blueprints/sample/blueprint.yaml",
            ].map { ($0, Array((head + "description: none\n").utf8)) }
            let tree = SourceTree(files: Dictionary(files) { first, _ in first })
            switch schema.name {
            case "party": _ = PartyFile.decode("10000", from: tree, into: &findings)
            case "federation": _ = FederationFile.decode(tree, into: &diagnostics)
            default: _ = BlueprintFile.decode("sample", from: tree, into: &diagnostics)
            }
            let all = diagnostics + findings.map(\.diagnostic)
            let missing = all.filter { $0.code == "E-REQUIRED" }.compactMap { diagnostic in
                diagnostic.message.components(separatedBy: "needs the key \"").last?.dropLast()
            }
            // What only managed parties need is no requirement of the schema.
            #expect(
                Set(missing.map(String.init)).subtracting(["blueprint", "host"]) == Set(required),
                "\(schema.name)")
        }
    }
}
