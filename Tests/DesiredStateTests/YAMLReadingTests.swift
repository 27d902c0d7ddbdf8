import Testing

@testable import DesiredState

struct YAMLReadingTests {
    @Test func scalarsAreReadByStrictRules() throws {
        let root = try parsed(
            """
            tilde: ~
            empty:
            yes: yes
            true: true
            quoted: "true"
            integer: -12
            octal: 017
            decimal: 9370.0
            big: 99999999999999999999
            ports: 9370:9370
            address: 192.168.1.2
            """)
        let contents = root.entries?.map(\.value.content)
        let expected: [YAMLNode.Content] = [
            .null, .null, .string("yes"), .bool(true), .string("true"), .integer(-12), .string("017"),
            .decimal("9370.0"), .string("99999999999999999999"), .string("9370:9370"), .string("192.168.1.2"),
        ]
        #expect(contents == expected)
        #expect(root["quoted"]?.isQuoted == true)
        #expect(root["ports"]?.isQuoted == false)
    }

    @Test func keysKeepTheirOrderAndPlaces() throws {
        let root = try parsed("b: 1\na:\n  - x\n  - y: 2\n")
        let entries = try #require(root.entries)
        #expect(entries.map(\.key) == ["b", "a"])
        #expect(entries[1].keyLocation == SourceLocation(file: "f.yaml", line: 2, column: 1))
        let second = try #require(entries[1].value.elements?.last)
        #expect(second["y"]?.location == SourceLocation(file: "f.yaml", line: 4, column: 8))
    }

    @Test func columnsCountCharacters() throws {
        let root = try parsed("é: [ü, 5]\n")
        #expect(root["é"]?.elements?.last?.location.column == 8)
    }

    @Test func windowsLineEndsAndBlockScalarsAreRead() throws {
        let root = try parsed("a: 1\r\nb: |\r\n  x\r\n  y\r\n")
        #expect(root["a"]?.content == .integer(1))
        #expect(root["b"]?.content == .string("x\ny\n"))
    }

    @Test func aNumberIsAKeyLikeAnyOtherButIsMarked() throws {
        let entries = try #require(try parsed("10000: a\n\"9999\": b\n").entries)
        #expect(entries.map(\.key) == ["10000", "9999"])
        #expect(entries.map(\.keyIsInteger) == [true, false])
    }

    @Test(arguments: [
        ("prot", "port"), ("Port", "port"), ("ipv4-address", "ipv4_address"), ("rollsit", "rollsite"),
        ("pvid", "pid"), ("containername", "container_name"),
    ])
    func aNearWordIsSuggested(_ word: String, _ expected: String) {
        let known = ["port", "host", "ipv4_address", "rollsite", "pid", "container_name"]
        #expect(nearest(word, in: known) == expected)
    }

    @Test(arguments: ["zzz", "x", "", "completely_else"])
    func aFarWordIsNot(_ word: String) {
        #expect(nearest(word, in: ["port", "host", "id", "a"]) == nil)
    }

    @Test func mergingReplacesListsAndKeepsPlaces() throws {
        let base = try parsed("a: {x: 1, w: [1, 2]}\nb: 2\n")
        let change = try parsed("a:\n  w: [3]\n  z: 4\n")
        let merged = base.merging(change)
        #expect(ConfigValue(merged).yamlText == "a:\n  x: 1\n  w:\n    - 3\n  z: 4\nb: 2\n")
        #expect(merged["a"]?["w"]?.location.line == 2)
    }
}
