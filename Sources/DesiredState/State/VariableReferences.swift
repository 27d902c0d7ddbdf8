/// Which variables the scalars of a tree use, by the place of the scalar.
///
/// Filling in keeps a scalar's place and forgets its variables; this remembers them, so that a mistake can be
/// shown where a person wrote the value.
struct VariableReferences {
    private var names: [SourceLocation: [String]] = [:]

    init(in nodes: [YAMLNode?]) {
        for node in nodes { node.map { collect($0) } }
    }

    /// The variables that the scalar at a place uses, in its order.
    func names(at location: SourceLocation) -> [String] { names[location] ?? [] }

    /// The variables of one scalar.
    static func names(in node: YAMLNode) -> [String] {
        guard case .string(let text) = node.content, text.utf8.contains(UInt8(ascii: "$")) else { return [] }
        // What cannot be parsed is reported where it is filled in.
        guard let template = try? Template.parse(text) else { return [] }
        return template.segments.compactMap { segment in
            if case .variable(let name, _) = segment { name } else { nil }
        }
    }

    private mutating func collect(_ node: YAMLNode) {
        switch node.content {
        case .list(let elements):
            for element in elements { collect(element) }
        case .map(let entries):
            for entry in entries { collect(entry.value) }
        default:
            let found = Self.names(in: node)
            if !found.isEmpty { names[node.location] = found }
        }
    }
}
