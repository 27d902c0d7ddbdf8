/// How a scalar without quotes is read, and which ones other readers would take for something else.
enum PlainScalar {
    static func content(of text: String) -> YAMLNode.Content {
        // Nearly every scalar is a word that can be nothing else.
        if let first = text.utf8.first, isLetter(first), !"nNtf".utf8.contains(first) { return .string(text) }
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
        guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return false }
        let whole = String(text[..<dot])
        let fraction = text.utf8[dot...].dropFirst()
        return (isDecimalInteger(whole) || whole == "-0") && !fraction.isEmpty && fraction.allSatisfy(isDigit)
    }

    /// Words that YAML 1.1 readers take for a boolean, `true` and `false` among them.
    static func isBooleanWord(_ text: String) -> Bool {
        text.utf8.count <= 5
            && ["yes", "no", "on", "off", "y", "n", "true", "false"].contains(text.lowercased())
    }

    /// Whether some YAML reader takes the text for a number: `0o17`, `017`, `+5`, `9_370`, `1e3`, `.inf`.
    static func looksNumeric(_ text: String) -> Bool {
        var rest = text.lowercased().utf8[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual(".inf".utf8) || rest.elementsEqual(".nan".utf8) { return true }
        for prefix in ["0x", "0o", "0b"] where rest.starts(with: prefix.utf8) {
            return rest.dropFirst(2).allSatisfy { isDigit($0) || "abcdef_".utf8.contains($0) }
        }
        guard let first = rest.first, isDigit(first) || first == UInt8(ascii: ".") else { return false }
        let parts = rest.split(separator: UInt8(ascii: "e"), maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = parts[0]
        guard mantissa.contains(where: isDigit),
            mantissa.count(where: { $0 == UInt8(ascii: ".") }) <= 1,
            mantissa.allSatisfy({ isDigit($0) || "._".utf8.contains($0) })
        else { return false }
        guard parts.count == 2 else { return true }
        let exponent = parts[1].drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        return !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }

    /// Whether YAML 1.1 readers take the text for something other than a string, although it is one here.
    static func isAmbiguous(_ text: String) -> Bool {
        // Of what begins with a letter, only the words for a boolean are ambiguous.
        if let first = text.utf8.first, isLetter(first) { return isBooleanWord(text) }
        return isBooleanWord(text) || looksNumeric(text) || looksSexagesimal(text) || looksLikeDate(text)
            || text == "=" || text == "<<"
    }

    /// `22:22` or `1:30.5`.
    private static func looksSexagesimal(_ text: String) -> Bool {
        let parts = text.drop { $0 == "-" || $0 == "+" }
            .split(separator: ":", omittingEmptySubsequences: false)
        guard let last = parts.last, parts.count > 1 else { return false }
        return parts.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
            && last.utf8.contains(where: isDigit) && last.allSatisfy { $0 == "." || $0.isWholeNumber }
    }

    /// `2020-01-01`, with or without a time.
    private static func looksLikeDate(_ text: String) -> Bool {
        let parts = text.prefix { $0 != "T" && $0 != "t" && $0 != " " }
            .split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].utf8.count == 4
            && parts.allSatisfy { (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit) }
    }

    /// `22:22`, which YAML 1.1 reads as 22 * 60 + 22.
    static func looksLikePortMapping(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
