import Testing

@testable import DesiredState

/// One mistake in a blueprint each, and the exact line that names it.
struct StateBlueprintMistakeTests {
    private static let (blueprint, compose) = (Example.blueprint, Example.compose)

    static let blueprintCases = [
        StateCase(
            "another name", blueprint, "name: fate-1.5.1", "name: fate-1.5.2",
            "blueprints/fate-1.5.1/blueprint.yaml:3:7: error E-NAME: \"name\" must equal the "
                + "name of the directory, \"fate-1.5.1\", found \"fate-1.5.2\""),
        StateCase(
            "unknown key", blueprint, "routeTable:", "routeTabel:",
            "blueprints/fate-1.5.1/blueprint.yaml:133:11: error E-MISSING-FILE: there is no "
                + "confs/eggroll/conf/route_table.json (add it, or remove this entry)",
            "blueprints/fate-1.5.1/blueprint.yaml:199:1: error E-KEY: unknown key "
                + "\"routeTabel\" (did you mean \"routeTable\"?)"),
        StateCase(
            "unknown type", blueprint, "type: subnet", "type: subnett",
            "blueprints/fate-1.5.1/blueprint.yaml:22:11: error E-VALUE: unknown type "
                + "\"subnett\" (did you mean \"subnet\"?)"),
        StateCase(
            "small letters", blueprint, "  TAG:\n", "  tag:\n    type: string\n    default: x\n  TAG:\n",
            "blueprints/fate-1.5.1/blueprint.yaml:47:3: error E-NAME: \"tag\" cannot name a "
                + "variable; use capital letters, digits and \"_\""),
        StateCase(
            "default of another type", blueprint, "default: fate_flow", "default: true",
            "blueprints/fate-1.5.1/blueprint.yaml:57:14: error E-TYPE: the default of "
                + "\"DB_NAME\" must be a string, found the boolean true (put it in quotes)"),
        StateCase(
            "default with a variable declared later", blueprint, "user_confs${PARTY_ID}", "${TAG}_confs",
            "blueprints/fate-1.5.1/blueprint.yaml:19:14: error E-VAR: the default of "
                + "\"PREFIX\" uses TAG, which is declared after it"),
        StateCase(
            "default with an unknown variable", blueprint, "user_confs${PARTY_ID}", "user_${PARTY_IDD}",
            "blueprints/fate-1.5.1/blueprint.yaml:19:14: error E-VAR: unknown variable "
                + "\"PARTY_IDD\" (did you mean \"PARTY_ID\"?)"),
        StateCase(
            "declares a built-in", blueprint, "  PREFIX:\n", "  BASE_DIR:\n    type: string\n  PREFIX:\n",
            "blueprints/fate-1.5.1/blueprint.yaml:17:3: error E-NAME: BASE_DIR is built in; it "
                + "cannot be declared"),
        StateCase(
            "project that is no name", blueprint, "project: ${PREFIX}", "project: ${PREFIX}.x",
            "blueprints/fate-1.5.1/blueprint.yaml:7:10: error E-NAME: \"project\" must be "
                + "small letters, digits, \"-\" and \"_\", the first a letter or digit, found "
                + "\"user_confs9999.x\" (and likewise for every other party)"),
        StateCase(
            "project unlike compose.yaml", blueprint, "project: ${PREFIX}", "project: p-${PREFIX}",
            "blueprints/fate-1.5.1/compose.yaml:1:7: error E-NAME: the name \"user_confs9999\" "
                + "must equal \"project\" of blueprint.yaml, \"p-user_confs9999\" (and likewise for "
                + "every other party)"),
        StateCase(
            "confs elsewhere", blueprint, "confs: ${BASE_DIR}/confs-", "confs: /etc/confs-",
            "blueprints/fate-1.5.1/blueprint.yaml:10:8: error E-PATH: \"confs\" must be below "
                + "${BASE_DIR}, which is /srv/fate on this host; found \"/etc/confs-9999/confs\" "
                + "(and likewise for every other party)"),
        StateCase(
            "confs with a way up", blueprint, "confs: ${BASE_DIR}/confs-", "confs: ${BASE_DIR}/../confs-",
            "blueprints/fate-1.5.1/blueprint.yaml:10:8: error E-PATH: \"confs\" must be an "
                + "absolute path without \"..\", \".\" or empty parts, found "
                + "\"/srv/fate/../confs-9999/confs\" (and likewise for every other party)"),
        StateCase("mode that is no text", blueprint, "confs/client\n", "confs/client\n    mode: 0755\n"),
        StateCase(
            "mode that is not octal", blueprint, "confs/client\n", "confs/client\n    mode: \"0799\"\n",
            "blueprints/fate-1.5.1/blueprint.yaml:76:11: error E-VALUE: \"mode\" must be octal "
                + "digits such as \"0755\", found \"0799\""),
        StateCase(
            "owner by name", blueprint, "confs/client\n", "confs/client\n    owner: fate:fate\n",
            "blueprints/fate-1.5.1/blueprint.yaml:76:12: error E-VALUE: \"owner\" must be two "
                + "numbers, uid:gid, such as \"1000:1000\", found \"fate:fate\""),
        StateCase(
            "missing file", blueprint, "path: client/pipeline_conf.yaml", "path: client/pipeline.yaml",
            "blueprints/fate-1.5.1/blueprint.yaml:181:11: error E-MISSING-FILE: there is no "
                + "confs/client/pipeline.yaml (did you mean \"client/pipeline_conf.yaml\"?)"),
        StateCase(
            "file listed twice", blueprint, "path: fateboard/conf/ssh.properties",
            "path: fateboard/conf/application.properties",
            "blueprints/fate-1.5.1/blueprint.yaml:175:11: error E-DUP: "
                + "\"fateboard/conf/application.properties\" is listed twice, first in line 169"),
        StateCase(
            "unknown format", blueprint, "    format: properties\n    onChange: restart\n    services: [cl",
            "    format: property\n    onChange: restart\n    services: [cl",
            "blueprints/fate-1.5.1/blueprint.yaml:92:13: error E-VALUE: unknown format "
                + "\"property\" (allowed: properties, json, yaml, sql, text)"),
        StateCase(
            "unknown effect", blueprint, "onChange: reload", "onChange: relaod",
            "blueprints/fate-1.5.1/blueprint.yaml:135:15: error E-VALUE: unknown onChange "
                + "\"relaod\" (did you mean \"reload\"?)"),
        StateCase(
            "no duration", blueprint, "within: 60s", "within: 60",
            "blueprints/fate-1.5.1/blueprint.yaml:136:13: error E-DURATION: \"within\" must be "
                + "a duration such as 60s or 5m, found \"60\""),
        StateCase(
            "restart of nothing", blueprint, "    services: [client]\n", "",
            "blueprints/fate-1.5.1/blueprint.yaml:183:15: error E-REQUIRED: \"onChange: "
                + "restart\" needs \"services\""),
        StateCase(
            "restart of an unknown service", blueprint, "services: [client]", "services: [cleint]",
            "blueprints/fate-1.5.1/blueprint.yaml:184:16: error E-REF: unknown service "
                + "\"cleint\" (did you mean \"client\"?)"),
        StateCase(
            "services without restart", blueprint, "within: 60s", "within: 60s\n    services: [client]",
            "blueprints/fate-1.5.1/blueprint.yaml:137:5: error E-VALUE: \"services\" needs "
                + "\"onChange: restart\" or \"onChange: signal\""),
        StateCase(
            "path out of the directory", blueprint, "path: client/pipeline_conf.yaml",
            "path: ../pipeline_conf.yaml",
            "blueprints/fate-1.5.1/blueprint.yaml:181:11: error E-PATH: \"path\" must be a "
                + "path such as eggroll/conf/eggroll.properties, found \"../pipeline_conf.yaml\""),
        StateCase(
            "unknown route format", blueprint, "format: rollsite", "format: rollsit",
            "blueprints/fate-1.5.1/blueprint.yaml:201:11: error E-VALUE: unknown format "
                + "\"rollsit\" (did you mean \"rollsite\"?)"),
        StateCase(
            "route port as text", blueprint, "    address: rollsite\n    port: 9370",
            "    address: rollsite\n    port: \"9370\"",
            "blueprints/fate-1.5.1/blueprint.yaml:204:11: error E-TYPE: the port of \"self\" "
                + "must be an integer, found the string \"9370\" (remove the quotes)"),
        StateCase(
            "endpoint port from a text", blueprint, "port: ${PORT_ROLLSITE}", "port: ${PREFIX}",
            "blueprints/fate-1.5.1/blueprint.yaml:14:9: error E-TYPE: \"endpoint.port\" must "
                + "be an integer, found the string \"user_confs9999\" (and likewise for every other "
                + "party)"),
    ]

