import Testing

@testable import DesiredState

/// Where values of variables come from, and what is said about those that cannot be used.
struct StateVariableTests {
    private static let (party, blueprint) = (Example.party9999, Example.blueprint)

    static let cases = [
        StateCase("misspelt", party, "PORT_HTTP:", "PORT_HTPT:"),
        StateCase("missing", party, "  FLOW_IP: 192.168.137.100\n", ""),
        StateCase("without value", party, "FLOW_IP: 192.168.137.100", "FLOW_IP:"),
        StateCase("built in", party, "variables:\n", "variables:\n  PARTY_ID: 5\n"),
        StateCase("filled from another", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: ${SUBNET}"),
        StateCase("port in quotes", party, "PORT_GRPC: 10092", "PORT_GRPC: \"10092\""),
        StateCase("port out of range", party, "PORT_GRPC: 10092", "PORT_GRPC: 0"),
        StateCase("octal port", party, "PORT_GRPC: 10092", "PORT_GRPC: 010092"),
        StateCase("address that is none", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: 192.168.137"),
        StateCase("address with zeros", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: 192.168.137.010"),
        StateCase(
            "address outside the subnet", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: 192.168.136.100"),
        StateCase("host name where an address is needed", party, "FLOW_IP: 192.168.137.100", "FLOW_IP: flow"),
        StateCase("subnet with host bits", party, "192.168.137.0/24", "192.168.137.1/24"),
        StateCase("subnet without prefix", party, "192.168.137.0/24", "192.168.137.0"),
        StateCase("subnet too small", party, "192.168.137.0/24", "192.168.137.0/31"),
        StateCase("string that is a number", party, "variables:\n", "variables:\n  TAG: 1.5\n"),
        StateCase("two of its ports equal", party, "PORT_GRPC: 10092", "PORT_GRPC: 10093"),
        StateCase("name that Docker refuses", party, "variables:\n", "variables:\n  PREFIX: a b\n"),
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
            "federation.yaml", "variables:\n  TAG: shared\n  REGISTRY: mirror.example.org/fate\n")
        try example.replace(Self.party, "variables:\n", "variables:\n  TAG: own\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        #expect(try state.party("9999").service("python").image == "mirror.example.org/fate/python:own")
        #expect(try state.party("10000").service("python").image == "mirror.example.org/fate/python:shared")
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
        #expect(example.lines == [""])
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
                "blueprints/fate-1.5.1/blueprint.yaml:104:15:", "blueprints/fate-1.5.1/compose.yaml:55:5:",
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
