extension ConfigValue {
    /// The value as JSON with two spaces of indentation, ASCII only, ending with a newline.
    var jsonText: String {
        var text = ""
        writeJSON(to: &text, indentation: 0)
        return text + "\n"
    }

    private func writeJSON(to text: inout String, indentation: Int) {
        let inner = "\n" + String(repeating: "  ", count: indentation + 1)
        let outer = "\n" + String(repeating: "  ", count: indentation)
        switch self {
        case .null: text += "null"
        case .bool(let value): text += String(value)
        case .integer(let value): text += String(value)
        case .decimal(let digits): text += digits
        case .string(let string): text += Self.jsonString(string)
        case .list(let elements) where elements.isEmpty: text += "[]"
        case .map(let entries) where entries.isEmpty: text += "{}"
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                text += (index == 0 ? "[" : ",") + inner
                element.writeJSON(to: &text, indentation: indentation + 1)
            }
            text += outer + "]"
        case .map(let entries):
            for (index, entry) in entries.enumerated() {
                text += (index == 0 ? "{" : ",") + inner + Self.jsonString(entry.key) + ": "
                entry.value.writeJSON(to: &text, indentation: indentation + 1)
            }
            text += outer + "}"
        }
    }

    private static func jsonString(_ string: String) -> String {
        var text = "\""
        for unit in string.utf16 {
            switch unit {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default: text += "\\u" + unit.fourHexDigits
            }
        }
        return text + "\""
    }
}

extension UInt16 {
    /// The number as four hexadecimal digits, as JSON, Java and YAML escapes want it.
    var fourHexDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
