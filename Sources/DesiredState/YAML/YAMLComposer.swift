extension YAMLNode {
    /// Reads a YAML file.
    ///
    /// Returns `nil` after reporting why when no tree can be built, or when the file uses what fatesync's
    /// YAML does not have (anchors, aliases, merge keys, tags): what stands in their place would only cause
    /// further reports.
    static func parse(_ bytes: [UInt8], file: String, into diagnostics: inout [Diagnostic]) -> YAMLNode? {
        guard let text = SourceText.check(bytes, file: file, into: &diagnostics) else { return nil }
        var composer = YAMLComposer(text, file: file)
        let node = composer.document()
        diagnostics += composer.diagnostics
        return node
    }
}

/// Builds the tree of a file from libyaml's events, in one walk within limits.
struct YAMLComposer: ~Copyable {
    static let maximumScalarBytes = 16 * 1024
    static let maximumDepth = 32
    static let maximumNodes = 10_000
    static let maximumDiagnostics = 20
    static let tooDeep = "nested deeper than \(maximumDepth) levels (depth)"
    static let noDirectives = "directives are not supported; remove the line"

    private(set) var diagnostics: [Diagnostic] = []
    private let file: String
    private var reader: YAMLEventReader
    private var nodes = 0
    /// Whether the tree has holes where something was refused.
    private var isIncomplete = false

    init(_ text: String, file: String) {
        self.file = file
        reader = YAMLEventReader(text)
    }

    mutating func document() -> YAMLNode? {
        do {
            let root = try root()
            return isIncomplete ? nil : root
        } catch {
            diagnostics.append(Diagnostic(code: error.code, at: location(error.mark), error.message))
            return nil
        }
    }

    private mutating func root() throws(YAMLSyntaxError) -> YAMLNode {
        _ = try reader.next()
        let start = try reader.next()
        guard case .documentStart(let hasDirectives) = start.kind else {
            let mark = YAMLMark(line: 1, column: 1)
            throw YAMLSyntaxError(code: "E-EMPTY", mark: mark, message: "the file is empty")
        }
        if hasDirectives {
            throw YAMLSyntaxError(code: "E-YAML-DIRECTIVE", mark: start.mark, message: Self.noDirectives)
        }
        let node = try node(try reader.next(), depth: 1)
        _ = try reader.next()
        let following = try reader.next()
        if case .streamEnd = following.kind {
            if node.isNull, node.raw.isEmpty {
                let mark = YAMLMark(line: node.location.line, column: node.location.column)
                throw YAMLSyntaxError(code: "E-EMPTY", mark: mark, message: "the file is empty")
            }
            return node
        }
        let message = "a second document begins here; one file holds one document"
        throw YAMLSyntaxError(code: "E-YAML-MULTI", mark: following.mark, message: message)
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
        nodes += 1
        try limit("nodes", nodes, Self.maximumNodes, at: event.mark)
        refuseDecorations(event)
        switch event.kind {
        case .scalar(let text, let isPlain):
            return try scalar(text, isPlain: isPlain, at: event.mark)
        case .listStart:
            try limit("depth", depth, Self.maximumDepth, at: event.mark)
            return try list(from: event.mark, depth: depth)
        case .mapStart:
            try limit("depth", depth, Self.maximumDepth, at: event.mark)
            return try map(from: event.mark, depth: depth)
        default:
            return YAMLNode(location: location(event.mark), content: .null)
        }
    }

    private mutating func scalar(
        _ text: String, isPlain: Bool, at mark: YAMLMark
    ) throws(YAMLSyntaxError) -> YAMLNode {
        try limit("scalar", text.utf8.count, Self.maximumScalarBytes, at: mark)
        let unsafe = text.unicodeScalars.first {
            $0.isUnsafeToPrint && $0 != "\n" && $0 != "\t" && $0 != "\r"
        }
        if let unsafe {
            report("E-CHAR", at: mark, "character \(unsafe.codePoint) in a value is not allowed")
        }
        return isPlain ? .plain(text, at: location(mark)) : .quoted(text, at: location(mark))
    }

