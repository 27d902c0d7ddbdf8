/// A place in a text that moves forward and knows its line and column.
struct TextCursor {
    private(set) var rest: Substring.UnicodeScalarView
    private let file: String
    private var line = 1
    private var column = 1

    init(_ text: String, file: String) {
        rest = text.unicodeScalars[...]
        self.file = file
    }

    var location: SourceLocation { SourceLocation(file: file, line: line, column: column) }

    var peek: Unicode.Scalar? { rest.first }

    /// Whether the text goes on with `prefix`.
    func starts(with prefix: String) -> Bool {
        rest.starts(with: prefix.unicodeScalars)
    }

    @discardableResult
    mutating func next() -> Unicode.Scalar? {
        guard let scalar = rest.popFirst() else { return nil }
        count(scalar)
        return scalar
    }

    private mutating func count(_ scalar: Unicode.Scalar) {
        (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }

    mutating func skip(_ count: Int) {
        for _ in 0..<count { next() }
    }

    mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
        var end = rest.startIndex
        while end < rest.endIndex {
            let scalar = rest[end]
            guard condition(scalar) else { break }
            count(scalar)
            rest.formIndex(after: &end)
        }
        rest = rest[end...]
    }

    /// The text for whose scalars `condition` holds; moves behind it.
    mutating func read(while condition: (Unicode.Scalar) -> Bool) -> Substring {
        let start = rest
        skip(while: condition)
        return Substring(start[..<rest.startIndex])
    }

    /// The text up to the end of the line, without it; moves behind it.
    mutating func readLine() -> String? {
        guard !rest.isEmpty else { return nil }
        var text = String(read { $0 != "\n" })
        next()
        if text.unicodeScalars.last == "\r" { text.unicodeScalars.removeLast() }
        return text
    }

    /// Reads what follows a dollar sign in a template.
    mutating func templateSegment() throws(Template.SyntaxError) -> Template.Segment {
        var after = rest
        let segment = try Template.segment(&after)
        while rest.startIndex < after.startIndex { next() }
        return segment
    }
}
