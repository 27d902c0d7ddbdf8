/// The variables of a Compose file that somebody else wrote, filled in from its environment.
///
/// The result is text for fatesync: a dollar sign is doubled, and a variable that a blueprint can have stays
/// one.
struct ComposeInterpolation {
    /// Values of `.env`.
    let environment: [String: String]
    /// Variables that were kept.
    private(set) var kept: Set<String> = []
    /// Variables without a value, where they were first used.
    private(set) var unknown: [String: SourceLocation] = [:]

    init(environment: [String: String]) { self.environment = environment }

    /// The node with the variables of its scalars filled in.
    mutating func fill(_ node: YAMLNode) -> YAMLNode {
        var result = node
        switch node.content {
        case .list(let elements): result.content = .list(elements.map { fill($0) })
        case .map(let entries):
            result.content = .map(
                entries.map { entry in
                    var entry = entry
                    entry.value = fill(entry.value)
                    return entry
                })
        case .string(let text) where text.utf8.contains(UInt8(ascii: "$")):
            result.raw = fill(text, at: node.location)
            result.content = .string(result.raw)
        default: break
        }
        return result
    }

    private mutating func fill(_ text: String, at place: SourceLocation) -> String {
        var result = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "$" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            switch rest.first {
            case "$":
                rest.removeFirst()
                result += "$$"
            case "{":
                guard let end = rest.firstIndex(of: "}") else {
                    result += "$$"
                    continue
                }
                let body = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
                result += value(of: String(body), at: place)
            default:
                let name = String(rest.prefix(while: Self.isNameScalar))
                rest = rest.dropFirst(name.unicodeScalars.count)
                result += name.isEmpty ? "$$" : value(of: name, at: place)
            }
        }
        return result
    }

    /// What stands for `NAME`, `NAME:-default`, `NAME-default`, `NAME:?message` or `NAME?message`.
    private mutating func value(of body: String, at place: SourceLocation) -> String {
        let name = String(String.UnicodeScalarView(body.unicodeScalars.prefix(while: Self.isNameScalar)))
        let tail = body.dropFirst(name.count)
        let found = environment[name]
        if tail.hasPrefix(":-"), found?.isEmpty ?? true { return tail.dropFirst(2).doublingDollars }
        if tail.hasPrefix("-"), found == nil { return tail.dropFirst().doublingDollars }
        guard let found else {
            unknown[name] = unknown[name] ?? place
            return ""
        }
        guard !found.isEmpty, Self.canDeclare(name) else { return found.doublingDollars }
        kept.insert(name)
        return "${\(name)}"
    }

    private static func canDeclare(_ name: String) -> Bool {
        !VariableDeclaration.builtIn.contains(name) && name.uppercased() == name
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar)
            || ("0"..."9").contains(scalar)
    }
}

extension StringProtocol {
    /// The text as fatesync's templates write it: `$$` for a dollar sign.
    var doublingDollars: String {
        split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
    }
}
