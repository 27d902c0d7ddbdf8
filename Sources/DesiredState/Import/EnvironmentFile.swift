/// The file `.env` beside a Compose file: the values of its variables.
enum EnvironmentFile {
    static func read(
        _ bytes: [UInt8], file: String, into findings: inout [ImportFinding]
    ) -> [String: String] {
        var diagnostics: [Diagnostic] = []
        guard let text = SourceText.check(bytes, file: file, into: &diagnostics) else {
            findings += diagnostics.map { ImportFinding(.leftOut, at: $0.location, $0.message) }
            return [:]
        }
        var values: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.trimmingBlanks
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            let place = SourceLocation(file: file, line: index + 1)
            let halves = trimmed.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let name = String(halves[0]).trimmingBlanks.nonEmpty,
                name.isAlphanumeric(or: "_"), let value = plainText(halves[1].trimmingBlanks)
            else {
                let message = "not a line NAME=value of plain text; a variable that it sets counts as unknown"
                findings.append(ImportFinding(.note, at: place, message))
                continue
            }
            values[name] = value
        }
        return values
    }

    /// The text of a value, without quotes and comment; `nil` when Compose would expand it.
    private static func plainText(_ text: String) -> String? {
        for quote in ["'", "\""] where text.hasPrefix(quote) {
            let rest = text.dropFirst()
            guard let end = rest.firstIndex(of: Character(quote)) else { return nil }
            let inner = String(rest[..<end])
            let tail = String(rest[rest.index(after: end)...]).trimmingBlanks
            guard tail.isEmpty || tail.hasPrefix("#") else { return nil }
            return quote == "\"" && inner.contains(where: { "$\\".contains($0) }) ? nil : inner
        }
        guard !text.contains("$") else { return nil }
        guard let comment = text.firstIndex(of: "#"),
            comment == text.startIndex || text[text.index(before: comment)] == " "
        else { return text }
        return String(text[..<comment]).trimmingBlanks
    }
}

extension StringProtocol {
    /// The text without blanks, tabs and carriage returns at its ends.
    var trimmingBlanks: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        let start = drop(while: isBlank)
        return String(String(start).reversed().drop(while: isBlank).reversed())
    }
}

extension String {
    /// `nil` for the empty text.
    var nonEmpty: String? { isEmpty ? nil : self }
}
