/// Splits a command line as Compose does: quotes and backslashes, but no shell.
///
/// Compose silently drops what follows `;`, `|`, `&`, `<` or `>` outside quotes; here that is a mistake.
struct ShellWords {
    private var words: [String] = []
    private var word = ""
    private var isInWord = false
    private var quote: Unicode.Scalar?
    private var isEscaped = false

    static func split(_ line: String) throws(ComposeMistake) -> [String] {
        var splitter = ShellWords()
        for scalar in line.unicodeScalars { try splitter.take(scalar) }
        if splitter.isEscaped { throw ComposeMistake("E-COMMAND", "ends with a backslash") }
        if let quote = splitter.quote {
            throw ComposeMistake("E-COMMAND", "has a \(quote) that is not closed")
        }
        splitter.endWord()
        return splitter.words
    }

    private mutating func take(_ scalar: Unicode.Scalar) throws(ComposeMistake) {
        if isEscaped {
            isEscaped = false
            return add(scalar)
        }
        switch (scalar, quote) {
        case ("\\", _) where quote != "'":
            isEscaped = true
        case ("'", "'"), ("\"", "\""):
            quote = nil
            isInWord = true
        case ("'", nil), ("\"", nil):
            quote = scalar
            isInWord = true
        case (" ", nil), ("\t", nil), ("\r", nil), ("\n", nil):
            endWord()
        case (_, nil) where ";&|<>()`".unicodeScalars.contains(scalar):
            throw ComposeMistake(
                "E-COMMAND",
                "has a \(scalar) outside quotes, which only a shell understands; "
                    + "put it in quotes or write [\"sh\", \"-c\", ...]")
        default:
            add(scalar)
        }
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        word.unicodeScalars.append(scalar)
        isInWord = true
    }

    private mutating func endWord() {
        guard isInWord else { return }
        words.append(word)
        word = ""
        isInWord = false
    }
}
