import Testing

@testable import DesiredState

/// What fatesync's YAML does not have, each with the line that says so.
struct YAMLRefusalTests {
    static let foreign = [
        YAMLCase(
            "Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
            "f.yaml:1:1: error E-LFS: this is a Git LFS pointer, not the file; store the file in git itself"),
        YAMLCase(
            "conflict markers", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n",
            "f.yaml:2:1: error E-CONFLICT: conflict marker of an unfinished merge; choose one side and"
                + " remove "
                + "the markers"),
        YAMLCase(
            "sops", "a: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops:\n  mac: m\n",
            "f.yaml:1:1: error E-ENCRYPTED: the file is encrypted by sops; fatesync cannot read it"),
        YAMLCase(
            "git-crypt", "\0GITCRYPT\0\u{1}\u{2}",
            "f.yaml:1:1: error E-ENCRYPTED: the file is encrypted by git-crypt; fatesync cannot read it"),
        YAMLCase("empty", "", "f.yaml:1:1: error E-EMPTY: the file is empty"),
        YAMLCase("only a comment", "# nothing\n", "f.yaml:1:1: error E-EMPTY: the file is empty"),
        YAMLCase("only a marker", "---\n", "f.yaml:2:1: error E-EMPTY: the file is empty"),
    ]

    static let language = [
        YAMLCase(
            "anchor and alias", "a: &x 1\nb: *x\n",
            "f.yaml:1:4: error E-YAML-ANCHOR: anchors are not supported (&x); write the value out",
            "f.yaml:2:4: error E-YAML-ANCHOR: aliases are not supported (*x); write the value out"),
        YAMLCase(
            "anchor on a list element", "a:\n  - &x 1\n",
            "f.yaml:2:5: error E-YAML-ANCHOR: anchors are not supported (&x); write the value out"),
        YAMLCase(
            "merge key", "a: 1\n<<: *x\n",
            "f.yaml:2:1: error E-YAML-MERGE: merge keys are not supported; write the keys out"),
        YAMLCase("tag", "a: !foo bar\n", "f.yaml:1:4: error E-YAML-TAG: tags are not supported (!foo)"),
        YAMLCase(
            "binary tag", "a: !!binary aGk=\n",
            "f.yaml:1:4: error E-YAML-TAG: tags are not supported (tag:yaml.org,2002:binary)"),
        YAMLCase("empty tag", "a: ! b\n", "f.yaml:1:4: error E-YAML-TAG: tags are not supported (!)"),
        YAMLCase(
            "tag with an unknown handle", "a: !e!x 1\n",
            "f.yaml:1:4: error E-YAML-TAG: tags are not supported"),
        YAMLCase(
            "version directive", "%YAML 9.9\n---\na: 1\n",
            "f.yaml:1:1: error E-YAML-DIRECTIVE: directives are not supported; remove the line"),
        YAMLCase(
            "tag directive", "%TAG ! tag:x,2000:\n---\na: 1\n",
            "f.yaml:1:1: error E-YAML-DIRECTIVE: directives are not supported; remove the line"),
        YAMLCase(
            "unknown directive", "%FOO bar\n---\na: 1\n",
            "f.yaml:1:1: error E-YAML-DIRECTIVE: directives are not supported; remove the line"),
        YAMLCase(
            "two documents", "a: 1\n---\nb: 2\n",
            "f.yaml:2:1: error E-YAML-MULTI: a second document begins here; one file holds one document"),
        YAMLCase(
            "list as a key", "? [a, b]\n: 1\n",
            "f.yaml:1:3: error E-YAML-KEY: a key must be a string, found a list"),
        YAMLCase(
            "null key", "~: 1\n", "f.yaml:1:1: error E-YAML-KEY: a key must be a string, found null"),
        YAMLCase(
            "duplicate key", "port: 1\nhost: a\nport: 2\n",
            "f.yaml:3:1: error E-DUP: duplicate key \"port\", first used in line 1"),
        YAMLCase(
            "key three times", "a: 1\na: 2\n'a': 3\n",
            "f.yaml:2:1: error E-DUP: duplicate key \"a\", first used in line 1",
            "f.yaml:3:1: error E-DUP: duplicate key \"a\", first used in line 1"),
    ]

