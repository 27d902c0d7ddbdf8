extension YAMLNode {
    /// Reads a JSON file, strictly as the standard has it; returns `nil` after reporting why it cannot.
    ///
    /// Strings are not marked as quoted, because in JSON there is no other way to write a variable: a
    /// string that is exactly one variable takes its type.
    static func parseJSON(
        _ bytes: [UInt8], file: String, into diagnostics: inout [Diagnostic]
    ) -> YAMLNode? {
        guard let text = SourceText.check(bytes, file: file, into: &diagnostics) else { return nil }
        var reader = JSONReader(TextCursor(text, file: file))
        do {
            let node = try reader.document()
            diagnostics += reader.duplicates
            return node
        } catch {
            diagnostics += reader.duplicates
            diagnostics.append(error.diagnostic)
            return nil
        }
    }
}

/// Why a config file cannot be read further.
struct ConfigSyntaxError: Error {
    let diagnostic: Diagnostic

    init(_ code: String, at location: SourceLocation, _ message: String) {
        diagnostic = Diagnostic(code: code, at: location, message)
    }
}

/// Reads JSON with positions.
struct JSONReader {
    private(set) var duplicates: [Diagnostic] = []
    private var cursor: TextCursor
    private var nodes = 0

    init(_ cursor: TextCursor) {
        self.cursor = cursor
    }

    mutating func document() throws(ConfigSyntaxError) -> YAMLNode {
        skipBlanks()
        if cursor.peek == nil { throw ConfigSyntaxError("E-EMPTY", at: cursor.location, "the file is empty") }
        let node = try value(depth: 1)
        skipBlanks()
        if cursor.peek != nil { throw error("text after the end of the value") }
        return node
    }

    private mutating func value(depth: Int) throws(ConfigSyntaxError) -> YAMLNode {
        nodes += 1
        guard nodes <= YAMLComposer.maximumNodes else {
            let message = "more than \(YAMLComposer.maximumNodes) values in one file (nodes)"
            throw ConfigSyntaxError("E-LIMIT", at: cursor.location, message)
        }
        guard depth <= YAMLComposer.maximumDepth + 1 else {
            throw ConfigSyntaxError("E-LIMIT", at: cursor.location, YAMLComposer.tooDeep)
        }
        let start = cursor.location
        switch cursor.peek {
        case "{": return YAMLNode(location: start, content: .map(try object(depth: depth)))
        case "[": return YAMLNode(location: start, content: .list(try array(depth: depth)))
        case "\"":
            let text = try string()
            return YAMLNode(location: start, content: .string(text), raw: text)
        default: return try word(at: start)
        }
    }

    private mutating func object(depth: Int) throws(ConfigSyntaxError) -> [YAMLEntry] {
        let opening = cursor.location
        var entries: [YAMLEntry] = []
        var firstLines: [String: Int] = [:]
        cursor.next()
        skipBlanks()
        if cursor.peek == "}" { return endOfContainer(entries) }
        while true {
            skipBlanks()
            guard cursor.peek == "\"" else { throw error("a key in double quotes is needed here") }
            let place = cursor.location
            let key = try string()
            skipBlanks()
            guard cursor.peek == ":" else { throw error("\":\" is needed after the key \(key.inQuotes)") }
            cursor.next()
            skipBlanks()
            let entry = YAMLEntry(key: key, keyLocation: place, value: try value(depth: depth + 1))
            if let first = firstLines[key] {
                let message = "duplicate key \(key.inQuotes), first used in line \(first)"
                duplicates.append(Diagnostic(code: "E-DUP", at: place, message))
            } else {
                firstLines[key] = place.line
                entries.append(entry)
            }
            if try isLast("}", opening: opening) { return entries }
        }
    }

    private mutating func array(depth: Int) throws(ConfigSyntaxError) -> [YAMLNode] {
        let opening = cursor.location
        var elements: [YAMLNode] = []
        cursor.next()
        skipBlanks()
        if cursor.peek == "]" { return endOfContainer(elements) }
        while true {
            skipBlanks()
            elements.append(try value(depth: depth + 1))
            if try isLast("]", opening: opening) { return elements }
        }
    }

