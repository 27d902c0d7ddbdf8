/// A text with variables in Compose's syntax, cut into its pieces.
///
/// Supported are `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `$$`. Compose's `$NAME` is refused,
/// because in config files a dollar sign is more often meant as itself.
struct Template: Sendable, Equatable {
    enum Segment: Sendable, Equatable {
        case literal(String)
        case variable(String, Fallback)
    }

    /// What stands for a variable that is unknown or empty.
    enum Fallback: Sendable, Equatable {
        case none
        case text(String)
        case refusal(String)
    }

    /// Why a text is no template.
    struct SyntaxError: Error, Equatable {
        let message: String
    }

    let segments: [Segment]

    /// The variable and its fallback, if the text is nothing but one variable.
    var onlyVariable: (name: String, fallback: Fallback)? {
        if segments.count == 1, case .variable(let name, let fallback) = segments[0] {
            return (name, fallback)
        }
        return nil
    }

    static func parse(_ text: String) throws(SyntaxError) -> Template {
        var segments: [Segment] = []
        var literal = ""
        var rest = text.unicodeScalars[...]
        while let dollar = text.utf8[rest.startIndex...].firstIndex(of: UInt8(ascii: "$")) {
            literal += text[rest.startIndex..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let segment = try segment(&rest)
            if case .literal(let text) = segment {
                literal += text
                continue
            }
            if !literal.isEmpty { segments.append(.literal(literal)) }
            literal = ""
            segments.append(segment)
        }
        literal += text[rest.startIndex...]
        if !literal.isEmpty || segments.isEmpty { segments.append(.literal(literal)) }
        return Template(segments: segments)
    }

    /// Reads what follows a dollar sign: a variable, or the second half of `$$`.
    static func segment(_ rest: inout Substring.UnicodeScalarView) throws(SyntaxError) -> Segment {
        switch rest.first {
        case "$":
            rest.removeFirst()
            return .literal("$")
        case "{":
            rest.removeFirst()
            return try variable(&rest)
        default:
            throw bareDollar(before: rest)
        }
    }

    /// Reads what follows `${`.
    private static func variable(_ rest: inout Substring.UnicodeScalarView) throws(SyntaxError) -> Segment {
        let name = String(rest.prefix(while: isNameCharacter))
        rest.removeFirst(name.unicodeScalars.count)
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
            throw SyntaxError(message: "\"${\" needs the name of a variable; write \"$${\" for the text")
        }
        guard let end = rest.firstIndex(of: "}") else {
            throw SyntaxError(message: "\"${\(name)\" is not closed; add \"}\"")
        }
        let tail = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
        if tail.isEmpty { return .variable(name, .none) }
        if tail.hasPrefix(":-") { return .variable(name, .text(try plainText(tail.dropFirst(2), of: name))) }
        if tail.hasPrefix(":?") {
            return .variable(name, .refusal(try plainText(tail.dropFirst(2), of: name)))
        }
        let forms = "${\(name)}, ${\(name):-default} or ${\(name):?message}"
        throw SyntaxError(message: "\("${\(name)\(tail)}".inQuotes) is not supported; write \(forms)")
    }

    /// The text of a default or message, in which only `$$` is special.
    private static func plainText(_ text: Substring, of name: String) throws(SyntaxError) -> String {
        var result = ""
        var isPending = false
        for scalar in text.unicodeScalars {
            if isPending, scalar != "$" { break }
            if scalar == "$" {
                isPending.toggle()
                if isPending { continue }
            }
            result.unicodeScalars.append(scalar)
        }
        guard !isPending else {
            let message = "the default of \"${\(name)}\" cannot hold a variable; write \"$$\" for \"$\""
            throw SyntaxError(message: message)
        }
        return result
    }

    private static func bareDollar(before rest: Substring.UnicodeScalarView) -> SyntaxError {
        let name = String(String.UnicodeScalarView(rest.prefix(while: isNameCharacter)))
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
            return SyntaxError(message: "write \"$$\" for a dollar sign")
        }
        let shown = name.unicodeScalars.count <= 64 ? name : "NAME"
        return SyntaxError(message: "write \"${\(shown)}\" for the variable or \"$$\(shown)\" for the text")
    }

    private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_": true
        default: false
        }
    }
}
