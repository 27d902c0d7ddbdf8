/// The value of a variable, which decides its type where it stands alone.
enum VariableValue: Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case secret(String)

    var text: String {
        switch self {
        case .string(let text), .secret(let text): text
        case .integer(let value): String(value)
        case .boolean(let value): String(value)
        }
    }

    var isSecret: Bool {
        if case .secret = self { true } else { false }
    }
}

/// The variables of a party.
struct Variables: Sendable, Equatable {
    var values: [String: VariableValue]

    init(_ values: [String: VariableValue] = [:]) {
        self.values = values
    }

    /// A piece of text that replaces a variable.
    struct Replacement: Sendable, Equatable {
        let value: VariableValue
        /// The text came from the template, not from the variable.
        var isDefault = false
    }

    /// What stands for a variable; `nil` after a report.
    func replacement(
        for name: String, _ fallback: Template.Fallback, at location: SourceLocation,
        into diagnostics: inout [Diagnostic]
    ) -> Replacement? {
        let value = values[name]
        switch fallback {
        case .text(let text) where value?.text.isEmpty ?? true:
            return Replacement(value: .string(text), isDefault: true)
        case .refusal(let message) where value?.text.isEmpty ?? true:
            let reason = message.isEmpty ? "it has no value" : message
            let report = "variable \(name.inQuotes): \(reason)"
            diagnostics.append(Diagnostic(code: "E-VAR", at: location, report))
            return nil
        default:
            if let value { return Replacement(value: value) }
            diagnostics.append(Diagnostic(code: "E-VAR", at: location, unknown(name)))
            return nil
        }
    }

    private func unknown(_ name: String) -> String {
        let hint =
            if let near = nearest(name, in: values.keys) {
                " (did you mean \(near.inQuotes)?)"
            } else if values.isEmpty {
                ""
            } else {
                " (known: \(values.keys.sorted().joined(separator: ", ")))"
            }
        return "unknown variable \(name.inQuotes)\(hint)"
    }
}
