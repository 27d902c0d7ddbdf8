/// A row that a script inserts into eggroll's table `server_node`.
struct ServerNodeRow: Equatable {
    var host: String
    var port: String
    /// `node_type`, such as `NODE_MANAGER`.
    var kind: String
    var location: SourceLocation

    /// The rows of every `INSERT INTO server_node (columns) VALUES (...), ...` of a script.
    ///
    /// Columns stand in any order; what is no such statement is passed over.
    static func all(in text: String, file: String) -> [ServerNodeRow] {
        var reader = Reader(cursor: TextCursor(text, file: file))
        var rows: [ServerNodeRow] = []
        while reader.advance() {
            guard reader.isWord("insert"), reader.advance() else { continue }
            while reader.isWord("ignore") || reader.isWord("into") { _ = reader.advance() }
            guard reader.name() == "server_node", let columns = reader.tuple() else { continue }
            guard reader.isWord("values") || reader.isWord("value"), reader.advance() else { continue }
            while let values = reader.tuple() {
                let fields = Dictionary(
                    zip(columns.values.map { $0.lowercased() }, values.values)
                ) { first, _ in first }
                rows.append(
                    ServerNodeRow(
                        host: fields["host"] ?? "", port: fields["port"] ?? "",
                        kind: (fields["node_type"] ?? "").uppercased(), location: values.location))
                guard reader.token?.text == ",", reader.advance() else { break }
            }
        }
        return rows
    }
}

/// Words, quoted text and single characters of a MySQL script.
private struct Reader {
    struct Token {
        var text: String
        var location: SourceLocation
        var isQuoted = false
    }

    var cursor: TextCursor
    private(set) var token: Token?

    init(cursor: TextCursor) { self.cursor = cursor }

    /// Whether the token is this word, or a name in backquotes.
    func isWord(_ word: String) -> Bool { token?.isQuoted == false && token?.text.lowercased() == word }

    /// The name of a table without its database, and moves behind it.
    mutating func name() -> String? {
        var name = token?.text
        while advance(), token?.text == "." {
            _ = advance()
            name = token?.text
        }
        return name?.lowercased().split(separator: ".").last.map(String.init)
    }

    /// The elements of a list in parentheses, and moves behind it; `nil` when there is none.
    mutating func tuple() -> (values: [String], location: SourceLocation)? {
        guard let start = token, start.text == "(", !start.isQuoted else { return nil }
        var values: [String] = []
        while advance(), let token {
            if !token.isQuoted, token.text == ")" {
                _ = advance()
                return (values, start.location)
            }
            if token.isQuoted || token.text != "," { values.append(token.text) }
        }
        return nil
    }

    /// Moves to the next token; `false` at the end.
    mutating func advance() -> Bool {
        skipBlanks()
        let location = cursor.location
        guard let scalar = cursor.peek else {
            token = nil
            return false
        }
        switch scalar {
        case "'", "\"", "`":
            token = Token(text: quoted(by: scalar), location: location, isQuoted: scalar != "`")
        case let scalar where Self.isWordPart(scalar):
            token = Token(text: String(cursor.read(while: Self.isWordPart)), location: location)
        default:
            cursor.next()
            token = Token(text: String(scalar), location: location)
        }
        return true
    }

    private mutating func skipBlanks() {
        while let scalar = cursor.peek {
            if scalar.value <= 0x20 {
                cursor.next()
            } else if scalar == "#" || cursor.starts(with: "-- ") || cursor.starts(with: "--\n") {
                _ = cursor.readLine()
            } else if cursor.starts(with: "/*") {
                while !cursor.rest.isEmpty, !cursor.starts(with: "*/") { cursor.next() }
                cursor.skip(2)
            } else {
                return
            }
        }
    }

    /// The text between quotes; a doubled quote stands for one.
    private mutating func quoted(by quote: Unicode.Scalar) -> String {
        cursor.next()
        var text = String.UnicodeScalarView()
        while let scalar = cursor.next() {
            if scalar == quote {
                guard cursor.peek == quote else { break }
                cursor.next()
            }
            if scalar == "\\", quote != "`", let escaped = cursor.next() {
                text.append(escaped)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "$", ".", "-": true
        default: scalar.value > 0x7F
        }
    }
}