    static let syntax = [
        YAMLCase(
            "tab indentation", "a:\n\tb: 1\n", "f.yaml:2:1: error E-YAML: a tab cannot indent; use spaces"),
        YAMLCase(
            "unclosed bracket", "a: 1\nb: [1, 2\nc: 3\n",
            "f.yaml:2:4: error E-YAML: \"[\" is not closed: did not find expected ',' or ']' at line 3,"
                + " column 2"
        ),
        YAMLCase(
            "unclosed quote", "a: 1\nb: \"x\nc: 3\n", "f.yaml:2:4: error E-YAML: this quote is never closed"),
        YAMLCase(
            "two colons", "a: b: c\n",
            "f.yaml:1:5: error E-YAML: mapping values are not allowed in this context"),
        YAMLCase(
            "lone surrogate", "a: \"\\ud800\"\n",
            "f.yaml:1:7: error E-YAML: found invalid Unicode character escape code while parsing a"
                + " quoted scalar"
        ),
    ]

    static let characters = [
        YAMLCase(
            "NUL", "a: \0\n",
            "f.yaml:1:4: error E-CHAR: character U+0000 is not allowed, not even in comments"),
        YAMLCase(
            "bidi in a comment", "a: 1 # \u{202E}x\n",
            "f.yaml:1:8: error E-CHAR: character U+202E is not allowed, not even in comments"),
        YAMLCase(
            "escaped ESC", "a: \"\\x1b[2J\"\n",
            "f.yaml:1:4: error E-CHAR: character U+001B in a value is not allowed"),
        YAMLCase(
            "escaped NUL", "a: \"\\0\"\n",
            "f.yaml:1:4: error E-CHAR: character U+0000 in a value is not allowed"),
        YAMLCase(
            "carriage returns", "a: 1\rb: 2\r",
            "f.yaml:1:5: error E-CHAR: carriage return without a line feed (U+000D); end lines with a"
                + " line feed"
        ),
        YAMLCase(
            "final carriage return", "a: 1\r",
            "f.yaml:1:6: error E-CHAR: carriage return without a line feed (U+000D); end lines with a"
                + " line feed"
        ),
        YAMLCase(
            "NEL", "a: 1\u{85}b: 2\n",
            "f.yaml:1:5: error E-CHAR: character U+0085 is not allowed, not even in comments"),
        YAMLCase(
            "LS", "a: 1\u{2028}b: 2\n",
            "f.yaml:1:5: error E-CHAR: character U+2028 is not allowed, not even in comments"),
        YAMLCase(
            "byte order mark", "\u{FEFF}a: 1\n",
            "f.yaml:1:1: error E-CHAR: byte order mark (U+FEFF); save the file without it"),
        YAMLCase(
            "byte 0xFF", bytes: Array("a: x".utf8) + [0xFF],
            ["f.yaml:1:5: error E-UTF8: the file is not UTF-8: byte 0xFF at offset 4"]),
        YAMLCase(
            "UTF-16 with a mark", bytes: [0xFF, 0xFE, 0x61, 0, 0x3A, 0],
            ["f.yaml:1:1: error E-UTF8: the file is not UTF-8, it looks like UTF-16; save it as UTF-8"]),
        YAMLCase(
            "UTF-16 without a mark", bytes: Array("a: 1\n".utf8).flatMap { [$0, 0] },
            ["f.yaml:1:2: error E-UTF8: the file is not UTF-8, it looks like UTF-16; save it as UTF-8"]),
    ]

    @Test(arguments: foreign + language + syntax + characters)
    func refusedWithThisLine(_ example: YAMLCase) {
        var diagnostics: [Diagnostic] = []
        _ = YAMLNode.parse(example.bytes, file: "f.yaml", into: &diagnostics)
        #expect(diagnostics.lines == example.lines)
    }

    @Test func aTreeWithHolesIsNotHandedOn() {
        for text in ["a: &x 1\n", "a: !t 1\n", "? [a]\n: 1\n", "<<: 1\n"] {
            var diagnostics: [Diagnostic] = []
            #expect(YAMLNode.parse(Array(text.utf8), file: "f.yaml", into: &diagnostics) == nil)
            #expect(diagnostics.count == 1)
        }
    }

    @Test func theFirstOfTwoEqualKeysIsReadOn() {
        var diagnostics: [Diagnostic] = []
        let node = YAMLNode.parse(Array("a: 1\na: 2\n".utf8), file: "f.yaml", into: &diagnostics)
        #expect(node?["a"]?.content == .integer(1))
    }
}
