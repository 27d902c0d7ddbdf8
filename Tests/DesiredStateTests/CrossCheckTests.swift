import Testing

@testable import DesiredState

/// Mistakes that two parties make together: both places are named, each with the other's.
struct CrossCheckTests {
    @Test func publishedPortsClash() throws {
        let example = try Example(Example.party9999, "PORT_HTTP: 10093", "PORT_HTTP: 10080")
        #expect(
            example.lines == [
                "parties/10000/party.yaml:15:18: error E-PORT-CLASH: host port 10080 is also published by "
                    + "party 9999 (parties/9999/party.yaml:18:14)",
                "parties/9999/party.yaml:18:14: error E-PORT-CLASH: host port 10080 is also published by "
                    + "party 10000 (parties/10000/party.yaml:15:18)",
            ])
        let state = example.decode()
        #expect(state.invalidUnits == [.party("9999"), .party("10000")])
        #expect(state.parties == [])
    }

    @Test func portsOfOtherHostsOrAddressesDoNotClash() throws {
        var example = try Example(Example.party9999, "PORT_HTTP: 10093", "PORT_HTTP: 10080")
        try example.replace(Example.party9999, "host: demo", "host: other")
        #expect(example.lines == [])

        example = try Example(
            Example.compose, "\"${PORT_CLIENT}:20000/tcp\"", "\"127.0.0.1:${PORT_CLIENT}:20000/tcp\"")
        try example.replace(Example.party9999, "PORT_CLIENT: 10094", "PORT_CLIENT: 10080")
        #expect(example.lines.count == 2)
        try example.replace(
            Example.compose, "\"${PORT_ROLLSITE}:9370/tcp\"", "\"10.10.0.1:${PORT_ROLLSITE}:9370/tcp\"")
        #expect(example.lines == [])
        try example.replace(Example.compose, "\"${PORT_HTTP}:9380/tcp\"", "\"${PORT_HTTP}:9380/udp\"")
        try example.replace(Example.party9999, "PORT_HTTP: 10093", "PORT_HTTP: 10080")
        #expect(example.lines == [])
    }

    @Test func subnetsOverlap() throws {
        var example = try Example(Example.party9999, "SUBNET: 192.168.137.0/24", "SUBNET: 192.168.128.0/20")
        #expect(
            example.lines == [
                "parties/10000/party.yaml:13:11: error E-OVERLAP: the subnet 192.168.136.0/24 overlaps "
                    + "192.168.128.0/20 of party 9999 (parties/9999/party.yaml:13:11)",
                "parties/9999/party.yaml:13:11: error E-OVERLAP: the subnet 192.168.128.0/20 overlaps "
                    + "192.168.136.0/24 of party 10000 (parties/10000/party.yaml:13:11)",
            ])
        try example.replace(Example.party9999, "host: demo", "host: other")
        #expect(example.lines == [])
    }

    @Test func namesClashWhereTheSharedPrefixIsWritten() throws {
        var example = try Example()
        for path in [Example.party9999, Example.party10000] {
            try example.replace(path, "variables:\n", "variables:\n  PREFIX: fate\n")
        }
        #expect(
            example.lines == [
                "parties/10000/party.yaml:13:11: error E-NAME-CLASH: the container name fate_client is also used by "
                    + "party 9999 (parties/9999/party.yaml:13:11)",
                "parties/9999/party.yaml:13:11: error E-NAME-CLASH: the container name fate_client is also used by "
                    + "party 10000 (parties/10000/party.yaml:13:11)",
            ])
    }

    @Test func directoriesClashInTheBlueprint() throws {
        let example = try Example(
            Example.blueprint, "path: ${BASE_DIR}/confs-${PARTY_ID}/shared_dir/examples",
            "path: ${BASE_DIR}/shared_dir/examples")
        #expect(
            example.lines == [
                "blueprints/fate-1.5.1/blueprint.yaml:82:11: error E-PATH-CLASH: the directory "
                    + "/srv/fate/shared_dir/examples is also used by party 10000 "
                    + "(blueprints/fate-1.5.1/blueprint.yaml:82:11)",
                "blueprints/fate-1.5.1/blueprint.yaml:82:11: error E-PATH-CLASH: the directory "
                    + "/srv/fate/shared_dir/examples is also used by party 9999 "
                    + "(blueprints/fate-1.5.1/blueprint.yaml:82:11)",
            ])
        #expect(example.decode().invalidUnits == [.party("9999"), .party("10000")])
    }

    @Test func mountsOfOneHostDirectoryClashUnlessTheyOnlyRead() throws {
        let data = "${BASE_DIR}/confs-${PARTY_ID}/shared_dir/data/mysql:/var/lib/mysql"
        var example = try Example(Example.compose, data, "${BASE_DIR}/mysql:/var/lib/mysql")
        #expect(
            example.lines.map { $0.prefix(57) } == [
                "blueprints/fate-1.5.1/compose.yaml:61:9: error E-PATH-CLA",
                "blueprints/fate-1.5.1/compose.yaml:61:9: error E-PATH-CLA",
            ])
        example = try Example(Example.compose, data, "${BASE_DIR}/mysql:/var/lib/mysql:ro")
        #expect(example.lines == [])
        example = try Example(Example.compose, data, "/srv/shared:/var/lib/mysql")
        #expect(example.lines == [])
    }

    @Test func endpointsClashOnEveryHost() throws {
        var example = try Example(
            Example.party9999, "address: 10.10.0.1", "address: 10.10.0.1\n  port: 10080")
        try example.replace(Example.party9999, "host: demo", "host: other")
        #expect(
            example.lines == [
                "parties/10000/party.yaml:10:12: error E-ENDPOINT-CLASH: the endpoint 10.10.0.1:10080 is also "
                    + "that of party 9999 (parties/9999/party.yaml:10:12)",
                "parties/9999/party.yaml:10:12: error E-ENDPOINT-CLASH: the endpoint 10.10.0.1:10080 is also "
                    + "that of party 10000 (parties/10000/party.yaml:10:12)",
                "parties/9999/party.yaml:11:9: warning W-ENDPOINT: others dial port 10080, which no service of "
                    + "the party publishes (published: 10090, 10091, 10092, 10093, 10094)",
            ])
        example = try Example(
            Example.party8888, "address: 10.10.0.8\n  port: 9370", "address: 10.10.0.1\n  port: 10080")
        #expect(
            example.lines == [
                "parties/10000/party.yaml:10:12: error E-ENDPOINT-CLASH: the endpoint 10.10.0.1:10080 is also "
                    + "that of party 8888 (parties/8888/party.yaml:9:12)",
                "parties/8888/party.yaml:9:12: error E-ENDPOINT-CLASH: the endpoint 10.10.0.1:10080 is also "
                    + "that of party 10000 (parties/10000/party.yaml:10:12)",
            ])
    }

    @Test func aThirdPartyIsNamedToo() throws {
        var example = try Example()
        example.addParty("9998", network: 138, firstPort: 10100)
        try example.replace("parties/9998/party.yaml", "PORT_CLIENT: 10104", "PORT_CLIENT: 10094")
        try example.replace(Example.party10000, "PORT_CLIENT: 10084", "PORT_CLIENT: 10094")
        let lines = example.lines
        #expect(lines.count == 3)
        #expect(lines.filter { $0.contains("by party 9998 ") }.count == 2)
        #expect(
            example.decode().invalidUnits == [.party("9998"), .party("9999"), .party("10000")])
    }

    @Test func doesNotDependOnTheOrderOfParties() throws {
        var example = try Example()
        for id in 1...30 { example.addParty(String(id), network: id, firstPort: 20_000 + id * 3) }
        let expected = example.lines
        #expect(expected.count > 60)
        for _ in 0..<5 { #expect(example.lines == expected) }
    }

    @Test func warnsOfAnEndpointThatLeadsElsewhere() throws {
        #expect(
            try Example(Example.blueprint, "port: ${PORT_ROLLSITE}", "port: ${PORT_HTTP}").lines == [
                "parties/10000/party.yaml:18:14: warning W-ENDPOINT: others dial port 10083, which leads to port "
                    + "9380 of a container, but rollsite listens on 9370",
                "parties/9999/party.yaml:18:14: warning W-ENDPOINT: others dial port 10093, which leads to port "
                    + "9380 of a container, but rollsite listens on 9370",
            ])
    }
}
