/// YAML as a person would write it, for files that people go on with.
enum StateText {
    static func yaml(_ value: ConfigValue, comment: String) -> [UInt8] {
        var text = comment.split(separator: "\n").map { "# \($0)\n" }.joined()
        guard case .map(let entries) = value else { return Array(text.utf8) }
        write(entries, to: &text, indentation: "")
        return Array(text.utf8)
    }

    private static func write(
        _ entries: [ConfigEntry], to text: inout String, indentation: String, isFirstInline: Bool = false
    ) {
        for (index, entry) in entries.enumerated() {
            let isInline = isFirstInline && index == 0
            if indentation.isEmpty, index > 0, isBlock(entry.value) { text += "\n" }
            text += (isInline ? "" : indentation) + (entry.keyIsInteger ? entry.key : scalar(entry.key)) + ":"
            write(entry.value, to: &text, indentation: indentation + "  ")
        }
    }

    private static func isBlock(_ value: ConfigValue) -> Bool {
        switch value {
        case .map(let entries): !entries.isEmpty
        case .list(let elements): !elements.isEmpty
        default: false
        }
    }

    /// Writes what stands behind `key:`.
    private static func write(_ value: ConfigValue, to text: inout String, indentation: String) {
        switch value {
        case .map(let entries) where !entries.isEmpty:
            text += "\n"
            write(entries, to: &text, indentation: indentation)
        case .list(let elements) where !elements.isEmpty:
            text += "\n"
            for element in elements { write(element: element, to: &text, indentation: indentation) }
        case .null: text += "\n"
        default: text += " " + single(value) + "\n"
        }
    }

    private static func write(element: ConfigValue, to text: inout String, indentation: String) {
        text += indentation + "-"
        switch element {
        case .map(let entries) where !entries.isEmpty:
            text += " "
            write(entries, to: &text, indentation: indentation + "  ", isFirstInline: true)
        case .list(let elements) where !elements.isEmpty:
            text += "\n"
            for inner in elements { write(element: inner, to: &text, indentation: indentation + "  ") }
        default: text += " " + single(element) + "\n"
        }
    }

    private static func single(_ value: ConfigValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .decimal(let digits): digits
        case .string(let string): scalar(string)
        case .list: "[]"
        case .map: "{}"
        }
    }

    /// A string without quotes where every reader takes it for that very string.
    private static func scalar(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            first.isASCII, first.properties.isAlphabetic || "_/$".unicodeScalars.contains(first),
            last != ":", !PlainScalar.isNull(text), !PlainScalar.isBooleanWord(text),
            text.unicodeScalars.allSatisfy({
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
                    || "_./${}:@,=+ -".unicodeScalars.contains($0)
            }), !text.contains(": "), last != " "
        else { return quoted(text) }
        return text
    }

    private static func quoted(_ text: String) -> String {
        String(ConfigValue.string(text).yamlText.dropLast())
    }
}