    static let composeCases = [
        StateCase(
            "unknown variable", compose, "${MYSQL_IMAGE}", "${MYSQL_IMGE}",
            "blueprints/fate-1.5.1/compose.yaml:56:12: error E-VAR: unknown variable "
                + "\"MYSQL_IMGE\" (did you mean \"MYSQL_IMAGE\"?)"),
        StateCase(
            "unknown key", compose, "container_name: ${PREFIX}_sql", "contaner_name: ${PREFIX}_sql",
            "blueprints/fate-1.5.1/compose.yaml:55:5: error E-KEY: unknown key "
                + "\"contaner_name\" (did you mean \"container_name\"?)"),
        StateCase(
            "reserved label", compose, "    image: ${MYSQL_IMAGE}",
            "    image: ${MYSQL_IMAGE}\n    labels:\n      com.docker.compose.project: x",
            "blueprints/fate-1.5.1/compose.yaml:58:7: error E-LABEL: the label "
                + "\"com.docker.compose.project\" is reserved: fatesync sets com.docker.compose.* "
                + "itself"),
        StateCase(
            "reserved label in a list", compose, "    image: ${MYSQL_IMAGE}",
            "    image: ${MYSQL_IMAGE}\n    labels: [io.fatesync=1]",
            "blueprints/fate-1.5.1/compose.yaml:57:14: error E-LABEL: the label "
                + "\"io.fatesync\" is reserved: fatesync sets io.fatesync.* itself"),
    ]

