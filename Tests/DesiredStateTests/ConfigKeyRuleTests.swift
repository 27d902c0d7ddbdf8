import Testing

@testable import DesiredState

/// What a blueprint says about single keys of its config files, and about its release.
struct ConfigKeyRuleTests {
    @Test(arguments: [
        ("a.b", "a.b", true), ("a.b", "a.b.c", true), ("a.b", "a.b[0].c", true), ("a.b", "a.bc", false),
        ("a.b", "a", false), ("a.b.*", "a.b", false), ("a.b.*", "a.b.c.d", true),
        ("*.exepath", "x.y.exepath", true),
        ("*.exepath", "x.exepaths", false), ("a.*.z", "a.b.c.z", true), ("a.*.z", "a.z", false),
        ("a.*.z", "a.b.z.w", true), ("fate_on_*", "fate_on_eggroll.rollsite.port", true),
        ("*", "anything", true),
        ("a*a", "a", false), ("a*a", "aa", true),
    ])
    func aPatternNamesAKeyAndAllBelowIt(pattern: String, key: String, matches: Bool) {
        #expect(ConfigKeyPattern(pattern).matches(key) == matches, "\(pattern) \(key)")
    }

    private static let keysOfEggroll: [(String, [String])] = [
        ("eggroll.rollsite.port", ["rollsite"]), ("eggroll.rollsite.push.max.retry", []),
        ("eggroll.resourcemanager.clustermanager.jdbc.password", ["clustermanager"]),
        ("eggroll.resourcemanager.bootstrap.egg_pair.exepath", ["nodemanager"]),
        ("eggroll.resourcemanager.bootstrap.egg_pair.venv", []),
        ("eggroll.data.dir", ["clustermanager", "nodemanager", "rollsite", "python"]),
    ]

    @Test(arguments: keysOfEggroll)
    func theExampleKnowsWhoReadsAKeyOfEggroll(key: String, services: [String]) throws {
        let file = try Example().decode().party("10000").file("eggroll/conf/eggroll.properties")
        #expect(file.rule(for: key).effect.services == services)
        #expect(file.services == ["clustermanager", "nodemanager", "rollsite", "python"])
    }

    private static let keysOfFATEFlow: [(String, [String], Set<String>?)] = [
        ("servings.hosts[0]", [], ["python"]), ("fateflow.proxy", [], ["python"]),
        ("fate_on_eggroll.rollsite.port", [], ["python"]), ("fateflow.host", ["python"], ["python"]),
        ("database.passwd", ["python"], ["python"]),
        ("fate_on_eggroll.clustermanager.nodes", ["python"], ["python"]),
        ("use_deserialize_safe_module", ["nodemanager", "python"], nil),
    ]

    @Test(arguments: keysOfFATEFlow) func theExampleKnowsWhoReadsAKeyOfFATEFlow(
        key: String, services: [String], readers: Set<String>?
    ) throws {
        let rule = try Example().decode().party("10000").file("fate_flow/conf/service_conf.yaml").rule(
            for: key)
        #expect(rule.effect.services == services)
        #expect(rule.readers == readers)
    }

    @Test func theExampleHoldsWhatMySQLDoesNotTakeAnyMore() throws {
        let file = try Example().decode().party("10000").file("mysql/init/insert-node.sql")
        #expect(file.readers == ["mysql"])
        #expect(file.confirmation?.contains("with SQL first") == true)
        #expect(file.rules(for: .bytes)?.map(\.rule) == [file.wholeRule])
    }

    @Test(
        arguments: [
            ("match: [a, b]\n        onChange: nothing", []),
            ("match: a\n        onChange: restart", ["needs \"services\""]),
            ("onChange: nothing", ["the rule needs the key \"match\""]),
            ("match: []\n        onChange: nothing", ["\"match\" needs the name of a key"]),
            ("match: \"\"\n        onChange: nothing", ["\"match\" needs the name of a key"]),
            (
                "match: a\n        onChange: restart\n        services: [cleint]",
                ["unknown service \"cleint\""]
            ),
            (
                "match: a\n        onChange: nothing\n        readers: [pithon]",
                ["unknown service \"pithon\""]
            ),
            (
                "match: a\n        onChange: reload\n        within: 3s\n        restartIfUnreadable: [client]",
                ["unknown key \"restartIfUnreadable\""]
            ),
        ] as [(String, [String])])
    func mistakesInARuleAreReported(rule: String, messages: [String]) throws {
        let example = try Example(
            Example.blueprint, "    services: [client]\n",
            "    services: [client]\n    keys:\n      - \(rule)\n")
        let lines = example.lines
        #expect(lines.count == messages.count, "\(lines)")
        for (line, message) in zip(lines, messages) {
            #expect(
                line.contains(message) && line.hasPrefix("blueprints/fate-1.5.1/blueprint.yaml:"), "\(line)")
        }
    }

    @Test func aFileWithoutKeysHasNoRules() throws {
        let example = try Example(
            Example.blueprint, "insert-node.sql\n    format: sql\n",
            "insert-node.sql\n    format: sql\n    keys: [{match: a, onChange: nothing}]\n")
        try #require(example.lines.count == 1)
        #expect(example.lines[0].hasSuffix("which keys a file of format sql has is not known"))
    }

    @Test func whoMustBeAskedNeedsAReader() throws {
        let example = try Example(
            Example.blueprint,
            "insert-node.sql\n    format: sql\n    onChange: nothing\n    readers: [mysql]\n",
            "insert-node.sql\n    format: sql\n    onChange: nothing\n")
        try #require(example.lines.count == 1)
        #expect(example.lines[0].contains("\"confirm\" needs \"readers\""))
    }

    // MARK: Releases

    @Test func aBlueprintStatesItsRelease() throws {
        let release = try Example().decode().party("9999").release
        #expect(release == PartyRelease(blueprint: "fate-1.5.1", version: "1.5.1", tag: "1.5.1-release"))
    }

    @Test func aTagOfAnotherVersionIsAWarningWhereItIsWritten() throws {
        let example = try Example(Example.party9999, "variables:\n", "variables:\n  TAG: 1.6.0-release\n")
        #expect(
            example.lines == [
                "parties/9999/party.yaml:13:8: warning W-RELEASE: the tag \"1.6.0-release\" is one of FATE 1.6.0, "
                    + "but files, commands and paths of the blueprint fate-1.5.1 are those of FATE 1.5.1"
            ])
    }

    @Test(arguments: [
        ("version: 1.5.1", "version: new", "must be a version of FATE such as 1.5.1, found \"new\""),
        ("tag: ${TAG}\n", "tag: ${TAG}\n  upgrades: [{from: 1.5.0, steps: []}]\n", "\"steps\" needs a step"),
        ("tag: ${TAG}\n", "tag: ${TAG}\n  upgrades: [{from: 1.5.0}]\n", "needs the key \"steps\""),
        ("tag: ${TAG}\n", "tga: ${TAG}\n", "needs the key \"tag\""),
    ])
    func mistakesInAReleaseAreReported(old: String, new: String, message: String) throws {
        let example = try Example(Example.blueprint, old, new)
        #expect(example.lines.contains { $0.contains(message) }, "\(example.lines)")
    }
}
