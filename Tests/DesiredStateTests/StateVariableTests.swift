import Testing

@testable import DesiredState

/// Where values of variables come from, and what is said about those that cannot be used.
struct StateVariableTests {
    private static let (party, blueprint) = (Example.party9999, Example.blueprint)

    static let cases = [
        StateCase(
            "misspelt", party, "PORT_HTTP:", "PORT_HTPT:",
            "parties/9999/party.yaml:12:1: error E-REQUIRED: the variable \"PORT_HTTP\" needs "
                + "a value: host port of FATE Flow, HTTP (9380)",
            "parties/9999/party.yaml:18:3: error E-VAR: unknown variable \"PORT_HTPT\" (did "
                + "you mean \"PORT_HTTP\"?)"),
        StateCase(
            "missing", party, "  FLOW_IP: 192.168.137.100\n", "",
            "parties/9999/party.yaml:12:1: error E-REQUIRED: the variable \"FLOW_IP\" needs a "
                + "value: address of FATE Flow inside SUBNET. It binds to it and writes it into job "
                + "records, so a change orphans jobs"),
        StateCase(
            "without value", party, "FLOW_IP: 192.168.137.100", "FLOW_IP:",
            "parties/9999/party.yaml:12:1: error E-REQUIRED: the variable \"FLOW_IP\" needs a "
                + "value: address of FATE Flow inside SUBNET. It binds to it and writes it into job "
                + "records, so a change orphans jobs"),
        StateCase(
            "built in", party, "variables:\n", "variables:\n  PARTY_ID: 5\n",
            "parties/9999/party.yaml:13:3: error E-VAR: PARTY_ID is built in; remove this line"),
        StateCase(
            "filled from another", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: ${SUBNET}",
            "parties/9999/party.yaml:14:12: error E-TEMPLATE: variables cannot be used here; "
                + "write the value of FLOW_IP itself"),
        StateCase(
            "port in quotes", party, "PORT_GRPC: 10092", "PORT_GRPC: \"10092\"",
            "parties/9999/party.yaml:17:14: error E-TYPE: the variable \"PORT_GRPC\" must be "
                + "an integer, found the string \"10092\" (remove the quotes)"),
        StateCase(
            "port out of range", party, "PORT_GRPC: 10092", "PORT_GRPC: 0",
            "parties/9999/party.yaml:17:14: error E-RANGE: the variable \"PORT_GRPC\" must be "
                + "from 1 to 65535, found 0"),
        StateCase(
            "octal port", party, "PORT_GRPC: 10092", "PORT_GRPC: 010092",
            "parties/9999/party.yaml:17:14: error E-INT: the variable \"PORT_GRPC\" must be a "
                + "decimal integer such as 9370, found \"010092\""),
        StateCase(
            "address that is none", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: 192.168.137",
            "parties/9999/party.yaml:14:12: error E-IP: the variable \"FLOW_IP\" must be an "
                + "IPv4 address such as 10.10.0.1, found \"192.168.137\""),
        StateCase(
            "address with zeros", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: 192.168.137.010",
            "parties/9999/party.yaml:14:12: error E-IP: the variable \"FLOW_IP\" must be an "
                + "IPv4 address such as 10.10.0.1, found \"192.168.137.010\""),
        StateCase(
            "address outside the subnet", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: 192.168.136.100",
            "parties/9999/party.yaml:14:12: error E-IP: \"ipv4_address\" must be inside "
                + "192.168.137.0/24, found \"192.168.136.100\" (used in "
                + "blueprints/fate-1.5.1/compose.yaml:170:23)"),
        StateCase(
            "host name where an address is needed", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: flow",
            "parties/9999/party.yaml:14:12: error E-IP: \"ipv4_address\" must be an IPv4 "
                + "address such as 192.168.136.100, found \"flow\" (used in "
                + "blueprints/fate-1.5.1/compose.yaml:170:23)"),
        StateCase(
            "subnet with host bits", party, "192.168.137.0/24", "192.168.137.1/24",
            "parties/9999/party.yaml:13:11: error E-SUBNET: the variable \"SUBNET\": "
                + "192.168.137.1/24 has bits set behind its prefix"),
        StateCase(
            "subnet without prefix", party, "192.168.137.0/24", "192.168.137.0",
            "parties/9999/party.yaml:13:11: error E-SUBNET: the variable \"SUBNET\" must be an "
                + "IPv4 network such as 192.168.136.0/24, found \"192.168.137.0\""),
        StateCase(
            "subnet too small", party, "192.168.137.0/24", "192.168.137.0/31",
            "parties/9999/party.yaml:13:11: error E-SUBNET: the variable \"SUBNET\": a prefix "
                + "from /8 to /30 is needed, found 192.168.137.0/31"),
        StateCase(
            "string that is a number", party, "variables:\n", "variables:\n  TAG: 1.5\n",
            "parties/9999/party.yaml:13:8: error E-TYPE: the variable \"TAG\" must be a "
                + "string, found the number 1.5 (put it in quotes)"),
        StateCase(
            "two of its ports equal", party, "PORT_GRPC: 10092", "PORT_GRPC: 10093",
            "parties/9999/party.yaml:18:14: error E-PORT-CLASH: host port 10093/tcp is also "
                + "published by service \"python\" in line 157 (used in "
                + "blueprints/fate-1.5.1/compose.yaml:158:9)"),
        StateCase(
            "name that Docker refuses", party, "variables:\n", "variables:\n  PREFIX: a b\n",
            "parties/9999/party.yaml:13:11: error E-NAME: \"project\" must be small letters, "
                + "digits, \"-\" and \"_\", the first a letter or digit, found \"a b\" (used in "
                + "blueprints/fate-1.5.1/blueprint.yaml:7:10)"),
    ]

