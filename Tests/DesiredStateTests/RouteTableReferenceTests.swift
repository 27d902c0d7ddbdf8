import Testing

@testable import DesiredState

/// The derived tables beside those that KubeFATE writes for parties 10000 and 9999 at 192.168.1.1 and .2.
///
/// Each line that a test expects is a difference on purpose, whose reason stands in the manual.
struct RouteTableReferenceTests {
    private static let exchange = "{address: 192.168.1.3, port: 9371}"

    private func bench(_ table: String, exchange: String? = nil) -> RouteBench {
        var bench = RouteBench(table, exchange: exchange)
        bench.party(10000, "{address: 192.168.1.1}")
        bench.party(9999, "{address: 192.168.1.2}")
        return bench
    }

    // MARK: rollsite; only the name of FATE Flow's service is another one in 1.11.2

    private static let flows = [("1.5.1", "python"), ("1.11.2", "fateflow")]

    private func rollsite(_ flow: String) -> String {
        "{path: route_table.json, format: rollsite, self: {address: rollsite, port: 9370}, "
            + "fateflow: {address: \(flow), port: 9360}}"
    }

    private func rollsiteOfKubeFATE(_ flow: String, default hop: String) -> String {
        """
        {"route_table": {
           "default": {"default": [\(hop)]},
           "9999":    {"default": [{"ip": "192.168.1.2", "port": 9370}]},
           "10000":   {"default": [{"ip": "rollsite", "port": 9370}],
                       "fateflow": [{"ip": "\(flow)", "port": 9360}]}},
         "permission": {"default_allow": true}}
        """
    }

    @Test(arguments: flows) func rollsiteWithoutAnExchange(version: String, flow: String) throws {
        let table = try bench(rollsite(flow)).table(10000)
        let reference = rollsiteOfKubeFATE(flow, default: #"{"ip": "rollsite", "port": "9370"}"#)
        #expect(
            table.differences(from: reference) == [
                #"route_table.default.default[0].port: "9370" -> 9370"#
            ])
    }

    @Test(arguments: flows) func rollsiteWithAnExchange(version: String, flow: String) throws {
        let reference = rollsiteOfKubeFATE(flow, default: #"{"ip": "192.168.1.3", "port": 9371}"#)
        let mixed = try bench(rollsite(flow), exchange: Self.exchange).table(10000)
        #expect(mixed.differences(from: reference) == [])
        let all = "{address: 192.168.1.3, port: 9371, for: all}"
        #expect(
            try bench(rollsite(flow), exchange: all).table(10000).differences(from: reference) == [
                "route_table.9999.default[0].ip: 192.168.1.2 -> -",
                "route_table.9999.default[0].port: 9370 -> -",
            ])
    }

    @Test func theExchangesOwnTable() throws {
        var bench = bench(rollsite("python"), exchange: "{party: 7}")
        bench.blueprint(
            "exchange", "{path: conf/route_table.json, format: rollsite, role: exchange}")
        bench.party(7, "{address: 192.168.1.3, port: 9371}", blueprint: "exchange")
        let reference = """
            {"route_table": {
                "10000": {"default": [{"ip": "192.168.1.1", "port": 9370}]},
                "9999": {"default": [{"ip": "192.168.1.2", "port": 9370}]},
                "default": {"default": [{}]}},
             "permission": {"default_allow": true}}
            """
        // The bench publishes no port 9371.
        let state = bench.decode(7)
        #expect(state.diagnostics.map(\.code) == ["W-ENDPOINT"])
        let table = try #require(try state.party("7").files.first)
        #expect(table.differences(from: reference) == [])
        let party = try #require(try bench.decode(10000).party("10000").files.first)
        let expected = rollsiteOfKubeFATE("python", default: #"{"ip": "192.168.1.3", "port": 9371}"#)
        #expect(party.differences(from: expected) == [])
    }

    // MARK: OSX of 2.0.0

    private static let osx =
        "{path: route_table.json, format: osx, fateflow: {address: fateflow, port: 9360}}"

    private static let osxOfKubeFATE = """
        {"route_table": {
           "9999": {"default": [{"ip": "192.168.1.2", "port": 9370}]},
           "10000": {"fateflow": [{"ip": "fateflow", "port": 9360}]}},
         "self_party": ["10000"],
         "permission": {"default_allow": true}}
        """

    @Test func osxWithoutAnExchange() throws {
        #expect(try bench(Self.osx).table(10000).differences(from: Self.osxOfKubeFATE) == [])
    }

    @Test func osxWithAnExchange() throws {
        let table = try bench(Self.osx, exchange: Self.exchange).table(10000)
        #expect(
            table.differences(from: Self.osxOfKubeFATE) == [
                "route_table.default.default[0].ip: - -> 192.168.1.3",
                "route_table.default.default[0].port: - -> 9371",
            ])
    }

    @Test func anExchangeOfOSXHasItsOwnIDAndNoDefault() throws {
        var bench = bench(Self.osx, exchange: "{party: 7}")
        bench.blueprint("exchange", "{path: route_table.json, format: osx, role: exchange}")
        bench.party(7, "{address: 192.168.1.3}", blueprint: "exchange")
        let reference = """
            {"route_table": {
                "9999": {"default": [{"ip": "192.168.1.2", "port": 9370}]},
                "10000": {"default": [{"ip": "192.168.1.1", "port": 9370}]}},
             "self_party": ["7"], "permission": {"default_allow": true}}
            """
        #expect(try bench.table(7).differences(from: reference) == [])
    }
}
