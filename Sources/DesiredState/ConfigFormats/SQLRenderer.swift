/// Fills in the variables of a MySQL script, each as its place in the statement needs it.
///
/// Inside a string or a name in quotes a value is escaped; outside it may only be a plain word or a number.
/// Comments stay as they are.
struct SQLRenderer {
    private enum Context {
        case statement
        /// Inside a string or name that ends with this quote.
        case quoted(Unicode.Scalar, opening: SourceLocation)
    }

    private var cursor: TextCursor
    private let variables: Variables
    private var output = SubstitutedText(text: "")
    private var context = Context.statement

    init(_ cursor: TextCursor, variables: Variables) {
        self.cursor = cursor
        self.variables = variables
    }

    mutating func render(into diagnostics: inout [Diagnostic]) -> RenderedConfig? {
        while let scalar = cursor.peek {
            if scalar == "$" {
                variable(into: &diagnostics)
                continue
            }
            switch context {
            case .statement: statement(scalar, into: &diagnostics)
            case .quoted(let quote, _): quoted(scalar, by: quote)
            }
        }
        if case .quoted(let quote, let opening) = context {
            diagnostics.append(Diagnostic(code: "E-SQL", at: opening, "this \(quote) is never closed"))
            return nil
        }
        return RenderedConfig(output.text, isSecret: output.isSecret)
    }

    private mutating func statement(_ scalar: Unicode.Scalar, into diagnostics: inout [Diagnostic]) {
        switch scalar {
        case "'", "\"", "`":
            context = .quoted(scalar, opening: cursor.location)
            copy()
        case "#":
            lineComment()
        case "-" where startsLineComment:
            lineComment()
        case "/" where cursor.starts(with: "/*"):
            blockComment(into: &diagnostics)
        default:
            copy()
            output.text += cursor.read { !Self.isSpecial($0) }
        }
    }

    /// What may begin something else than plain SQL.
    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "$", "'", "\"", "`", "#", "-", "/": true
        default: false
        }
    }

    private mutating func quoted(_ scalar: Unicode.Scalar, by quote: Unicode.Scalar) {
        copy()
        if scalar == "\\", quote != "`" {
            copy()
        } else if scalar == quote {
            context = .statement
        }
    }

    /// MySQL wants a blank or the end of the line behind `--`.
    private var startsLineComment: Bool {
        guard cursor.starts(with: "--") else { return false }
        guard let after = cursor.rest.dropFirst(2).first else { return true }
        return after.value <= 0x20
    }

    private mutating func lineComment() {
        output.text += cursor.read { $0 != "\n" }
    }

    private mutating func blockComment(into diagnostics: inout [Diagnostic]) {
        let opening = cursor.location
        let isExecuted = cursor.starts(with: "/*!")
        copy()
        copy()
        while cursor.peek != nil {
            if cursor.starts(with: "*/") {
                copy()
                return copy()
            }
            if isExecuted, cursor.starts(with: "${") {
                let message = "a variable in a comment that MySQL executes is not supported"
                diagnostics.append(Diagnostic(code: "E-SQL", at: cursor.location, message))
            }
            copy()
        }
        diagnostics.append(Diagnostic(code: "E-SQL", at: opening, "this comment is never closed"))
    }

    private mutating func variable(into diagnostics: inout [Diagnostic]) {
        let place = cursor.location
        cursor.next()
        guard let value = variables.value(behindDollarOf: &cursor, at: place, into: &diagnostics) else {
            return
        }
        output.isSecret = output.isSecret || value.isSecret
        if value.isDollar {
            output.text += value.text
            return
        }
        switch context {
        case .quoted("`", _):
            if value.text.isEmpty || value.text.unicodeScalars.contains(where: \.isUnsafeToPrint) {
                let message =
                    "the value of \(value.name) is empty or has control characters; it cannot be a name"
                diagnostics.append(Diagnostic(code: "E-VALUE", at: place, message))
            }
            output.text += Self.doubling("`", in: value.text)
        case .quoted(let quote, _):
            output.text += Self.escape(value.text, in: quote)
        case .statement:
            if value.text.isEmpty || !value.text.utf8.allSatisfy(Self.isWordByte) {
                let message =
                    "the value of \(value.name) stands outside quotes, so only letters, digits and \"_\" are "
                    + "allowed; put the variable in quotes"
                diagnostics.append(Diagnostic(code: "E-VALUE", at: place, message))
            }
            output.text += value.text
        }
    }

    private mutating func copy() {
        if let scalar = cursor.next() { output.text.unicodeScalars.append(scalar) }
    }

    private static func doubling(_ quote: Unicode.Scalar, in text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == quote { result.unicodeScalars.append(quote) }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func escape(_ text: String, in quote: Unicode.Scalar) -> String {
        var result = ""
        for scalar in doubling(quote, in: text).unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\0": result += "\\0"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\u{1A}": result += "\\Z"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
