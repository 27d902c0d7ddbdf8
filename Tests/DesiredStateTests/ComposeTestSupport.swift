import Testing

@testable import DesiredState

/// What `text` as compose.yaml means, and what is said about it but for the short tag of `foo:1` and `mysql:8`.
func composed(
    _ text: String, _ variables: [String: VariableValue] = [:]
) throws -> (project: ComposeProject?, lines: [String]) {
    var result = try fullyComposed(text, variables)
    result.lines.removeAll { $0.contains("W-IMAGE: the tag of the image") }
    return result
}

/// What `text` as compose.yaml means, and all that is said about it.
func fullyComposed(
    _ text: String, _ variables: [String: VariableValue] = [:]
) throws -> (project: ComposeProject?, lines: [String]) {
    var diagnostics: [Diagnostic] = []
    let root = try #require(YAMLNode.parse(Array(text.utf8), file: "compose.yaml", into: &diagnostics))
    let filled = root.substituting(Variables(variables), into: &diagnostics)
    let project = ComposeProject.decode(filled, defaultName: "party", into: &diagnostics)
    return (project, diagnostics.sorted().lines)
}

/// The project that `text` describes without a mistake.
func project(_ text: String, _ variables: [String: VariableValue] = [:]) throws -> ComposeProject {
    let result = try composed(text, variables)
    #expect(result.lines == [])
    return try #require(result.project)
}

/// A project whose service `a` has these keys, from line 4 on, beside an image.
private func text(withKeys keys: String, after rest: String = "") -> String {
    let lines = keys.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
    return "services:\n  a:\n    image: foo:1\n" + lines + rest
}

/// Service `a` with these keys beside an image.
func service(
    _ keys: String, _ variables: [String: VariableValue] = [:], after rest: String = ""
) throws -> ComposeService {
    try #require(try project(text(withKeys: keys, after: rest), variables).services.first)
}

/// The container of service `a` with these keys beside an image.
func container(
    _ keys: String, _ variables: [String: VariableValue] = [:], after rest: String = ""
) throws -> ContainerSpec {
    try service(keys, variables, after: rest).spec.container
}

/// What is said about a service with these keys, the first of them in line 4, column 5.
func complaints(
    _ keys: String, _ variables: [String: VariableValue] = [:], after rest: String = ""
) throws -> [String] {
    try composed(text(withKeys: keys, after: rest), variables).lines
}

/// Keys of a service and what is said about them.
struct ComposeCase: CustomTestStringConvertible, Sendable {
    let keys: String
    let lines: [String]

    /// Lines without the name of the file.
    init(_ keys: String, _ lines: String...) {
        self.keys = keys
        self.lines = lines
    }

    var testDescription: String { keys }

    func check(after rest: String = "") throws {
        let found = try complaints(keys, after: rest)
        #expect(found == lines.map { "compose.yaml:\($0)" })
    }
}
