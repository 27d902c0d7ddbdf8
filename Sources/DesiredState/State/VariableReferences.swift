/// Which variables the scalars of a tree use, by the place of the scalar, of its key, or of its map in a list.
///
/// Filling in keeps a scalar's place and forgets its variables; this remembers them, so that a mistake can be
/// shown where a person wrote the value.
struct VariableReferences: Sendable {
    private var names: [SourceLocation: [String]] = [:]

    init(in nodes: [YAMLNode?]) {
        for node in nodes { _ = node.map { collect($0) } }
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

    /// Notes the variables of a node, and returns them.
    private mutating func collect(_ node: YAMLNode) -> [String] {
        switch node.content {
        case .list(let elements):
            return elements.flatMap { element in
                let found = collect(element)
                if !element.isScalar { note(found, at: element.location) }
                return found
            }
        case .map(let entries):
            return entries.flatMap { entry in
                let found = collect(entry.value)
                if entry.value.isScalar { note(found, at: entry.keyLocation) }
                return found
            }
        default:
            let found = Self.names(in: node)
            note(found, at: node.location)
            return found
        }
    }

    private mutating func note(_ found: [String], at location: SourceLocation) {
        for name in found where !(names[location]?.contains(name) ?? false) {
            names[location, default: []].append(name)
        }
    }
}
