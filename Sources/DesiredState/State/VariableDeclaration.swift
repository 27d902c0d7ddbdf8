/// A variable of a blueprint.
struct VariableDeclaration: Sendable {
    /// Names that fatesync gives every party.
    static let builtIn = ["PARTY_ID", "BASE_DIR"]

    var name: String
    var type: VariableType
    /// As it is written: it may use variables declared before this one.
    var fallback: YAMLNode?
    var summary: String?
    var location: SourceLocation

    /// Reads one declaration; `nil` after reporting why not.
    static func read(_ entry: YAMLEntry, into diagnostics: inout [Diagnostic]) -> VariableDeclaration? {
        if let reason = nameMistake(in: entry.key) {
            diagnostics.append(Diagnostic(code: "E-NAME", at: entry.keyLocation, reason))
        }
        let what = "the variable \(entry.key.inQuotes)"
        let read = MapReader.read(entry.value, as: what, into: &diagnostics) { reader in
            let type = VariableType.read(&reader)
            let fallback = reader.node("default")
            let summary = reader.string("description")
            return type.map {
                VariableDeclaration(
                    name: entry.key, type: $0, fallback: fallback, summary: summary,
                    location: entry.keyLocation)
            }
        }
        guard let declaration = read ?? nil else { return nil }
        declaration.checkDefault(into: &diagnostics)
        return declaration
    }

    private static func nameMistake(in name: String) -> String? {
        if builtIn.contains(name) { return "\(name) is built in; it cannot be declared" }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "_")
            }
        }
        if isName, let first = name.unicodeScalars.first, !("0"..."9").contains(first) { return nil }
        return "\(name.inQuotes) cannot name a variable; use capital letters, digits and \"_\""
    }

    /// Checks a default that uses no variable; the others are checked where they are filled in.
    private func checkDefault(into diagnostics: inout [Diagnostic]) {
        guard let fallback else { return }
        if type == .secret {
            let message = "a secret cannot have a default: whoever reads the repository would know it"
            diagnostics.append(Diagnostic(code: "E-SECRET", at: fallback.location, message))
        } else if !fallback.raw.utf8.contains(UInt8(ascii: "$")) {
            _ = type.value(of: fallback, what: "the default of \(name.inQuotes)", into: &diagnostics)
        }
    }
}
