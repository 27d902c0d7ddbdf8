/// The assignments of a shell file such as parties.conf: `NAME=value` and `NAME=(value value)`.
///
/// The file is a program for bash, and nothing of it is run or expanded here: a line that is anything but an
/// assignment of plain words is reported and has no effect.
struct PlainAssignments {
    struct Value: Equatable {
        /// The elements of an array, or the one word.
        var words: [String]
        var location: SourceLocation
    }

    private(set) var values: [String: Value] = [:]

    static func read(_ bytes: [UInt8], file: String, into findings: inout [ImportFinding]) -> Self {
        var diagnostics: [Diagnostic] = []
        guard let text = SourceText.check(bytes, file: file, into: &diagnostics) else {
            findings += diagnostics.map { ImportFinding(.leftOut, at: $0.location, $0.message) }
            return Self()
        }
        var reader = AssignmentReader(TextCursor(text, file: file))
        var result = Self()
        while let (name, value) = reader.next() {
            if let first = result.values[name] {
                let message =
                    "\(name) is assigned again, after line \(first.location.line); the last one counts"
                reader.findings.append(ImportFinding(.note, at: value.location, message))
            }
            result.values[name] = value
        }
        findings += reader.findings
        return result
    }

    /// The elements of the first of `names` that is assigned: names have changed between versions.
    func list(_ names: String...) -> [String] {
        names.lazy.compactMap { values[$0]?.words }.first ?? []
    }

    func word(_ name: String) -> String? {
        values[name]?.words.first.flatMap { $0.isEmpty ? nil : $0 }
    }
}

private struct AssignmentReader {
    var cursor: TextCursor
    var findings: [ImportFinding] = []

    init(_ cursor: TextCursor) { self.cursor = cursor }

    /// The next assignment; `nil` at the end of the file.
    mutating func next() -> (String, PlainAssignments.Value)? {
        while true {
            cursor.skip { Self.isBlank($0) || $0 == "\n" || $0 == "\r" || $0 == ";" }
            guard let scalar = cursor.peek else { return nil }
            if scalar == "#" {
                _ = cursor.readLine()
                continue
            }
            let start = cursor.location
            if let assignment = assignment(at: start) { return assignment }
            _ = cursor.readLine()
            findings.append(
                ImportFinding(
                    .leftOut, at: start,
                    "only plain assignments such as NAME=value and NAME=(a b) are read, and nothing is run; "
                        + "this line is none"))
        }
    }

    private mutating func assignment(at start: SourceLocation) -> (String, PlainAssignments.Value)? {
        let name = String(cursor.read { $0 == "_" || $0.isASCII && $0.properties.isAlphanumeric })
        guard let first = name.utf8.first, !first.isDigit, cursor.peek == "=" else { return nil }
        cursor.next()
        guard let words = cursor.peek == "(" ? list() : word(endsAt: ";").map({ [$0] }) else { return nil }
        cursor.skip(while: Self.isBlank)
        switch cursor.peek {
        case nil, "\n", "\r", ";", "#": return (name, PlainAssignments.Value(words: words, location: start))
        default: return nil
        }
    }

    private mutating func list() -> [String]? {
        cursor.next()
        var words: [String] = []
        while true {
            cursor.skip { Self.isBlank($0) || $0 == "\n" || $0 == "\r" }
            switch cursor.peek {
            case nil: return nil
            case ")":
                cursor.next()
                return words
            case "#": _ = cursor.readLine()
            default:
                guard words.count < 10_000, let word = word(endsAt: ")") else { return nil }
                words.append(word)
            }
        }
    }

    /// One word, without quotes; `nil` when bash would make something else of it.
    private mutating func word(endsAt end: Unicode.Scalar) -> String? {
        var word = ""
        while let scalar = cursor.peek, !Self.isBlank(scalar), scalar != "\n", scalar != "\r", scalar != end {
            switch scalar {
            case "'", "\"":
                cursor.next()
                let text = cursor.read { $0 != scalar && $0 != "\n" }
                guard cursor.peek == scalar else { return nil }
                if scalar == "\"", text.contains(where: { "$`\\".contains($0) }) { return nil }
                cursor.next()
                word += text
            case _ where "$`\\();|&<>*?{}~!".unicodeScalars.contains(scalar): return nil
            default:
                cursor.next()
                word.unicodeScalars.append(scalar)
            }
        }
        return word
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Unicode.Scalar.Properties {
    fileprivate var isAlphanumeric: Bool { isAlphabetic || numericType == .decimal }
}
