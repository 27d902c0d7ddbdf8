import Testing

@testable import DesiredState

/// Which files a state repository may hold, and what a misplaced one means.
struct StateLayoutTests {
    private static func lines(adding path: String, _ text: String = "x\n") throws -> [String] {
        var example = try Example()
        example.write(path, text)
        return example.lines
    }

    @Test(arguments: [
        "README.md", "LICENSE", ".github/workflows/ci.yml", "docs/how.md", "Makefile", "parties/README.md",
        "parties/9999/README", "blueprints/fate-1.5.1/NOTES.md", "parties/9999/.gitkeep", "scripts/check.py",
        "renovate.yaml",
    ]) func filesForPeopleAreLeftAlone(path: String) throws {
        #expect(try Self.lines(adding: path) == [])
    }

    @Test(arguments: [
        ("partys/1/party.yaml", "unknown directory \"partys\" (did you mean \"parties\"?)"),
        ("blueprint/a/compose.yaml", "unknown directory \"blueprint\" (did you mean \"blueprints\"?)"),
        ("federation.yml", "unknown file \"federation.yml\" (did you mean \"federation.yaml\"?)"),
        ("old/party.yaml", "this file is not read here; party.yaml belongs to parties/ID/party.yaml"),
        ("9999/prty.yaml", "this file is not read here; party.yaml belongs to parties/ID/party.yaml"),
        ("compose.yaml", "this file is not read here; compose.yaml belongs to blueprints/NAME/compose.yaml"),
        ("parties/9998.yaml", "only directories belong into parties/"),
        ("parties/9999/prty.yaml", "unknown file \"prty.yaml\" (did you mean \"party.yaml\"?)"),
        ("parties/9999/conf/a.txt", "unknown directory \"conf\" (did you mean \"confs\"?)"),
        (
            "parties/9999/values.yaml",
            "unknown file \"values.yaml\" (parties/9999 holds party.yaml, confs/ and a README)"
        ),
        (
            "blueprints/fate-1.5.1/docker-compose.yml",
            "unknown file \"docker-compose.yml\" (blueprints/fate-1.5.1 holds blueprint.yaml, compose.yaml, confs/ and a README)"
        ),
        (
            "blueprints/fate-1.5.1/confs",
            "unknown file \"confs\" (blueprints/fate-1.5.1 holds blueprint.yaml, compose.yaml, confs/ and a README)"
        ),
    ]) func misplacedFilesAreReported(path: String, message: String) throws {
        #expect(try Self.lines(adding: path) == ["\(path):1:1: error E-LAYOUT: \(message)"])
    }

    @Test func directoriesHaveTheirFile() throws {
        var example = try Example()
        example.remove(below: "federation.yaml")
        example.write("parties/7/README.md", "x")
        example.write("parties/007/party.yaml", "x")
        example.write("blueprints/Next/README.md", "x")
        #expect(
            example.lines == [
                "blueprints/Next/README.md:1:1: error E-NAME: a blueprint's name has small letters, digits, \".\", "
                    + "\"_\" and \"-\", at most 64; found \"Next\"",
                "blueprints/Next/blueprint.yaml:1:1: error E-MISSING-FILE: a blueprint needs the file "
                    + "blueprints/Next/blueprint.yaml",
                "blueprints/Next/compose.yaml:1:1: error E-MISSING-FILE: a blueprint needs the file "
                    + "blueprints/Next/compose.yaml",
                "federation.yaml:1:1: error E-MISSING-FILE: the repository needs the file federation.yaml",
                "parties/007/party.yaml:1:1: error E-PARTY-DIR: the directory of a party is named after its id, a "
                    + "number; found \"007\"",
                "parties/007/party.yaml:1:1: error E-TYPE: the party must be a map, found the string \"x\"",
                "parties/7/party.yaml:1:1: error E-MISSING-FILE: the party directory parties/7 has no party.yaml",
            ])
        #expect(example.decode().partyHosts["7"] == .some(nil))
    }

    @Test func knowsTheUnitOfAPath() {
        #expect(SourceUnit(path: "federation.yaml") == .federation)
        #expect(SourceUnit(path: "blueprints/a/confs/b/c") == .blueprint("a"))
        #expect(SourceUnit(path: "parties/9999/party.yaml") == .party("9999"))
        #expect(SourceUnit(path: "parties/9999") == .party("9999"))
        for path in ["README.md", "parties", "parties/", "partys/1/party.yaml", ""] {
            #expect(SourceUnit(path: path) == nil)
        }
        #expect(SourceUnit.party("9999").owns("parties/9999/confs/a"))
        #expect(!SourceUnit.party("999").owns("parties/9999/confs/a"))
    }

    @Test func anEmptyRepositoryNeedsAFederation() {
        let state = DesiredState.decode(SourceTree(files: [:]), context: Example.context)
        #expect(state.diagnostics.count == 1)
        #expect(state.parties.isEmpty && state.invalidUnits == [.federation])
    }

    @Test func damageAnywhereIsReportedAndNeverCrashes() throws {
        let example = try Example()
        var generator = SeededGenerator(seed: 7)
        let paths = example.tree.files.keys.sorted()
        for _ in 0..<60 {
            var damaged = example
            let path = try #require(paths.randomElement(using: &generator))
            var bytes = try #require(damaged.tree.files[path])
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                default: bytes.insert(contentsOf: Array(generator.text(2).utf8), at: index)
                }
            }
            damaged.tree.files[path] = bytes
            let resolved = DesiredState.decode(damaged.tree, context: Example.context) { _ in example.tree }
            let isBroken = resolved.diagnostics.contains { $0.severity == .error }
            #expect(resolved.state.parties.count == 2, "\(path): \(resolved.diagnostics.lines)")
            #expect(resolved.state.invalidUnits.isEmpty == !isBroken)
        }
    }
}
