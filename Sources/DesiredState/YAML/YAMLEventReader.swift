internal import CYaml

/// One step of libyaml through a file.
struct YAMLEvent {
    enum Kind {
        case documentStart(hasDirectives: Bool)
        case scalar(String, isPlain: Bool)
        case alias(String)
        case listStart
        case mapStart
        /// The end of a list, a map, a document or the start of the stream.
        case end
        case streamEnd
    }

    let kind: Kind
    let mark: YAMLMark
    let anchor: String?
    let tag: String?
}

/// Line and column, counted from 1.
struct YAMLMark {
    let line: Int
    let column: Int
}

/// Why a file cannot be read further.
struct YAMLSyntaxError: Error {
    var code = "E-YAML"
    let mark: YAMLMark
    let message: String
}

/// The events of one file, one after the other.
///
/// This reads libyaml's events, not Yams' nodes: Yams resolves aliases by copying before they can be
/// refused, and does not tell where the second of two equal keys is. The parser keeps pointers to itself
/// and to the input, so both live at fixed addresses, freed by the one owner.
struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ text: String) {
        input = UnsafeMutableBufferPointer.allocate(capacity: text.utf8.count)
        _ = input.initialize(from: text.utf8)
        parser = UnsafeMutablePointer.allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            preconditionFailure("yaml_parser_initialize fails only without memory")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { yaml_event_delete(&event) }
        return Self.read(event)
    }

    private static func read(_ event: yaml_event_t) -> YAMLEvent {
        let mark = YAMLMark(event.start_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            let hasTags = start.tag_directives.start != start.tag_directives.end
            let kind = YAMLEvent.Kind.documentStart(hasDirectives: hasTags || start.version_directive != nil)
            return YAMLEvent(kind: kind, mark: mark, anchor: nil, tag: nil)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let kind = YAMLEvent.Kind.scalar(
                String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            return YAMLEvent(kind: kind, mark: mark, anchor: text(scalar.anchor), tag: text(scalar.tag))
        case YAML_ALIAS_EVENT:
            let name = text(event.data.alias.anchor) ?? ""
            return YAMLEvent(kind: .alias(name), mark: mark, anchor: nil, tag: nil)
        case YAML_SEQUENCE_START_EVENT:
            let list = event.data.sequence_start
            return YAMLEvent(kind: .listStart, mark: mark, anchor: text(list.anchor), tag: text(list.tag))
        case YAML_MAPPING_START_EVENT:
            let map = event.data.mapping_start
            return YAMLEvent(kind: .mapStart, mark: mark, anchor: text(map.anchor), tag: text(map.tag))
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT:
            return YAMLEvent(kind: .streamEnd, mark: mark, anchor: nil, tag: nil)
        default:
            return YAMLEvent(kind: .end, mark: mark, anchor: nil, tag: nil)
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    /// libyaml's complaint, put where a person would look for the mistake.
    private func syntaxError() -> YAMLSyntaxError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not valid YAML"
        let context = parser.pointee.context.map { String(cString: $0) } ?? ""
        let mark = YAMLMark(parser.pointee.problem_mark)
        let opening = YAMLMark(parser.pointee.context_mark)
        if problem.contains("directive") || problem.contains("incompatible YAML") {
            let message = YAMLComposer.noDirectives
            return YAMLSyntaxError(code: "E-YAML-DIRECTIVE", mark: opening, message: message)
        }
        if problem.contains("undefined tag handle") {
            return YAMLSyntaxError(code: "E-YAML-TAG", mark: mark, message: "tags are not supported")
        }
        if problem.contains("nesting level") {
            return YAMLSyntaxError(code: "E-LIMIT", mark: mark, message: YAMLComposer.tooDeep)
        }
        if isTab(at: Int(parser.pointee.problem_mark.index)) {
            return YAMLSyntaxError(mark: mark, message: "a tab cannot indent; use spaces")
        }
        if context.contains("quoted scalar"), problem.contains("end of stream") {
            return YAMLSyntaxError(mark: opening, message: "this quote is never closed")
        }
        if context.contains("flow") {
            let what = context.contains("sequence") ? "\"[\"" : "\"{\""
            let message = "\(what) is not closed: \(problem) at line \(mark.line), column \(mark.column)"
            return YAMLSyntaxError(mark: opening, message: message)
        }
        return YAMLSyntaxError(mark: mark, message: context.isEmpty ? problem : "\(problem) \(context)")
    }

    /// Whether a tab stands at a position, which libyaml counts in scalars.
    private func isTab(at index: Int) -> Bool {
        var scalars = String(decoding: input, as: UTF8.self).unicodeScalars.dropFirst(index)
        return scalars.popFirst() == "\t"
    }
}

extension YAMLMark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
