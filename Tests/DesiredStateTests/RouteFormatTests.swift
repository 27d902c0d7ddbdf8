import Foundation
import Testing

@testable import DesiredState

/// Tables of the other backends, and what endpoints say about ports, TLS and ways.
struct RouteFormatTests {
    private static let spark = """
        [{path: nginx/route_table.yaml, format: nginx, self: {address: nginx, http: 9300, grpc: 9310},
          fateflow: {address: fateflow, http: 9380, grpc: 9360}},
         {path: rabbitmq_route_table.yaml, format: rabbitmq, self: {address: rabbitmq, port: 5672}}]
        """
    private static let ports = "{ports: {http: 9300, grpc: 9310, rabbitmq: 5672}}"
    private static let rollsite = """
        {path: route_table.json, format: rollsite, self: {address: rollsite, port: 9370},
         fateflow: {address: python, port: 9360}}
        """

    private func bench(_ tables: String, endpoint: String, exchange: String? = nil) -> RouteBench {
        var bench = RouteBench(tables, endpoint: endpoint, exchange: exchange)
        bench.party(10000, "{address: 10.0.0.1}")
        bench.party(9999, "{address: 10.0.0.2}")
        return bench
    }

    // MARK: Formats

    @Test func nginxAndRabbitMQSideBySide() throws {
        let bench = bench(Self.spark, endpoint: Self.ports)
        #expect(
            try bench.text(10000, "nginx/route_table.yaml") == """
                default:
                  proxy:
                    - host: nginx
                      http_port: 9300
                      grpc_port: 9310
                9999:
                  proxy:
                    - host: "10.0.0.2"
                      http_port: 9300
                      grpc_port: 9310
                10000:
                  proxy:
                    - host: nginx
                      http_port: 9300
                      grpc_port: 9310
                  fateflow:
                    - host: fateflow
                      http_port: 9380
                      grpc_port: 9360

                """)
        #expect(
            try bench.text(10000, "rabbitmq_route_table.yaml") == """
                9999:
                  host: "10.0.0.2"
                  port: 5672
                10000:
                  host: rabbitmq
                  port: 5672

                """)
        #expect(try bench.table(10000, "rabbitmq_route_table.yaml").onChange == .nothing)
        let table = try bench.table(10000, "nginx/route_table.yaml")
        #expect(table.onChange == .reload(withinSeconds: 5))
        #expect(table.removesKeptKeys(from: Array("default: {}\n7: {}\n".utf8)))
        #expect(!table.removesKeptKeys(from: Array("default: {}\n".utf8)))
    }

    @Test func pulsarGoesThroughAProxyToWhoIsNotListed() throws {
        let table = """
            {path: pulsar_route_table.yaml, format: pulsar, domain: fate.org,
             self: {address: pulsar, port: 6650, sslPort: 6651}}
            """
        let exchange = "{address: proxy.fate.org, ports: {pulsar: 443}}"
        var bench = bench(table, endpoint: "{ports: {pulsar: 6650}}", exchange: exchange)
        bench.external(8888, "{address: 10.0.0.8, ports: {pulsar: 6650, pulsarSSL: 6651}}")
        #expect(
            try bench.text(10000) == """
                default:
                  proxy: "proxy.fate.org:443"
                  domain: fate.org
                  brokerPort: 6650
                  brokerSslPort: 6651
                8888:
                  host: "10.0.0.8"
                  port: 6650
                  sslPort: 6651
                  proxy: ""
                9999:
                  host: "10.0.0.2"
                  port: 6650
                  proxy: ""
                10000:
                  host: pulsar
                  port: 6650
                  sslPort: 6651
                  proxy: ""

                """)
    }

    @Test func theServingProxyDeniesWithoutPermission() throws {
        let table = """
            {path: route_table.json, format: serving-proxy, self: {address: serving-proxy, port: 8059},
             serving: {address: serving-server, port: 8000}}
            """
        let bench = bench(table, endpoint: "{ports: {serving: 8869}}")
        let reference = """
            {"route_table": {
               "9999": {"default": [{"ip": "10.0.0.2", "port": 8869}]},
               "10000": {"default": [{"ip": "serving-proxy", "port": 8059}],
                         "serving": [{"ip": "serving-server", "port": 8000}]}},
             "permission": {"default_allow": true}}
            """
        #expect(try bench.table(10000).differences(from: reference) == [])
        #expect(try bench.table(10000).onChange == .reload(withinSeconds: 10))
    }

    @Test(arguments: RouteTableFormat.allCases)
    func whatIsWrittenCanBeReadBack(format: RouteTableFormat) throws {
        let own = format.ownPorts.map { "\($0.key): 1" }.joined(separator: ", ")
        let backend = format.backendPorts.map { "\($0): 2" }.joined(separator: ", ")
        let table =
            "{path: t, format: \(format.rawValue), self: {address: a, \(own)}"
            + (format.backend.map { ", \($0): {address: b, \(backend)}" } ?? "") + "}"
        let all = EndpointPort.allCases.dropFirst().map { "\($0.rawValue): 9370" }.joined(separator: ", ")
        var bench = RouteBench(table, endpoint: "{port: 9370, ports: {\(all)}}")
        for id in 1...30 { bench.party(id, "{address: host-\(id).example.org}") }
        for id in [1, 17] {
            let state = bench.decode(id)
            let file = try #require(try state.party("\(id)").files.first)
            var changed = file
            changed.content = Array("{}".utf8)
            // Every value is found again, so the reader finds it too.
            guard case .keys(let keys) = changed.difference(from: file.content) else {
                Issue.record("\(format) cannot be read back")
                continue
            }
            #expect(keys.count > 60)
            #expect(
                keys.filter { $0.key.lowercased().hasSuffix("port") }.allSatisfy { Int($0.old ?? "") != nil })
        }
    }

    // MARK: Ways

    @Test func aPartyBehindTheExchangeHasNoEntry() throws {
        var bench = bench(
            Self.rollsite, endpoint: "{port: 9370}", exchange: "{address: ex.example.org, port: 9371}")
        bench.external(8888, "{address: 10.0.0.8, port: 9370, via: exchange}")
        #expect(try !bench.text(10000).contains("8888"))
        #expect(try bench.way(10000, 8888) == .exchange(Endpoint("ex.example.org", [.port: 9371])))
        #expect(try bench.way(10000, 9999) == .direct(Endpoint("10.0.0.2", [.port: 9370])))
    }

    @Test func oneIsDialledThoughTheRestGoesThroughTheExchange() throws {
        var bench = bench(
            Self.rollsite, endpoint: "{port: 9370}",
            exchange: "{address: ex.example.org, port: 9371, secure: true, for: all}")
        bench.external(8888, "{address: 10.0.0.8, port: 9370, via: direct}")
        let text = try bench.text(10000)
        #expect(text.contains("8888") && !text.contains("9999"))
        #expect(text.contains("\"port\": 9371,\n          \"is_secure\": true"))
    }

    @Test func theExchangeOfTheRepositoryFollowsItsParty() throws {
        var bench = bench(Self.rollsite, endpoint: "{port: 9370}", exchange: "{party: 7, for: all}")
        bench.blueprint("x", "{path: t.json, format: rollsite, role: exchange}")
        bench.party(7, "{address: 10.0.0.7}", blueprint: "x")
        #expect(try bench.way(10000, 9999) == .exchange(Endpoint("10.0.0.7", [.port: 9370])))
        #expect(try bench.way(7, 9999) == .direct(Endpoint("10.0.0.2", [.port: 9370])))
        bench.external(8888, "{address: 10.0.0.8, ports: {http: 1}}")
        #expect(
            try bench.way(10000, 8888)
                == .unreachable("the exchange, party 7, has no way to it: its endpoint has no \"port\""))
        #expect(!bench.decode().routeMap.entries.contains { $0.to == "7" })
    }

    @Test func aPartyThatPollsIsNotDialled() throws {
        var bench = bench(Self.rollsite, endpoint: "{port: 9370}")
        bench.external(8888, "{polling: true}")
        #expect(
            try bench.text(10000).contains(
                "\"8888\": {\n      \"default\": [\n        {\n          \"is_polling\": true\n"))
        #expect(try bench.way(10000, 8888) == .polled)
    }

    @Test func tlsIsWhatTheEndpointExpectsAndTheDiallerHasFilesFor() throws {
        var rollsite = bench(Self.rollsite, endpoint: "{port: 9370}")
        rollsite.external(8888, "{address: 10.0.0.8, port: 9371, secure: true}")
        #expect(try rollsite.text(10000).contains("\"port\": 9371,\n          \"is_secure\": true\n"))
        let osx = """
            {path: route_table.json, format: osx, fateflow: {address: fateflow, port: 9360},
             tls: {caFile: /certs/ca.pem, privateKeyFile: /certs/key.pem}}
            """
        var bench = bench(osx, endpoint: "{port: 9370}")
        bench.external(8888, "{address: 10.0.0.8, port: 9371, secure: true}")
        #expect(
            try bench.text(10000).contains(
                """
                          "port": 9371,
                          "useSSL": true,
                          "caFile": "/certs/ca.pem",
                          "privateKeyFile": "/certs/key.pem"
                """))
        #expect(try bench.text(10000).components(separatedBy: "useSSL").count == 2)
    }

    @Test func whoStatesNoPortForATableIsNotInIt() throws {
        var bench = bench(Self.spark, endpoint: Self.ports)
        bench.external(8888, "{address: 10.0.0.8, ports: {http: 9300}}")
        #expect(try !bench.text(10000, "nginx/route_table.yaml").contains("8888"))
        #expect(try bench.way(10000, 8888) == .unreachable("its endpoint has no \"ports.grpc\""))
    }
}