    @Test(arguments: blueprintCases) func ofTheBlueprint(mistake: StateCase) throws { try mistake.check() }
    @Test(arguments: composeCases) func ofTheServices(mistake: StateCase) throws { try mistake.check() }

    @Test func rollsiteMustKnowItselfByItsRoute() throws {
        let properties = "blueprints/fate-1.5.1/confs/eggroll/conf/eggroll.properties"
        var example = try Example(properties, "rollsite.port=9370", "rollsite.port=9371")
        try example.replace(properties, "rollsite.host=rollsite", "rollsite.host=Rollsite")
        try example.replace(properties, "rollsite.party.id=${PARTY_ID}", "rollsite.party.id=10000")
        let hint = "rollsite knows its own messages only when both are equal"
        let file = "eggroll/conf/eggroll.properties"
        #expect(
            example.lines == [
                "blueprints/fate-1.5.1/blueprint.yaml:200:9: error E-ROUTE: the route table says \"9999\" and \(file) "
                    + "says \"10000\" for eggroll.rollsite.party.id; \(hint)",
                "blueprints/fate-1.5.1/blueprint.yaml:203:14: error E-ROUTE: the route table says \"rollsite\" and "
                    + "\(file) says \"Rollsite\" for eggroll.rollsite.host; \(hint)",
                "blueprints/fate-1.5.1/blueprint.yaml:204:11: error E-ROUTE: the route table says \"9370\" and \(file) "
                    + "says \"9371\" for eggroll.rollsite.port; \(hint)",
            ])
        #expect(example.decode().invalidUnits == [.party("9999"), .party("10000")])
    }
}
