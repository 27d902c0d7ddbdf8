import Testing

@testable import DesiredState

/// JSON and YAML files.
struct ConfigFormatsTreeTests {
    @Test func jsonTakesTheTypeOfItsVariables() throws {
        let template =
            #"{"port": "${PORT}", "on": "${ON}", "at": "${HOST}:${PORT}", "x": "{{ y }} $$", "n": [1.50]}"#
        let result = try render(template, .json)
        let expected = """
            {
              "port": 9370,
              "on": true,
              "at": "192.168.1.2:9370",
              "x": "{{ y }} $",
              "n": [
                1.50
              ]
            }

            """
        #expect(result.text == expected)
        #expect(!result.isSecret)
    }

    @Test func anOverrideIsMergedKeyByKey() throws {
        let template = #"{"a": {"x": 1, "y": [1, 2]}, "b": "s"}"#
        let result = try render(
            template, .json, overrides: "a: {y: [\"${PORT}\"], z: \"${HOST}\"}\nc: ${PORT}\n")
        let expected = """
            {
              "a": {
                "x": 1,
                "y": [
                  "9370"
                ],
                "z": "192.168.1.2"
              },
              "b": "s",
              "c": 9370
            }

            """
        #expect(result.text == expected)
    }

    @Test func aPasswordComesOutRightInBoth() throws {
        let password = try #require(trickyVariables.values["PW"]?.text)
        let json = try render(#"{"passwd": "${PW}"}"#, .json)
        let yaml = try render("passwd: ${PW}\n", .yaml)
        #expect(json.isSecret && yaml.isSecret)
        let body = "import yaml\nfor t in texts: print(dump(yaml.safe_load(t)))\n"
        let seen = try RealReader.python(body, texts: [json.text ?? "", yaml.text ?? ""])
        let expected = ConfigValue.map(["passwd": .string(password)]).notation(yamlKeys: true)
        #expect(seen == [expected, expected])
    }

    @Test func yamlKeepsTheTypesThatItsReadersSee() throws {
        let result = try render(
            "10000:\n  host: ${HOST}\n  port: ${PORT}\n'9999': ${WORD}\nlist: [a, 'no']\n", .yaml)
        let expected = """
            10000:
              host: "192.168.1.2"
              port: 9370
            "9999": "yes"
            list:
              - a
              - "no"

            """
        #expect(result.text == expected)
    }

    @Test(arguments: [
        ("yes", "write true or false, or put it in quotes"),
        ("True", "write true or false, or put it in quotes"),
        ("0o17", "put it in quotes, or write a decimal number"),
        ("1e3", "put it in quotes, or write a decimal number"),
        ("22:22", "put it in quotes, or write a decimal number"),
        ("2020-01-01", "put it in quotes, or write a decimal number"),
    ])
    func wordsThatReadersDisagreeAboutAreRefused(_ word: String, _ hint: String) throws {
        let result = try render("a: \(word)\n", .yaml)
        #expect(
            result.lines == [
                "c:1:4: error E-AMBIGUOUS: \"\(word)\" means different things to YAML readers; \(hint)"
            ])
        #expect(try render("a: '\(word)'\n", .yaml).text == "a: \"\(word)\"\n")
    }

    @Test(arguments: [
        ("{\"a\": 1,}", "c:1:9: error E-JSON: a key in double quotes is needed here"),
        ("[1 2]", "c:1:4: error E-JSON: \",\" or \"]\" is needed here"),
        ("{a: 1}", "c:1:2: error E-JSON: a key in double quotes is needed here"),
        ("{'a': 1}", "c:1:2: error E-JSON: a key in double quotes is needed here"),
        ("{\"a\" 1}", "c:1:6: error E-JSON: \":\" is needed after the key \"a\""),
        ("[1,\n 2", "c:1:1: error E-JSON: \"[\" is never closed"),
        ("\"x", "c:1:1: error E-JSON: this quote is never closed on its line"),
        ("[01]", "c:1:2: error E-JSON: a value is needed here, found \"01\""),
        ("[+1]", "c:1:2: error E-JSON: a value is needed here, found \"+1\""),
        ("[1.]", "c:1:2: error E-JSON: a value is needed here, found \"1.\""),
        ("[NaN]", "c:1:2: error E-JSON: a value is needed here, found \"NaN\""),
        ("// c\n1", "c:1:1: error E-JSON: a value is needed here, found \"//\""),
        ("1 2", "c:1:3: error E-JSON: text after the end of the value"),
        ("\"\\x\"", "c:1:2: error E-JSON: unknown escape; write \"\\\\\" for a backslash"),
        ("\"\\ud800\"", "c:1:2: error E-JSON: \"\\u\" needs four hexadecimal digits of a character"),
        ("", "c:1:1: error E-EMPTY: the file is empty"),
        ("{\"a\": 1,\n \"a\": 2}", "c:2:2: error E-DUP: duplicate key \"a\", first used in line 1"),
        ("{\"a\": \"${PROT}\"}", "c:1:7: error E-VAR: unknown variable \"PROT\" (did you mean \"PORT\"?)"),
    ])
    func onlyRealJSONIsAccepted(_ text: String, _ line: String) throws {
        #expect(try render(text, .json).lines == [line])
    }

    @Test func jsonHasTheSameLimitsAsYAML() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(
            try render(deep, .json).lines.map { $0.contains("E-LIMIT: nested deeper than 32 levels") } == [
                true
            ])
        let wide = "[" + String(repeating: "1,", count: 10_000) + "1]"
        #expect(
            try render(wide, .json).lines.map { $0.contains("E-LIMIT: more than 10000 values") } == [true])
    }
}
