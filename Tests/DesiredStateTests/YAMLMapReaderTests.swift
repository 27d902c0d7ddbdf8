import Testing

@testable import DesiredState

/// The values of a small map, as the decoders of the state repository read theirs.
private struct Endpoint: Equatable {
    var address: String?
    var port: Int64?
    var enabled: Bool?
}

struct YAMLMapReaderTests {
    static let examples = [
        YAMLCase(
            "misspelt key", "prot: 9370\n",
            "f.yaml:1:1: error E-KEY: unknown key \"prot\" (did you mean \"port\"?)"),
        YAMLCase(
            "unknown key", "zzz: 1\n",
            "f.yaml:1:1: error E-KEY: unknown key \"zzz\" (allowed: address, enabled, names, nested,"
                + " port, vars)"
        ),
        YAMLCase(
            "list instead of map", "- a\n", "f.yaml:1:1: error E-TYPE: endpoint must be a map, found a list"),
        YAMLCase(
            "scalar instead of map", "a\n",
            "f.yaml:1:1: error E-TYPE: endpoint must be a map, found the string \"a\""),
        YAMLCase(
            "map instead of list", "names: {a: 1}\n",
            "f.yaml:1:8: error E-TYPE: \"names\" must be a list, found a map"),
        YAMLCase(
            "quoted number", "port: \"9370\"\n",
            "f.yaml:1:7: error E-TYPE: \"port\" must be an integer, found the string \"9370\" (remove"
                + " the quotes)"
        ),
        YAMLCase(
            "fraction", "port: 9370.0\n",
            "f.yaml:1:7: error E-TYPE: \"port\" must be an integer, found the number 9370.0"),
        YAMLCase(
            "word", "port: high\n",
            "f.yaml:1:7: error E-TYPE: \"port\" must be an integer, found the string \"high\""),
        YAMLCase(
            "number as a string", "address: 10\n",
            "f.yaml:1:10: error E-TYPE: \"address\" must be a string, found the integer 10 (put it in quotes)"
        ),
        YAMLCase(
            "word for a boolean", "enabled: yes\n",
            "f.yaml:1:10: error E-BOOL: \"enabled\" must be true or false, found \"yes\" (write true)"),
        YAMLCase(
            "letter for a boolean", "enabled: N\n",
            "f.yaml:1:10: error E-BOOL: \"enabled\" must be true or false, found \"N\" (write false)"),
        YAMLCase(
            "quoted boolean", "enabled: 'true'\n",
            "f.yaml:1:10: error E-TYPE: \"enabled\" must be true or false, found the string \"true\""
                + " (remove the quotes)"
        ),
        YAMLCase(
            "port too large", "port: 65536\n",
            "f.yaml:1:7: error E-RANGE: \"port\" must be from 1 to 65535, found 65536"),
        YAMLCase(
            "port 0", "port: 0\n", "f.yaml:1:7: error E-RANGE: \"port\" must be from 1 to 65535, found 0"),
        YAMLCase(
            "negative port", "port: -1\n",
            "f.yaml:1:7: error E-RANGE: \"port\" must be from 1 to 65535, found -1"),
        YAMLCase(
            "port mapping", "port: 22:22\n",
            "f.yaml:1:7: error E-INT: \"port\" must be an integer, found \"22:22\", which looks like a"
                + " port mapping"
        ),
        YAMLCase(
            "several mistakes", "prot: 1\nport: x\nnested: {b: 1}\nnames: [a, 1]\nvars: {k: [1]}\n",
            "f.yaml:2:7: error E-TYPE: \"port\" must be an integer, found the string \"x\"",
            "f.yaml:4:12: error E-TYPE: an element of \"names\" must be a string, found the integer 1"
                + " (put it in quotes)",
            "f.yaml:5:11: error E-TYPE: \"k\" must be a string, found a list",
            "f.yaml:3:9: error E-REQUIRED: \"nested\" needs the key \"a\"",
            "f.yaml:3:10: error E-KEY: unknown key \"b\" (allowed: a)",
            "f.yaml:1:1: error E-KEY: unknown key \"prot\" (did you mean \"port\"?)"),
    ]

    @Test(arguments: examples)
    func reportsThisLine(_ example: YAMLCase) throws {
        var diagnostics: [Diagnostic] = []
        let node = try #require(YAMLNode.parse(example.bytes, file: "f.yaml", into: &diagnostics))
        _ = MapReader.read(node, as: "endpoint", into: &diagnostics) { reader in
            _ = reader.string("address")
            _ = reader.integer("port", in: 1...65535)
            _ = reader.boolean("enabled")
            _ = reader.strings("names")
            _ = reader.texts("vars")
            _ = reader.map("nested") { $0.integer("a", .required) }
        }
        #expect(diagnostics.lines == example.lines)
    }

    @Test(arguments: ["0o17", "017", "0x1F", "9_370", "+9370", "1e3", ".inf"])
    func onlyDecimalIntegersAreIntegers(_ text: String) throws {
        var diagnostics: [Diagnostic] = []
        let value = try parsed("port: \(text)\n")["port"]?.integer("\"port\"", into: &diagnostics)
        #expect(value == nil)
        let message = "\"port\" must be a decimal integer such as 9370, found \"\(text)\""
        #expect(diagnostics.lines == ["f.yaml:1:7: error E-INT: \(message)"])
    }

    @Test func aMissingKeyIsReportedWithTheMapAndAnEmptyOneWithItsPlace() throws {
        var diagnostics: [Diagnostic] = []
        MapReader.read(try parsed("a: 1\nb:\n"), as: "party", into: &diagnostics) { reader in
            _ = reader.integer("a")
            _ = reader.string("b", .required)
            _ = reader.string("c", .required)
            _ = reader.string("d")
        }
        let expected = [
            "f.yaml:2:1: error E-REQUIRED: the key \"b\" of party has no value",
            "f.yaml:1:1: error E-REQUIRED: party needs the key \"c\"",
        ]
        #expect(diagnostics.lines == expected)
    }

    @Test func wellFormedValuesAreRead() throws {
        var diagnostics: [Diagnostic] = []
        let node = try parsed(
            "address: a.example\nport: 9370\nenabled: false\nrestart: no\nenv: {A: 1, B: true}\n")
        let endpoint = MapReader.read(node, as: "endpoint", into: &diagnostics) { reader in
            #expect(reader.string("restart") == "no")
            #expect(reader.texts("env").map { $0.map(\.value) } == ["1", "true"])
            return Endpoint(
                address: reader.string("address"), port: reader.integer("port"),
                enabled: reader.boolean("enabled"))
        }
        #expect(diagnostics.isEmpty)
        #expect(endpoint == Endpoint(address: "a.example", port: 9370, enabled: false))
    }

    @Test func aSecretIsNotShown() throws {
        var diagnostics: [Diagnostic] = []
        let variables = Variables(["PW": .secret("hunter2")])
        let node = try parsed("port: ${PW}\n").substituting(variables, into: &diagnostics)
        _ = node["port"]?.integer("\"port\"", into: &diagnostics)
        #expect(
            diagnostics.lines == ["f.yaml:1:7: error E-TYPE: \"port\" must be an integer, found a secret"])
    }
}
