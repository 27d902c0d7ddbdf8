extension PropertiesDocument {
    /// Reads a properties file: Java's rules, or what Java and Python's configparser have in common when
    /// the first line is a `[section]`.
    ///
    /// Returns `nil` after reporting what is wrong.
    static func parse(
        _ text: String, file: String, into diagnostics: inout [Diagnostic]
    ) -> PropertiesDocument? {
        var document = PropertiesDocument()
        var cursor = TextCursor(text, file: file)
        let found = diagnostics.count
        var comments: [Entry] = []
        while cursor.peek != nil {
            cursor.skip { $0 == " " || $0 == "\t" || $0 == "\u{C}" }
            let start = cursor.location
            guard let line = cursor.readLine() else { break }
            if isComment(line, section: document.section) {
                if let entry = commentedEntry(line, start) { comments.append(entry) }
                continue
            }
            if let name = sectionName(line) {
                if document.section == nil, document.entries.isEmpty {
                    document.section = name
                } else {
                    let message = "only one [section] is supported, on the first line that is no comment"
                    diagnostics.append(Diagnostic(code: "E-PROPERTIES", at: start, message))
                }
                continue
            }
            let entry =
                document.section == nil
                ? javaEntry(line, start, &cursor, into: &diagnostics)
                : sharedEntry(line, start, into: &diagnostics)
            if let entry { document.append(entry, into: &diagnostics) }
        }
        if document.section != nil {
            let keys = Set(document.entries.map(\.key))
            document.copies = comments.filter { keys.contains($0.key) }
        }
        return diagnostics.count == found ? document : nil
    }

    /// The key and value of a comment such as `#eggroll.logs.dir=/old`.
    private static func commentedEntry(_ line: String, _ start: SourceLocation) -> Entry? {
        let text = line.drop { "#;! \t".contains($0) }
        guard let separator = text.firstIndex(of: "=") else { return nil }
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let key = text[..<separator].dropLast(while: isBlank)
        guard !key.isEmpty, !key.contains(" ") else { return nil }
        let value = text[text.index(after: separator)...].drop(while: isBlank).dropLast(while: isBlank)
        return Entry(key: String(key), keyLocation: start, value: .quoted(String(value), at: start))
    }

    private static func isComment(_ line: String, section: String?) -> Bool {
        guard let first = line.unicodeScalars.first else { return true }
        return first == "#" || (section == nil && first == "!") || (section != nil && first == ";")
    }

    private static func sectionName(_ line: String) -> String? {
        let trimmed = line.dropLast(while: { $0 == " " || $0 == "\t" })
        guard trimmed.hasPrefix("["), trimmed.hasSuffix("]"), !trimmed.contains("=") else { return nil }
        return String(trimmed.dropFirst().dropLast())
    }

    /// `key=value` as both readers understand it: no escapes, no continuation lines.
    private static func sharedEntry(
        _ line: String, _ start: SourceLocation, into diagnostics: inout [Diagnostic]
    ) -> Entry? {
        guard let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            diagnostics.append(Diagnostic(code: "E-PROPERTIES", at: start, "\"=\" is missing"))
            return nil
        }
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        if start.column > 1 {
            let message = "an indented line continues the value before it in Python, but not in Java"
            diagnostics.append(Diagnostic(code: "E-PROPERTIES", at: start, message))
            return nil
        }
        let key = String(line[..<separator].dropLast(while: isBlank))
        let tail = line[line.index(after: separator)...]
        let value = String(tail.drop(while: isBlank).dropLast(while: isBlank))
        let blanks = tail.unicodeScalars.count - tail.drop(while: isBlank).unicodeScalars.count
        let column = 2 + line[..<separator].unicodeScalars.count + blanks
        let place = SourceLocation(file: start.file, line: start.line, column: column)
        return Entry(key: key, keyLocation: start, value: .quoted(value, at: place))
    }

    /// A logical line of Java: a backslash at the end goes on with the next line, escapes are decoded.
    private static func javaEntry(
        _ firstLine: String, _ start: SourceLocation, _ cursor: inout TextCursor,
        into diagnostics: inout [Diagnostic]
    ) -> Entry? {
        var line = firstLine.unicodeScalars
        while line.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
            line.removeLast()
            cursor.skip { $0 == " " || $0 == "\t" || $0 == "\u{C}" }
            guard let more = cursor.readLine() else { break }
            line += more.unicodeScalars
        }
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\u{C}" }
        var rest = Substring(String(line)).unicodeScalars[...]
        let total = rest.count
        let key = decode(&rest, until: { isBlank($0) || $0 == "=" || $0 == ":" })
        rest = rest.drop(while: isBlank)
        if let next = rest.first, next == "=" || next == ":" { rest = rest.dropFirst().drop(while: isBlank) }
        let column = start.column + total - rest.count
        let place = SourceLocation(file: start.file, line: start.line, column: column)
        guard let key, let value = decode(&rest, until: { _ in false }) else {
            let message = "\"\\u\" needs four hexadecimal digits; write \"\\\\\" for a backslash"
            diagnostics.append(Diagnostic(code: "E-PROPERTIES", at: start, message))
            return nil
        }
        return Entry(key: key, keyLocation: start, value: .quoted(value, at: place))
    }

    /// Reads up to an unescaped scalar that ends it; `nil` for a broken `\u`.
    private static func decode(
        _ rest: inout Substring.UnicodeScalarView, until isEnd: (Unicode.Scalar) -> Bool
    ) -> String? {
        // Mostly there is nothing to decode.
        let plain = rest.prefix { $0 != "\\" && !isEnd($0) }
        if plain.endIndex == rest.endIndex || rest[plain.endIndex] != "\\" {
            rest = rest[plain.endIndex...]
            return String(plain)
        }
        var units: [UInt16] = []
        while let scalar = rest.first, !isEnd(scalar) {
            rest.removeFirst()
            guard scalar == "\\", let escaped = rest.popFirst() else {
                units += String(scalar).utf16
                continue
            }
            switch escaped {
            case "n": units.append(0x0A)
            case "r": units.append(0x0D)
            case "t": units.append(0x09)
            case "f": units.append(0x0C)
            case "u":
                let digits = String(String.UnicodeScalarView(rest.prefix(4)))
                guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit),
                    let unit = UInt16(digits, radix: 16)
                else { return nil }
                units.append(unit)
                rest = rest.dropFirst(4)
            default: units += String(escaped).utf16
            }
        }
        return String(validating: units, as: UTF16.self)
    }
}

extension StringProtocol {
    /// The text without the characters at its end for which `condition` holds.
    fileprivate func dropLast(while condition: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, condition(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