    @Test(arguments: cases) func isReportedWhereItIsWritten(mistake: StateCase) throws { try mistake.check() }

    @Test func publicAddressSpaceIsOnlyAWarning() throws {
        var example = try Example(Self.party, "192.168.137.0/24", "192.167.0.0/16")
        try example.replace(Self.party, "192.168.137.100", "192.167.0.100")
        #expect(
            example.lines == [
                "parties/9999/party.yaml:13:11: warning W-SUBNET: the variable \"SUBNET\": 192.167.0.0/16 is public "
                    + "address space, so its real owner cannot be reached from here"
            ])
        #expect(example.decode().parties.count == 2)
    }

    @Test func thePartyWinsOverTheFederationAndThatOverTheDefault() throws {
        var example = try Example()
        try example.append(
            "federation.yaml", "variables:\n  TAG: 1.5.1-shared\n  REGISTRY: mirror.example.org/fate\n")
        try example.replace(Self.party, "variables:\n", "variables:\n  TAG: 1.5.1-own\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        #expect(try state.party("9999").service("python").image == "mirror.example.org/fate/python:1.5.1-own")
        #expect(
            try state.party("10000").service("python").image == "mirror.example.org/fate/python:1.5.1-shared")
    }

    @Test func everyTypeCanBeGiven() throws {
        var example = try Example(
            Self.blueprint, "  PREFIX:\n",
            """
              COUNT:
                type: integer
                default: 3
              IS_ON:
                type: boolean
                default: false
              TWIN:
                type: integer
                default: ${COUNT}
              LABEL:
                type: string
                default: "${COUNT} of ${PARTY_ID}"
              PREFIX:

            """)
        try example.replace(Self.party, "variables:\n", "variables:\n  COUNT: -4\n  IS_ON: true\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        let own = try state.party("9999").variables
        #expect(own["COUNT"] == "-4" && own["IS_ON"] == "true" && own["TWIN"] == "-4")
        #expect(own["LABEL"] == "-4 of 9999")
        #expect(try state.party("10000").variables["TWIN"] == "3")
    }

    @Test func aMistakeOfEveryPartyIsTheBlueprints() throws {
        let example = try Example(Example.compose, "\"${PORT_HTTP}:9380/tcp\"", "\"${PORT_HTTP}:99999/tcp\"")
        #expect(
            example.lines == [
                "blueprints/fate-1.5.1/compose.yaml:158:9: error E-RANGE: an element of \"ports\" must have ports from 1 "
                    + "to 65535, found \"10093:99999/tcp\" (and likewise for every other party)"
            ])
        #expect(example.decode().invalidUnits == [.party("9999"), .party("10000")])
    }

    @Test func allMistakesOfAllFilesAreReportedAtOnce() throws {
        var example = try Example(Self.party, "PORT_HTTP:", "PORT_HTPT:")
        try example.replace(Example.party10000, "host: demo", "hots: demo")
        try example.replace(Example.compose, "container_name: ${PREFIX}_sql", "contaner_name: ${PREFIX}_sql")
        try example.replace(Self.blueprint, "onChange: reload", "onChange: relaod")
        try example.replace("federation.yaml", "name: demo", "nmae: demo")
        let places = example.lines.map { String($0.prefix { $0 != " " }) }
        #expect(
            places == [
                "blueprints/fate-1.5.1/blueprint.yaml:135:15:", "blueprints/fate-1.5.1/compose.yaml:55:5:",
                "federation.yaml:1:1:", "federation.yaml:3:1:", "parties/10000/party.yaml:1:1:",
                "parties/10000/party.yaml:6:1:", "parties/9999/party.yaml:12:1:",
                "parties/9999/party.yaml:18:3:",
            ])
    }

    @Test func overridesAreLaidOverTheBlueprint() throws {
        var example = try Example()
        try example.append(
            Self.party,
            """
            overrides:
              services:
                rollsite:
                  environment:
                    EGGROLL_LOG_LEVEL: DEBUG
                  restart: always
                  ipc:
              confs:
                eggroll/conf/eggroll.properties:
                  eggroll.session.processors.per.node: 8
                fate_flow/conf/service_conf.yaml:
                  fateflow:
                    http_port: ${PORT_HTTP}

            """)
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        let party = try state.party("9999")
        let rollsite = try party.service("rollsite")
        #expect(
            rollsite.environment == [
                "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python", "EGGROLL_LOG_LEVEL": "DEBUG",
            ])
        #expect(rollsite.restart.name == "always")
        #expect(rollsite.ipcMode == nil)
        #expect(
            try party.text("eggroll/conf/eggroll.properties").contains(
                "eggroll.session.processors.per.node=8\n"))
        #expect(try party.text("fate_flow/conf/service_conf.yaml").contains("http_port: 10093\n"))
        #expect(try state.party("10000") == Example().decode().party("10000"))
    }

    @Test func filesOfThePartyReplaceTheBlueprints() throws {
        var example = try Example()
        example.write("parties/9999/confs/client/pipeline_conf.yaml", "ip: python\nport: ${PORT_HTTP}\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        #expect(try state.party("9999").text("client/pipeline_conf.yaml") == "ip: python\nport: 10093\n")
        #expect(
            try state.party("9999").file("client/pipeline_conf.yaml").onChange
                == .restart(services: ["client"]))
        example.write("parties/9999/confs/client", "x")
        #expect(
            example.lines == [
                "parties/9999/confs/client/pipeline_conf.yaml:1:1: error E-LAYOUT: client is a file, so it cannot hold "
                    + "this one"
            ])
    }
}
