import Testing

@testable import DesiredState

/// One mistake in the example each, and the exact line that names it.
struct StateMistakeTests {
    private static let (party, external) = (Example.party9999, Example.party8888)
    private static let (blueprint, compose) = (Example.blueprint, Example.compose)
    private static let federation = "federation.yaml"

    static let federationCases = [
        StateCase("another version", federation, "fatesync/v1", "fatesync/v9"),
        StateCase("another kind", federation, "kind: Federation", "kind: Party"),
        StateCase("no name", federation, "name: demo", ""),
        StateCase("unknown key", federation, "name: demo", "name: demo\nexhange:\n  address: a"),
        StateCase(
            "exchange without port", federation, "name: demo",
            "name: demo\nexchange:\n  address: a.example.org"),
        StateCase(
            "loopback exchange", federation, "name: demo",
            "name: demo\nexchange:\n  address: localhost\n  port: 1"),
        StateCase("reserved label", federation, "name: demo", "name: demo\nlabels:\n  io.fatesync.host: x"),
        StateCase("label that is no text", federation, "name: demo", "name: demo\nlabels:\n  a: [1]"),
        StateCase("unknown variable", federation, "name: demo", "name: demo\nvariables:\n  REGISTRI: x"),
        StateCase(
            "wrong type for every party", federation, "name: demo", "name: demo\nvariables:\n  DB_NAME: 5"),
    ]

    static let partyCases = [
        StateCase("id as text", party, "id: 9999", "id: \"9999\""),
        StateCase("id too large", party, "id: 9999", "id: 99999999999"),
        StateCase("misspelt key", party, "blueprint:", "bluprint:"),
        StateCase("misspelt blueprint", party, "blueprint: fate-1.5.1", "blueprint: fate-1.5.l"),
        StateCase("host that is no name", party, "host: demo", "host: demo_1"),
        StateCase("misspelt endpoint key", party, "address: 10.10.0.1", "address: 10.10.0.1\n  prot: 1"),
        StateCase("endpoint with port in it", party, "address: 10.10.0.1", "address: 10.10.0.1:9370"),
        StateCase("endpoint that is no address", party, "address: 10.10.0.1", "address: 10.10.0.256"),
        StateCase("endpoint on link-local", party, "address: 10.10.0.1", "address: 169.254.169.254"),
        StateCase("endpoint on multicast", party, "address: 10.10.0.1", "address: 224.0.0.1"),
        StateCase("endpoint unspecified", party, "address: 10.10.0.1", "address: 0.0.0.0"),
        StateCase(
            "endpoint port out of range", party, "address: 10.10.0.1", "address: 10.10.0.1\n  port: 65536"),
        StateCase(
            "endpoint port quoted", party, "address: 10.10.0.1", "address: 10.10.0.1\n  port: \"10090\""),
        StateCase("variables in a list", party, "variables:\n", "overrides: []\nvariables:\n"),
        StateCase("external without port", external, "  port: 9370\n", ""),
        StateCase(
            "external with a blueprint", external, "external: true", "external: true\nblueprint: fate-1.5.1"),
        StateCase("external in a word", external, "external: true", "external: yes"),
        StateCase(
            "unknown service", party, "variables:\n",
            "overrides:\n  services:\n    rollsit:\n      image: x\nvariables:\n"),
        StateCase(
            "unknown Compose key", party, "variables:\n",
            "overrides:\n  services:\n    rollsite:\n      imag: x\nvariables:\n"),
        StateCase(
            "unknown config file", party, "variables:\n",
            "overrides:\n  confs:\n    eggroll/conf/egroll.properties: {}\nvariables:\n"),
        StateCase(
            "override of a verbatim file", party, "variables:\n",
            "overrides:\n  confs:\n    eggroll/conf/log4j2.properties:\n      a: b\nvariables:\n"),
        StateCase(
            "override of SQL", party, "variables:\n",
            "overrides:\n  confs:\n    mysql/init/insert-node.sql:\n      a: b\nvariables:\n"),
        StateCase(
            "override of the route table", party, "variables:\n",
            "overrides:\n  confs:\n    eggroll/conf/route_table.json:\n      a: b\nvariables:\n"),
    ]