    private mutating func list(from start: YAMLMark, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
        var elements: [YAMLNode] = []
        var event = try reader.next()
        while !event.isEnd {
            elements.append(try node(event, depth: depth + 1))
            event = try reader.next()
        }
        return YAMLNode(location: location(start), content: .list(elements))
    }

    private mutating func map(from start: YAMLMark, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
        var entries: [YAMLEntry] = []
        var firstLines: [String: Int] = [:]
        var event = try reader.next()
        while !event.isEnd {
            let key = try key(event, depth: depth)
            let found = diagnostics.count
            let value = try node(try reader.next(), depth: depth + 1)
            if let key {
                if let first = firstLines.updateValue(key.location.line, forKey: key.raw) {
                    let message = "duplicate key \(key.raw.inQuotes), first used in line \(first)"
                    diagnostics.insert(Diagnostic(code: "E-DUP", at: key.location, message), at: found)
                    firstLines[key.raw] = first
                } else {
                    let entry = YAMLEntry(
                        key: key.raw, keyLocation: key.location, value: value, keyIsQuoted: key.isQuoted)
                    entries.append(entry)
                }
            } else if case .scalar("<<", _) = event.kind {
                // The alias behind a merge key is the same mistake, not a second one.
                diagnostics.removeSubrange(found...)
            }
            event = try reader.next()
        }
        return YAMLNode(location: location(start), content: .map(entries))
    }

    /// The key of an entry; `nil` after reporting one that is no key.
    private mutating func key(_ event: YAMLEvent, depth: Int) throws(YAMLSyntaxError) -> YAMLNode? {
        let found = diagnostics.count
        let node = try node(event, depth: depth + 1)
        if case .scalar("<<", isPlain: true) = event.kind {
            refuse("E-YAML-MERGE", at: event.mark, "merge keys are not supported; write the keys out")
            return nil
        }
        if diagnostics.count > found { return nil }
        guard node.isScalar else {
            refuse("E-YAML-KEY", at: event.mark, "a key must be a string, found \(node.typeName)")
            return nil
        }
        guard !node.isNull else {
            refuse("E-YAML-KEY", at: event.mark, "a key must be a string, found null")
            return nil
        }
        return node
    }

    /// Reports anchors, aliases and tags.
    private mutating func refuseDecorations(_ event: YAMLEvent) {
        if let anchor = event.anchor {
            let message = "anchors are not supported (&\(anchor)); write the value out"
            refuse("E-YAML-ANCHOR", at: event.mark, message)
        }
        if case .alias(let name) = event.kind {
            let message = "aliases are not supported (*\(name)); write the value out"
            refuse("E-YAML-ANCHOR", at: event.mark, message)
        }
        if let tag = event.tag {
            refuse("E-YAML-TAG", at: event.mark, "tags are not supported (\(tag))")
        }
    }

    private func limit(
        _ what: String, _ count: Int, _ maximum: Int, at mark: YAMLMark
    ) throws(YAMLSyntaxError) {
        guard count > maximum else { return }
        let message =
            switch what {
            case "scalar": "a value has \(count) bytes, at most \(maximum) are allowed (scalar)"
            case "depth": Self.tooDeep
            default: "more than \(maximum) values in one file (nodes)"
            }
        throw YAMLSyntaxError(code: "E-LIMIT", mark: mark, message: message)
    }

    private mutating func refuse(_ code: String, at mark: YAMLMark, _ message: String) {
        isIncomplete = true
        report(code, at: mark, message)
    }

    private mutating func report(_ code: String, at mark: YAMLMark, _ message: String) {
        guard diagnostics.count < Self.maximumDiagnostics else { return }
        diagnostics.append(Diagnostic(code: code, at: location(mark), message))
    }

    private func location(_ mark: YAMLMark) -> SourceLocation {
        SourceLocation(file: file, line: mark.line, column: mark.column)
    }
}

extension YAMLEvent {
    fileprivate var isEnd: Bool {
        switch kind {
        case .end, .streamEnd: true
        default: false
        }
    }
}
