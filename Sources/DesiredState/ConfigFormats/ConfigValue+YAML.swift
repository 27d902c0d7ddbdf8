extension ConfigValue {
    /// The value as YAML in block style, ASCII only, ending with a newline.
    ///
    /// A string is written without quotes only when no reader, of YAML 1.1 or 1.2, can take it for anything
    /// else.
    var yamlText: String {
        var text = ""
        switch self {
        case .list(let elements) where !elements.isEmpty:
            Self.writeList(elements, to: &text, indentation: 0)
        case .map(let entries) where !entries.isEmpty:
            Self.writeMap(entries, to: &text, indentation: 0)
        default:
            text = yamlScalar + "\n"
        }
        return text
    }

    /// Writes the value of a key or the element of a list, behind `key:` or `-`.
    private func writeYAML(to text: inout String, indentation: Int, isElement: Bool) {
        switch self {
        case .list(let elements) where !elements.isEmpty:
            text += "\n"
            Self.writeList(elements, to: &text, indentation: indentation)
        case .map(let entries) where !entries.isEmpty:
            text += isElement ? " " : "\n"
            Self.writeMap(entries, to: &text, indentation: indentation, isFirstInline: isElement)
        default:
            text += " " + yamlScalar + "\n"
        }
    }

    private static func writeList(_ elements: [ConfigValue], to text: inout String, indentation: Int) {
        for element in elements {
            text += String(repeating: "  ", count: indentation) + "-"
            element.writeYAML(to: &text, indentation: indentation + 1, isElement: true)
        }
    }

    private static func writeMap(
        _ entries: [ConfigEntry], to text: inout String, indentation: Int, isFirstInline: Bool = false
    ) {
        for (index, entry) in entries.enumerated() {
            if index > 0 || !isFirstInline { text += String(repeating: "  ", count: indentation) }
            text += entry.keyIsInteger ? entry.key : yamlString(entry.key)
            text += ":"
            entry.value.writeYAML(to: &text, indentation: indentation + 1, isElement: false)
        }
    }

    private var yamlScalar: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .decimal(let digits): Self.yamlNumber(digits)
        case .string(let string): Self.yamlString(string)
        case .list: "[]"
        case .map: "{}"
        }
    }

    /// YAML 1.1 takes `1e3` for a string: it wants a point and the sign of the exponent.
    private static func yamlNumber(_ digits: String) -> String {
        let parts = digits.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        let mantissa = parts[0].contains(".") ? String(parts[0]) : parts[0] + ".0"
        guard parts.count == 2 else { return mantissa }
        let hasSign = parts[1].first == "+" || parts[1].first == "-"
        return mantissa + "e" + (hasSign ? "" : "+") + parts[1]
    }

    private static func yamlString(_ string: String) -> String {
        if isPlain(string) { return string }
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar.value {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x20..<0x7F: text.unicodeScalars.append(scalar)
            case 0...0xFFFF: text += "\\u" + UInt16(scalar.value).fourHexDigits
            default:
                let digits = String(scalar.value, radix: 16)
                text += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            }
        }
        return text + "\""
    }

    /// A letter, `_` or `/`, then letters, digits and `_./-`, and no word that means something.
    private static func isPlain(_ string: String) -> Bool {
        guard let first = string.utf8.first, isLetter(first) || "_/".utf8.contains(first),
            string.utf8.allSatisfy({ isLetter($0) || (48...57).contains($0) || "_./-".utf8.contains($0) })
        else { return false }
        return !PlainScalar.isBooleanWord(string) && string.lowercased() != "null"
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte)
    }
}
