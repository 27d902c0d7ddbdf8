import Foundation
import Testing

@testable import DesiredState

/// The route tables that are derived from the endpoints of all parties.
struct RouteTableTests {
    private static let table = "eggroll/conf/route_table.json"

    @Test func isWrittenInAStableOrder() throws {
        let text = try Example().decode().party("10000").text(Self.table)
        #expect(
            text == """
                {
                  "route_table": {
                    "default": {
                      "default": [
                        {
                          "ip": "rollsite",
                          "port": 9370
                        }
                      ]
                    },
                    "8888": {
                      "default": [
                        {
                          "ip": "10.10.0.8",
                          "port": 9370
                        }
                      ]
                    },
                    "9999": {
                      "default": [
                        {
                          "ip": "10.10.0.1",
                          "port": 10090
                        }
                      ]
                    },
                    "10000": {
                      "default": [
                        {
                          "ip": "rollsite",
                          "port": 9370
                        }
                      ],
                      "fateflow": [
                        {
                          "ip": "python",
                          "port": 9360
                        }
                      ]
                    }
                  },
                  "permission": {
                    "default_allow": true
                  }
                }

                """)
    }

    @Test func sendsTheRestThroughTheExchange() throws {
        var example = try Example()
        let direct = try example.decode().party("10000").text(Self.table)
        try example.append("federation.yaml", "exchange:\n  address: exchange.example.org\n  port: 9371\n")
        let party = try example.decode().party("10000")
        let expected = direct.replacing(
            "\"default\": {\n      \"default\": [\n        {\n          \"ip\": \"rollsite\",\n          \"port\": 9370",
            with:
                "\"default\": {\n      \"default\": [\n        {\n          \"ip\": \"exchange.example.org\",\n"
                + "          \"port\": 9371")
        #expect(expected != direct)
        #expect(try party.text(Self.table) == expected)
    }

    @Test func addingAPartyChangesNothingButRouteTables() throws {
        var example = try Example()
        let before = example.decode()
        example.addParty()
        let after = example.decode()
        #expect(after.diagnostics.lines == [])
        #expect(after.parties.map(\.party) == ["9998", "9999", "10000"])
        for id in ["9999", "10000"] {
            var (old, new) = (try before.party(id), try after.party(id))
            let changed = zip(old.files, new.files).filter { $0 != $1 }.map(\.0.name)
            #expect(changed == [Self.table])
            #expect(
                try new.text(Self.table).contains(
                    "\"9998\": {\n      \"default\": [\n        {\n          \"ip\": \"10.10.0.1\",\n          \"port\": 10100"
                ))
            old.files = []
            new.files = []
            #expect(old == new)
        }
    }

    @Test func partiesOfOtherHostsAreRoutedTo() throws {
        var example = try Example()
        try example.replace(Example.party9999, "host: demo", "host: other")
        let state = example.decode()
        #expect(state.parties.map(\.party) == ["10000"])
        #expect(try state.party("10000").text(Self.table).contains("10090"))
    }

    @Test func aDerivedFileNeedsNoEntry() throws {
        var example = try Example(
            Example.blueprint,
            """
              - path: eggroll/conf/route_table.json
                format: json
                onChange: reload
                within: 60s
                restartIfUnreadable: [rollsite]

            """, "")
        #expect(example.lines == [])
        let file = try example.decode().party("10000").file(Self.table)
        #expect(file.onChange == .reload(withinSeconds: 60))
        example.write("parties/9999/confs/\(Self.table)", "{}")
        example.write("blueprints/fate-1.5.1/confs/\(Self.table)", "{}")
        #expect(
            example.lines == [
                "blueprints/fate-1.5.1/blueprint.yaml:195:9: error E-ROUTE: eggroll/conf/route_table.json is derived "
                    + "from the endpoints of all parties; remove the file of that name from confs/",
                "parties/9999/confs/eggroll/conf/route_table.json:1:1: error E-ROUTE: "
                    + "eggroll/conf/route_table.json is derived from the endpoints of all parties; remove this file",
            ])
    }
}