    private mutating func endOfContainer<Content>(_ content: Content) -> Content {
        cursor.next()
        return content
    }

    /// Reads the comma or the closing bracket behind an element.
    private mutating func isLast(
        _ closing: Unicode.Scalar, opening: SourceLocation
    ) throws(ConfigSyntaxError) -> Bool {
        skipBlanks()
        guard let scalar = cursor.peek else {
            let bracket = closing == "}" ? "{" : "["
            throw ConfigSyntaxError("E-JSON", at: opening, "\"\(bracket)\" is never closed")
        }
        guard scalar == "," || scalar == closing else {
            throw error("\",\" or \"\(closing)\" is needed here")
        }
        cursor.next()
        return scalar == closing
    }

    private mutating func string() throws(ConfigSyntaxError) -> String {
        let opening = cursor.location
        var text = ""
        cursor.next()
        while let scalar = cursor.peek, scalar != "\n" {
            if scalar == "\t" { throw error("a tab in a string must be written as \"\\t\"") }
            if scalar == "\\" {
                text.unicodeScalars.append(try escape())
                continue
            }
            cursor.next()
            guard scalar == "\"" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            guard text.utf8.count <= YAMLComposer.maximumScalarBytes else {
                let message =
                    "a value has \(text.utf8.count) bytes, at most \(YAMLComposer.maximumScalarBytes)"
                    + " are allowed"
                throw ConfigSyntaxError("E-LIMIT", at: opening, message)
            }
            return text
        }
        throw ConfigSyntaxError("E-JSON", at: opening, "this quote is never closed on its line")
    }

    private mutating func escape() throws(ConfigSyntaxError) -> Unicode.Scalar {
        let place = cursor.location
        cursor.next()
        switch cursor.next() {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let first = hexadecimal()
            if let first, let scalar = Unicode.Scalar(first) { return scalar }
            if let first, (0xD800..<0xDC00).contains(first), cursor.starts(with: "\\u") {
                cursor.skip(2)
                if let second = hexadecimal(), (0xDC00..<0xE000).contains(second),
                    let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                {
                    return scalar
                }
            }
            throw ConfigSyntaxError(
                "E-JSON", at: place, "\"\\u\" needs four hexadecimal digits of a character")
        default:
            throw ConfigSyntaxError("E-JSON", at: place, "unknown escape; write \"\\\\\" for a backslash")
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        let digits = String(String.UnicodeScalarView(cursor.rest.prefix(4)))
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16)
        else { return nil }
        cursor.skip(4)
        return value
    }

    /// Reads a number, `true`, `false` or `null`.
    private mutating func word(at start: SourceLocation) throws(ConfigSyntaxError) -> YAMLNode {
        var text = ""
        while let scalar = cursor.peek, scalar.isASCII, !" \t\r\n,:[]{}\"".unicodeScalars.contains(scalar) {
            text.unicodeScalars.append(scalar)
            cursor.next()
        }
        switch text {
        case "true", "false", "null": return .plain(text, at: start)
        case _ where PlainScalar.isDecimalInteger(text) && Int64(text) != nil: return .plain(text, at: start)
        case _ where JSONReader.isNumber(text):
            return YAMLNode(location: start, content: .decimal(text), raw: text)
        default:
            let found = text.isEmpty ? "" : ", found \(text.inQuotes)"
            throw ConfigSyntaxError("E-JSON", at: start, "a value is needed here\(found)")
        }
    }

    /// `-?int frac? exp?` of RFC 8259.
    static func isNumber(_ text: String) -> Bool {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isDigits = { (text: Substring) in !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
        }
        guard mantissa[0] == "-0" || PlainScalar.isDecimalInteger(String(mantissa[0])) else { return false }
        if mantissa.count == 2, !isDigits(mantissa[1]) { return false }
        guard parts.count == 2 else { return true }
        let hasSign = parts[1].first == "+" || parts[1].first == "-"
        return isDigits(hasSign ? parts[1].dropFirst() : parts[1])
    }

    private mutating func skipBlanks() {
        cursor.skip { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
    }

    private func error(_ message: String) -> ConfigSyntaxError {
        ConfigSyntaxError("E-JSON", at: cursor.location, message)
    }
}
