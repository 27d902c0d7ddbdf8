import DesiredState
import Testing

/// Which files mean the same to their readers, and what is said about those that do not.
struct ConfigDifferenceTests {
    private func difference(
        _ format: ConfigFormat?, from live: String, to desired: String, requiring maps: Set<String> = []
    ) -> ConfigDifference {
        FileSpec(
            path: "/f", name: "f", content: Array(desired.utf8), format: format, onChange: .nothing,
            requiredMaps: maps
        ).difference(from: Array(live.utf8))
    }

    static let same: [(ConfigFormat, String, String)] = [
        (
            .json, #"{"b":[1,{"c":null}],"a":"\u0041"}"#,
            "{\n  \"a\": \"A\",\n  \"b\": [1, {\"c\": null}]\n}\n"
        ),
        (.yaml, "b: [1, x]\na: 'y z'   # why\n", "a: y z\nb:\n  - 1\n  - \"x\"\n"),
        (.properties, "# note\nb = 2\na:1\n", "a=1\nb=2\n"),
        (.properties, "[eggroll]\nb=2\na = 1\n", "[eggroll]\na=1\nb=2\n"),
    ]

    @Test(arguments: same)
    func orderAndLayoutAreNoDifference(format: ConfigFormat, live: String, desired: String) {
        #expect(difference(format, from: live, to: desired) == .none)
    }

    static let different: [(ConfigFormat, String, String, ConfigKeyChange)] = [
        (
            .json, #"{"route_table": {"9998": {"default": [{"port": 1}]}}}"#,
            #"{"route_table": {"9998": {"default": [{"port": 1, "ip": "10.10.0.1"}]}}}"#,
            ConfigKeyChange(key: "route_table.9998.default[0].ip", old: nil, new: "10.10.0.1")
        ),
        (.json, #"{"port": "9370"}"#, #"{"port": 9370}"#, .init(key: "port", old: "\"9370\"", new: "9370")),
        (.json, #"{"a": "\"5\""}"#, #"{"a": "5"}"#, .init(key: "a", old: #""\"5\"""#, new: "\"5\"")),
        (.json, #"{"a": {}}"#, #"{"a": []}"#, ConfigKeyChange(key: "a", old: "{}", new: "[]")),
        (.json, #"{"a": [1, 2]}"#, #"{"a": [1]}"#, ConfigKeyChange(key: "a[1]", old: "2", new: nil)),
        (.yaml, "a: yes\n", "a: \"yes\"\n", ConfigKeyChange(key: "a", old: "yes", new: "\"yes\"")),
        (.yaml, "a: 5\n", "a: '5'\n", ConfigKeyChange(key: "a", old: "5", new: "\"5\"")),
        (.properties, "a=1\n", "a=2\n", ConfigKeyChange(key: "a", old: "1", new: "2")),
        (.properties, "a=1\n", "[s]\na=1\n", ConfigKeyChange(key: "[section]", old: nil, new: "s")),
    ]

    @Test(arguments: different)
    func aValueOfAnotherTypeOrTextIsShownByItsKey(
        format: ConfigFormat, live: String, desired: String, change: ConfigKeyChange
    ) {
        #expect(difference(format, from: live, to: desired) == .keys([change]))
    }

    @Test func aKeyOfANumberIsAnotherOneThanAKeyOfDigits() {
        #expect(
            difference(.yaml, from: "9999: a\n", to: "\"9999\": a\n")
                == .keys([
                    ConfigKeyChange(key: "\"9999\"", old: nil, new: "a"),
                    ConfigKeyChange(key: "9999", old: "a", new: nil),
                ]))
    }

    @Test(arguments: [
        (ConfigFormat.json, "{\"a\": 1"), (.json, ""), (.json, "{\"a\": 1, \"a\": 1}"), (.yaml, "a: [1\n"),
        (.properties, "a=\\u00\n"), (.properties, "[s]\nno separator\n"),
    ])
    func whatItsReaderCannotReadIsUnreadable(format: ConfigFormat, live: String) {
        #expect(difference(format, from: live, to: "{\"a\": 1}\n") == .unreadable)
    }

    @Test func aTableWithoutWhatItsReaderNeedsIsUnreadable() {
        let desired = "{\"route_table\": {}}\n"
        for live in ["{}", "[]", "{\"route_table\": []}"] {
            #expect(difference(.json, from: live, to: desired, requiring: ["route_table"]) == .unreadable)
        }
    }

    @Test(arguments: [ConfigFormat.sql, .text, nil])
    func whereNoFormatIsKnownEveryByteCounts(format: ConfigFormat?) {
        #expect(difference(format, from: "a=1\n", to: "a=1 \n") == .bytes)
        #expect(difference(format, from: "a=1\n", to: "a=1\n") == .none)
    }
}
