import Testing

@testable import DesiredState

/// One mistake in federation.yaml or party.yaml each, and the exact line that names it.
struct StateMistakeTests {
    private static let (party, external) = (Example.party9999, Example.party8888)
    private static let federation = "federation.yaml"

    static let federationCases = [
        StateCase(
            "another version", federation, "fatesync/v1", "fatesync/v9",
            "federation.yaml:1:13: error E-VERSION: apiVersion \"fatesync/v9\" is not "
                + "supported; this fatesync reads fatesync/v1"),
        StateCase(
            "another kind", federation, "kind: Federation", "kind: Party",
            "federation.yaml:2:7: error E-VERSION: this file must be of kind Federation, found "
                + "\"Party\""),
        StateCase(
            "no name", federation, "name: demo", "",
            "federation.yaml:1:1: error E-REQUIRED: the federation needs the key \"name\""),
        StateCase(
            "unknown key", federation, "name: demo", "name: demo\nexhange:\n  address: a",
            "federation.yaml:4:1: error E-KEY: unknown key \"exhange\" (did you mean "
                + "\"exchange\"?)"),
        StateCase(
            "exchange without port", federation, "name: demo",
            "name: demo\nexchange:\n  address: a.example.org",
            "federation.yaml:5:3: error E-REQUIRED: \"exchange\" needs the key \"port\""),
        StateCase(
            "loopback exchange", federation, "name: demo",
            "name: demo\nexchange:\n  address: localhost\n  port: 1",
            "federation.yaml:5:12: error E-ADDR: \"address\" cannot be dialled by other hosts: "
                + "localhost is a loopback address"),
        StateCase(
            "reserved label", federation, "name: demo", "name: demo\nlabels:\n  io.fatesync.host: x",
            "federation.yaml:5:3: error E-LABEL: the label \"io.fatesync.host\" is reserved: "
                + "fatesync sets io.fatesync.* itself"),
        StateCase(
            "label that is no text", federation, "name: demo", "name: demo\nlabels:\n  a: [1]",
            "federation.yaml:5:6: error E-TYPE: \"a\" must be a string, found a list"),
        StateCase(
            "unknown variable", federation, "name: demo", "name: demo\nvariables:\n  REGISTRI: x",
            "federation.yaml:5:3: error E-VAR: unknown variable \"REGISTRI\" (did you mean "
                + "\"REGISTRY\"?)"),
        StateCase(
            "wrong type for every party", federation, "name: demo", "name: demo\nvariables:\n  DB_NAME: 5",
            "federation.yaml:5:12: error E-TYPE: the variable \"DB_NAME\" must be a string, "
                + "found the integer 5 (put it in quotes)"),
    ]

