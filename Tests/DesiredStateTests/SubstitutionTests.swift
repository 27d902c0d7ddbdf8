import Testing

@testable import DesiredState

struct SubstitutionTests {
    static let variables = Variables([
        "PORT": .integer(9370), "HOST": .string("a.example"), "WORD": .string("yes"), "EMPTY": .string(""),
        "ON": .boolean(true), "PW": .secret("p$w ${HOST}: #"),
    ])

    private func substituted(_ text: String) throws -> (node: YAMLNode?, lines: [String]) {
        var diagnostics: [Diagnostic] = []
        let node = try parsed("k: \(text)\n").substituting(Self.variables, into: &diagnostics)["k"]
        return (node, diagnostics.lines)
    }

    @Test(arguments: [
        ("${PORT}", YAMLNode.Content.integer(9370)),
        ("\"${PORT}\"", .string("9370")),
        ("${ON}", .bool(true)),
        ("${WORD}", .string("yes")),
        ("${HOST}:${PORT}", .string("a.example:9370")),
        ("${PORT}${PORT}", .string("93709370")),
        ("x$${PORT}y", .string("x${PORT}y")),
        ("$$", .string("$")),
        ("${NONE:-80}", .integer(80)),
        ("\"${NONE:-80}\"", .string("80")),
        ("${EMPTY:-x$$y}", .string("x$y")),
        ("${NONE:-}", .null),
        ("${PORT:?needed}", .integer(9370)),
        ("${PW}", .string("p$w ${HOST}: #")),
        ("'{{ x }} #'", .string("{{ x }} #")),
    ])
    func aScalarBecomes(_ text: String, _ expected: YAMLNode.Content) throws {
        let result = try substituted(text)
        #expect(result.lines == [])
        #expect(result.node?.content == expected)
    }

    @Test(arguments: [
        ("${HOTS}", "E-VAR: unknown variable \"HOTS\" (did you mean \"HOST\"?)"),
        ("${ZZZZZZ}", "E-VAR: unknown variable \"ZZZZZZ\" (known: EMPTY, HOST, ON, PORT, PW, WORD)"),
        ("${NONE:?set it in party.yaml}", "E-VAR: variable \"NONE\": set it in party.yaml"),
        ("${EMPTY:?}", "E-VAR: variable \"EMPTY\": it has no value"),
        ("$HOST", "E-TEMPLATE: write \"${HOST}\" for the variable or \"$$HOST\" for the text"),
        ("a$", "E-TEMPLATE: write \"$$\" for a dollar sign"),
        ("$5", "E-TEMPLATE: write \"$$\" for a dollar sign"),
        ("${HOST", "E-TEMPLATE: \"${HOST\" is not closed; add \"}\""),
        ("${}", "E-TEMPLATE: \"${\" needs the name of a variable; write \"$${\" for the text"),
        (
            "${HOST-x}",
            "E-TEMPLATE: \"${HOST-x}\" is not supported; write ${HOST}, ${HOST:-default} or ${HOST:?message}"
        ),
        (
            "${NONE:-${HOST}}",
            "E-TEMPLATE: the default of \"${NONE}\" cannot hold a variable; write \"$$\" for \"$\""
        ),
    ])
    func aMistakeIsReported(_ text: String, _ expected: String) throws {
        let result = try substituted(text)
        #expect(result.lines == ["f.yaml:1:4: error \(expected)"])
    }

    @Test func keysAreLeftAlone() throws {
        var diagnostics: [Diagnostic] = []
        let node = try parsed("${HOST}: ${HOST}\n").substituting(Self.variables, into: &diagnostics)
        #expect(node.entries?.first?.key == "${HOST}")
        #expect(node.entries?.first?.value.content == .string("a.example"))
    }

    @Test func aSecretIsRememberedWhereItWentIn() throws {
        var diagnostics: [Diagnostic] = []
        let node = try parsed("a: {b: [1, \"x ${PW}\"]}\nc: ${HOST}\n")
            .substituting(Self.variables, into: &diagnostics)
        #expect(node.containsSecret)
        #expect(node["a"]?["b"]?.elements?.map(\.isSecret) == [false, true])
        #expect(node["c"]?.containsSecret == false)
    }

    @Test func whatGoesInIsNeverReadAgain() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2_000 {
            let value = generator.text()
            var diagnostics: [Diagnostic] = []
            let place = SourceLocation(file: "f.yaml")
            let filled = Variables(["V": .string(value)]).fill("<${V}>", at: place, into: &diagnostics)
            #expect(filled?.text == "<\(value)>")
            #expect(diagnostics.isEmpty)
        }
    }
}