    static let blueprintCases = [
        StateCase("another name", blueprint, "name: fate-1.5.1", "name: fate-1.5.2"),
        StateCase("unknown key", blueprint, "routeTable:", "routeTabel:"),
        StateCase("unknown type", blueprint, "type: subnet", "type: subnett"),
        StateCase(
            "small letters", blueprint, "  TAG:\n", "  tag:\n    type: string\n    default: x\n  TAG:\n"),
        StateCase("default of another type", blueprint, "default: fate_flow", "default: true"),
        StateCase(
            "default with a variable declared later", blueprint, "user_confs${PARTY_ID}", "${TAG}_confs"),
        StateCase(
            "default with an unknown variable", blueprint, "user_confs${PARTY_ID}", "user_${PARTY_IDD}"),
        StateCase(
            "declares a built-in", blueprint, "  PREFIX:\n", "  BASE_DIR:\n    type: string\n  PREFIX:\n"),
        StateCase("project that is no name", blueprint, "project: ${PREFIX}", "project: ${PREFIX}.x"),
        StateCase("project unlike compose.yaml", blueprint, "project: ${PREFIX}", "project: p-${PREFIX}"),
        StateCase("confs elsewhere", blueprint, "confs: ${BASE_DIR}/confs-", "confs: /etc/confs-"),
        StateCase(
            "confs with a way up", blueprint, "confs: ${BASE_DIR}/confs-", "confs: ${BASE_DIR}/../confs-"),
        StateCase("mode that is no text", blueprint, "confs/client\n", "confs/client\n    mode: 0755\n"),
        StateCase(
            "mode that is not octal", blueprint, "confs/client\n", "confs/client\n    mode: \"0799\"\n"),
        StateCase("owner by name", blueprint, "confs/client\n", "confs/client\n    owner: fate:fate\n"),
        StateCase("missing file", blueprint, "path: client/pipeline_conf.yaml", "path: client/pipeline.yaml"),
        StateCase(
            "file listed twice", blueprint, "path: fateboard/conf/ssh.properties",
            "path: fateboard/conf/application.properties"),
        StateCase(
            "unknown format", blueprint, "    format: properties\n    onChange: restart\n    services: [cl",
            "    format: property\n    onChange: restart\n    services: [cl"),
        StateCase("unknown effect", blueprint, "onChange: reload", "onChange: relaod"),
        StateCase("no duration", blueprint, "within: 60s", "within: 60"),
        StateCase("restart of nothing", blueprint, "    services: [client]\n", ""),
        StateCase("restart of an unknown service", blueprint, "services: [client]", "services: [cleint]"),
        StateCase(
            "services without restart", blueprint, "within: 60s", "within: 60s\n    services: [client]"),
        StateCase(
            "path out of the directory", blueprint, "path: client/pipeline_conf.yaml",
            "path: ../pipeline_conf.yaml"),
        StateCase("unknown route format", blueprint, "format: rollsite", "format: rollsit"),
        StateCase(
            "route port as text", blueprint, "    address: rollsite\n    port: 9370",
            "    address: rollsite\n    port: \"9370\""),
        StateCase("endpoint port from a text", blueprint, "port: ${PORT_ROLLSITE}", "port: ${PREFIX}"),
    ]

    static let composeCases = [
        StateCase("unknown variable", compose, "${MYSQL_IMAGE}", "${MYSQL_IMGE}"),
        StateCase("unknown key", compose, "container_name: ${PREFIX}_sql", "contaner_name: ${PREFIX}_sql"),
        StateCase(
            "reserved label", compose, "    image: ${MYSQL_IMAGE}",
            "    image: ${MYSQL_IMAGE}\n    labels:\n      com.docker.compose.project: x"),
        StateCase(
            "reserved label in a list", compose, "    image: ${MYSQL_IMAGE}",
            "    image: ${MYSQL_IMAGE}\n    labels: [io.fatesync=1]"),
    ]

    @Test(arguments: federationCases) func ofTheFederation(mistake: StateCase) throws { try mistake.check() }
    @Test(arguments: partyCases) func ofAParty(mistake: StateCase) throws { try mistake.check() }
    @Test(arguments: blueprintCases) func ofTheBlueprint(mistake: StateCase) throws { try mistake.check() }
    @Test(arguments: composeCases) func ofTheServices(mistake: StateCase) throws { try mistake.check() }
}