    static let partyCases = [
        StateCase(
            "id as text", party, "id: 9999", "id: \"9999\"",
            "parties/9999/party.yaml:3:5: error E-TYPE: \"id\" must be an integer, found the "
                + "string \"9999\" (remove the quotes)"),
        StateCase(
            "id too large", party, "id: 9999", "id: 99999999999",
            "parties/9999/party.yaml:3:5: error E-RANGE: \"id\" must be from 1 to 9999999999, "
                + "found 99999999999"),
        StateCase(
            "misspelt key", party, "blueprint:", "bluprint:",
            "parties/9999/party.yaml:1:1: error E-REQUIRED: the party needs the key "
                + "\"blueprint\"",
            "parties/9999/party.yaml:5:1: error E-KEY: unknown key \"bluprint\" (did you mean "
                + "\"blueprint\"?)"),
        StateCase(
            "misspelt blueprint", party, "blueprint: fate-1.5.1", "blueprint: fate-1.5.l",
            "parties/9999/party.yaml:5:12: error E-REF: unknown blueprint \"fate-1.5.l\" (did "
                + "you mean \"fate-1.5.1\"?)"),
        StateCase(
            "host that is no name", party, "host: demo", "host: demo_1",
            "parties/9999/party.yaml:6:7: error E-HOST: \"host\" must be a host name: letters, "
                + "digits and \"-\", in parts of at most 63 with \".\" between them, found \"demo_1\""),
        StateCase(
            "misspelt endpoint key", party, "address: 10.10.0.1", "address: 10.10.0.1\n  prot: 1",
            "parties/9999/party.yaml:11:3: error E-KEY: unknown key \"prot\" (did you mean "
                + "\"port\"?)"),
        StateCase(
            "endpoint with port in it", party, "address: 10.10.0.1", "address: 10.10.0.1:9370",
            "parties/9999/party.yaml:10:12: error E-IP: \"address\" must be an IPv4 address or "
                + "a host name alone, without port, prefix or scheme, found \"10.10.0.1:9370\""),
        StateCase(
            "endpoint with a password in it", party, "address: 10.10.0.1",
            "address: https://user:pw@10.10.0.1/",
            "parties/9999/party.yaml:10:12: error E-SECRET: \"address\" must be an address alone; "
                + "remove the user name and what belongs to it"),
        StateCase(
            "endpoint that is no address", party, "address: 10.10.0.1", "address: 10.10.0.256",
            "parties/9999/party.yaml:10:12: error E-IP: \"address\" must be an IPv4 address "
                + "such as 10.10.0.1, found \"10.10.0.256\""),
        StateCase(
            "endpoint on link-local", party, "address: 10.10.0.1", "address: 169.254.169.254",
            "parties/9999/party.yaml:10:12: error E-ADDR: \"address\" cannot be dialled by "
                + "other hosts: 169.254.169.254 is a link-local address"),
        StateCase(
            "endpoint on multicast", party, "address: 10.10.0.1", "address: 224.0.0.1",
            "parties/9999/party.yaml:10:12: error E-ADDR: \"address\" cannot be dialled by "
                + "other hosts: 224.0.0.1 is a multicast address"),
        StateCase(
            "endpoint unspecified", party, "address: 10.10.0.1", "address: 0.0.0.0",
            "parties/9999/party.yaml:10:12: error E-ADDR: \"address\" cannot be dialled by "
                + "other hosts: 0.0.0.0 is the unspecified address"),
        StateCase(
            "endpoint port out of range", party, "address: 10.10.0.1", "address: 10.10.0.1\n  port: 65536",
            "parties/9999/party.yaml:11:9: error E-RANGE: \"port\" must be from 1 to 65535, "
                + "found 65536"),
        StateCase(
            "endpoint port quoted", party, "address: 10.10.0.1", "address: 10.10.0.1\n  port: \"10090\"",
            "parties/9999/party.yaml:11:9: error E-TYPE: \"port\" must be an integer, found "
                + "the string \"10090\" (remove the quotes)"),
        StateCase(
            "variables in a list", party, "variables:\n", "overrides: []\nvariables:\n",
            "parties/9999/party.yaml:12:12: error E-TYPE: \"overrides\" must be a map, found a "
                + "list"),
        StateCase(
            "external without port", external, "  port: 9370\n", "",
            "parties/8888/party.yaml:9:3: error E-REQUIRED: \"endpoint\" needs the key \"port\""),
        StateCase(
            "external with a blueprint", external, "external: true", "external: true\nblueprint: fate-1.5.1",
            "parties/8888/party.yaml:6:1: error E-KEY: an external party has no \"blueprint\": "
                + "another organisation runs it"),
        StateCase(
            "external that adopts", external, "external: true", "external: true\nadopt: true",
            "parties/8888/party.yaml:6:1: error E-KEY: an external party has no \"adopt\": "
                + "another organisation runs it"),
        StateCase(
            "adopting in a word", party, "variables:\n", "adopt: yes\nvariables:\n",
            "parties/9999/party.yaml:12:8: error E-BOOL: \"adopt\" must be true or false, "
                + "found \"yes\" (write true)"),
        StateCase(
            "external in a word", external, "external: true", "external: yes",
            "parties/8888/party.yaml:5:11: error E-BOOL: \"external\" must be true or false, "
                + "found \"yes\" (write true)"),
        StateCase(
            "unknown service", party, "variables:\n",
            "overrides:\n  services:\n    rollsit:\n      image: x\nvariables:\n",
            "parties/9999/party.yaml:14:5: error E-REF: unknown service \"rollsit\" (did you "
                + "mean \"rollsite\"?)"),
        StateCase(
            "unknown Compose key", party, "variables:\n",
            "overrides:\n  services:\n    rollsite:\n      imag: x\nvariables:\n",
            "parties/9999/party.yaml:15:7: error E-KEY: unknown key \"imag\" (did you mean "
                + "\"image\"?)"),
        StateCase(
            "unknown config file", party, "variables:\n",
            "overrides:\n  confs:\n    eggroll/conf/egroll.properties: {}\nvariables:\n",
            "parties/9999/party.yaml:14:5: error E-REF: unknown config file "
                + "\"eggroll/conf/egroll.properties\" (did you mean "
                + "\"eggroll/conf/eggroll.properties\"?)"),
        StateCase(
            "override of a verbatim file", party, "variables:\n",
            "overrides:\n  confs:\n    eggroll/conf/log4j2.properties:\n      a: b\nvariables:\n",
            "parties/9999/party.yaml:14:5: error E-FORMAT: eggroll/conf/log4j2.properties is "
                + "copied verbatim, so it has no keys to override; put a whole file into "
                + "parties/9999/confs"),
        StateCase(
            "override of SQL", party, "variables:\n",
            "overrides:\n  confs:\n    mysql/init/insert-node.sql:\n      a: b\nvariables:\n",
            "parties/9999/party.yaml:14:5: error E-FORMAT: mysql/init/insert-node.sql is of "
                + "format sql, so it has no keys to override; put a whole file into "
                + "parties/9999/confs"),
        StateCase(
            "override of the route table", party, "variables:\n",
            "overrides:\n  confs:\n    eggroll/conf/route_table.json:\n      a: b\nvariables:\n",
            "parties/9999/party.yaml:14:5: error E-ROUTE: eggroll/conf/route_table.json is "
                + "derived from the endpoints of all parties; it cannot be overridden"),
    ]

    @Test(arguments: federationCases) func ofTheFederation(mistake: StateCase) throws { try mistake.check() }
    @Test(arguments: partyCases) func ofAParty(mistake: StateCase) throws { try mistake.check() }
}
