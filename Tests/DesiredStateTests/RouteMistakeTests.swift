import Testing

@testable import DesiredState

/// One mistake about routes each, and the exact line that names it.
struct RouteMistakeTests {
    private static let (party, external) = (Example.party9999, Example.party8888)
    private static let federation = "federation.yaml"
    private static let blueprint = Example.blueprint

    static let cases = [
        StateCase(
            "via an exchange that there is not", external, "  port: 9370", "  port: 9370\n  via: exchange",
            "parties/8888/party.yaml:11:8: error E-ROUTE: \"via: exchange\" needs an \"exchange\" in "
                + "federation.yaml"),
        StateCase(
            "unknown way", party, "address: 10.10.0.1", "address: 10.10.0.1\n  via: exchagne",
            "parties/9999/party.yaml:11:8: error E-VALUE: unknown via \"exchagne\" (did you mean "
                + "\"exchange\"?)"),
        StateCase(
            "polling at an address", external, "  port: 9370\n", "  polling: true\n",
            "parties/8888/party.yaml:9:3: error E-KEY: a party that polls is not dialled, so its endpoint has no "
                + "\"address\""),
        StateCase(
            "unknown port", external, "  port: 9370", "  ports: {htpp: 9300}",
            "parties/8888/party.yaml:9:3: error E-REQUIRED: \"endpoint\" needs the key \"port\"",
            "parties/8888/party.yaml:10:11: error E-KEY: unknown key \"htpp\" (did you mean \"http\"?)"),
        StateCase(
            "exchange that is no party", federation, "name: demo", "name: demo\nexchange: {party: 9998}",
            "federation.yaml:4:19: error E-REF: unknown party \"9998\" (did you mean \"9999\"?)"),
        StateCase(
            "exchange that is no exchange", federation, "name: demo", "name: demo\nexchange: {party: 9999}",
            "federation.yaml:4:19: error E-ROUTE: party 9999 is no exchange: its blueprint fate-1.5.1 has no "
                + "route table of \"role: exchange\""),
        StateCase(
            "exchange twice", federation, "name: demo", "name: demo\nexchange: {party: 8888, port: 1}",
            "federation.yaml:4:25: error E-KEY: \"party\" says where the exchange is dialled; remove \"port\""
        ),
        StateCase(
            "unknown traffic", federation, "name: demo",
            "name: demo\nexchange: {address: a.example.org, port: 1, for: al}",
            "federation.yaml:4:50: error E-VALUE: unknown for \"al\" (did you mean \"all\"?)"),
        StateCase(
            "table of two", blueprint, "format: rollsite", "format: rollsite\n  role: exchange",
            "blueprints/fate-1.5.1/blueprint.yaml:206:3: error E-KEY: unknown key \"fateflow\" (allowed: "
                + "format, path, role, self)"),
        StateCase(
            "exchange of nginx", blueprint,
            "  format: rollsite\n  self:\n    address: rollsite\n    port: 9370\n  fateflow:\n    address: python\n    port: 9360",
            "  format: nginx\n  role: exchange",
            "blueprints/fate-1.5.1/blueprint.yaml:202:9: error E-VALUE: an exchange has no table of format nginx, "
                + "only of rollsite and osx"),
        StateCase(
            "secure port that rollsite does not have", blueprint, "    address: rollsite\n    port: 9370",
            "    address: rollsite\n    port: 9370\n    securePort: ${PREFIX}",
            "blueprints/fate-1.5.1/blueprint.yaml:205:17: error E-TYPE: \"securePort\" of \"self\" must be an "
                + "integer, found the string \"user_confs9999\" (and likewise for every other party)"),
    ]

    @Test(arguments: cases) func isNamedOnce(mistake: StateCase) throws { try mistake.check() }

    @Test func twoTablesAreNotOneFile() throws {
        let table = "{path: t.yaml, format: rabbitmq, self: {address: r, port: 5672}}"
        let bench = RouteBench("[\(table), \(table)]")
        try #require(bench.lines.count == 1)
        #expect(bench.lines[0].contains("E-DUP: \"t.yaml\" is listed twice, first in line 7"))
    }

    @Test func aRollsiteThatWouldSendPlainTextIsNamed() throws {
        var example = try Example(Example.party8888, "  port: 9370", "  port: 9370\n  secure: true")
        let message =
            "warning W-TLS: TLS is expected by party 8888, but no properties file sets "
            + "eggroll.core.security.client.ca.crt.path, so rollsite sends plain text"
        #expect(
            example.lines == [
                "parties/10000/party.yaml:1:1: \(message)", "parties/9999/party.yaml:1:1: \(message)",
            ])
        let properties = "blueprints/fate-1.5.1/confs/eggroll/conf/eggroll.properties"
        try example.append(properties, "\neggroll.core.security.client.ca.crt.path=conf/ca.crt\n")
        #expect(example.lines == [])
    }

    @Test func aSecureEndpointLeadsToTheSecurePort() throws {
        var bench = RouteBench(
            """
            {path: t.json, format: rollsite, self: {address: rollsite, port: 9371, securePort: 9370},
             fateflow: {address: python, port: 9360}}
            """, endpoint: "{port: 9370, secure: true}")
        bench.party(1, "{address: 10.0.0.1}")
        #expect(bench.lines == [])
        bench.party(1, "{address: 10.0.0.1, secure: false}")
        #expect(bench.lines.count == 1)
        #expect(bench.lines.first?.hasSuffix("rollsite listens on 9371") == true)
    }
}
