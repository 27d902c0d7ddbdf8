import Testing

@testable import DesiredState

/// What the encoders write, asked of the programs that read it.
struct ConfigFormatsEncoderTests {
    private static func value(depth: Int, _ generator: inout SeededGenerator) -> ConfigValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(.random(in: .min ... .max, using: &generator))
        case 3:
            .decimal(
                ["0.5", "-12.25", "1e3", "2.5E-7", "-0", "1E+10"].randomElement(using: &generator) ?? "0.5")
        case 4, 5, 6: .string(generator.text())
        case 7:
            .list(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in value(depth: depth - 1, &generator)
                })
        default: map(depth: depth, &generator)
        }
    }

    private static func map(depth: Int, _ generator: inout SeededGenerator) -> ConfigValue {
        var entries: [String: ConfigEntry] = [:]
        for _ in 0..<Int.random(in: 0..<4, using: &generator) {
            let isNumber = Int.random(in: 0..<4, using: &generator) == 0
            let key = isNumber ? String(Int.random(in: 0..<20_000, using: &generator)) : generator.text(3)
            entries[key] = ConfigEntry(key, value(depth: depth - 1, &generator), keyIsInteger: isNumber)
        }
        return .map(entries.values.sorted { $0.key < $1.key })
    }

    private static func values(_ count: Int, seed: UInt64) -> [ConfigValue] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in value(depth: 3, &generator) }
    }

    @Test func pythonReadsBackEveryJSON() throws {
        let values = Self.values(3_000, seed: 3)
        let seen = try RealReader.python(
            "for t in texts: print(dump(json.loads(t)))\n", texts: values.map(\.jsonText))
        let expected = values.map { $0.notation(yamlKeys: false) }
        // JSON readers take -0 for the integer 0.
        #expect(seen == expected.map { $0.replacing("f8000000000000000", with: "i0") })
    }

    @Test func pyYAMLReadsBackEveryYAML() throws {
        let values = Self.values(3_000, seed: 4)
        let body = "import yaml\nfor t in texts: print(dump(yaml.safe_load(t)))\n"
        let seen = try RealReader.python(body, texts: values.map(\.yamlText))
        let expected = values.map { $0.notation(yamlKeys: true) }
        for (index, pair) in zip(seen, expected).enumerated() where pair.0 != pair.1 {
            Issue.record("\(values[index].yamlText)\nread as \(pair.0)\ninstead of \(pair.1)")
            break
        }
        #expect(seen.count == expected.count)
    }

    @Test func ourOwnReadersReadItBackToo() throws {
        for value in Self.values(2_000, seed: 5) {
            var diagnostics: [Diagnostic] = []
            let json = YAMLNode.parseJSON(Array(value.jsonText.utf8), file: "c", into: &diagnostics)
            let back = try #require(json.map(ConfigValue.init))
            #expect(back.notation(yamlKeys: false) == value.notation(yamlKeys: false))
            #expect(diagnostics.isEmpty)
            let yaml = YAMLNode.parse(Array(value.yamlText.utf8), file: "c", into: &diagnostics)
            // Characters that are refused in a state repository may still be written to a config file.
            if !diagnostics.isEmpty {
                #expect(diagnostics.allSatisfy { $0.code == "E-CHAR" })
            } else if case .string(let text) = value {
                #expect(yaml?.content == .string(text))
            }
        }
    }

    @Test func linesLookAsAPersonWouldWriteThem() {
        let value = ConfigValue.map([
            "fateflow": .map(["host": .string("192.168.136.100"), "port": .integer(9380), "on": .bool(true)]),
            "paths": .list([.string("/data/x"), .map(["a": .integer(1), "b": .null]), .list([.integer(1)])]),
            "none": .list([]), "nothing": .map([]),
        ])
        let yaml = """
            fateflow:
              host: "192.168.136.100"
              port: 9380
              "on": true
            paths:
              - /data/x
              - a: 1
                b: null
              -
                - 1
            none: []
            nothing: {}

            """
        #expect(value.yamlText == yaml)
        #expect(
            ConfigValue.map(["a": .list([.integer(1), .string("é")]), "b": .map([])]).jsonText == """
                {
                  "a": [
                    1,
                    "\\u00e9"
                  ],
                  "b": {}
                }

                """)
    }
}
