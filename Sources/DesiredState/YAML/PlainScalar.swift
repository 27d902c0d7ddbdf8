/// How a scalar without quotes is read, and which ones other readers would take for something else.
enum PlainScalar {
    static func content(of text: String) -> YAMLNode.Content {
        if isNull(text) { return .null }
        if text == "true" { return .bool(true) }
        if text == "false" { return .bool(false) }
        if isDecimalInteger(text), let value = Int64(text) { return .integer(value) }
        if isDecimalFraction(text) { return .decimal(text) }
        return .string(text)
    }

    static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// `0`, `12` or `-12`: no leading zero, no `+`, no underscores.
    static func isDecimalInteger(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if digits.first == UInt8(ascii: "-") {
            digits = digits.dropFirst()
            if digits.first == UInt8(ascii: "0") { return false }
        }
        guard let first = digits.first, digits.allSatisfy(isDigit) else { return false }
        return first != UInt8(ascii: "0") || digits.count == 1
    }

    /// `0.5` or `-12.0`.
    private static func isDecimalFraction(_ text: String) -> Bool {
        guard let dot = text.firstIndex(of: ".") else { return false }
        let whole = String(text[..<dot])
        let fraction = text[text.index(after: dot)...].utf8
        return (isDecimalInteger(whole) || whole == "-0") && !fraction.isEmpty && fraction.allSatisfy(isDigit)
    }

    /// Words that YAML 1.1 readers take for a boolean, `true` and `false` among them.
    static func isBooleanWord(_ text: String) -> Bool {
        text.utf8.count <= 5
            && ["yes", "no", "on", "off", "y", "n", "true", "false"].contains(text.lowercased())
    }

    /// Whether somebody wrote a number here, in whatever base or form: `0o17`, `+5`, `9_370`, `1e3`, `.inf`.
    static func looksNumeric(_ text: String) -> Bool {
        var rest = text.lowercased().utf8[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual(".inf".utf8) || rest.elementsEqual(".nan".utf8) { return true }
        if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst() }
        guard let first = rest.first, isDigit(first) else { return false }
        return rest.allSatisfy { isDigit($0) || "abcdefox_.+-".utf8.contains($0) }
    }

    /// `22:22`, which YAML 1.1 reads as 22 * 60 + 22.
    static func looksLikePortMapping(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
