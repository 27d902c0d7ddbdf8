/// A text with its variables filled in.
struct SubstitutedText: Sendable, Equatable {
    var text: String
    var isSecret = false
}

extension Variables {
    /// Fills in the variables of a text; `nil` after a report.
    func fill(
        _ text: String, at location: SourceLocation, into diagnostics: inout [Diagnostic]
    ) -> SubstitutedText? {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return SubstitutedText(text: text) }
        guard let template = parse(text, at: location, into: &diagnostics) else { return nil }
        return fill(template, at: location, into: &diagnostics)
    }

    fileprivate func parse(
        _ text: String, at location: SourceLocation, into diagnostics: inout [Diagnostic]
    ) -> Template? {
        do {
            return try Template.parse(text)
        } catch {
            diagnostics.append(Diagnostic(code: "E-TEMPLATE", at: location, error.message))
            return nil
        }
    }

    fileprivate func fill(
        _ template: Template, at location: SourceLocation, into diagnostics: inout [Diagnostic]
    ) -> SubstitutedText? {
        var result = SubstitutedText(text: "")
        var isComplete = true
        for segment in template.segments {
            switch segment {
            case .literal(let text):
                result.text += text
            case .variable(let name, let fallback):
                guard let found = replacement(for: name, fallback, at: location, into: &diagnostics) else {
                    isComplete = false
                    continue
                }
                result.text += found.value.text
                result.isSecret = result.isSecret || found.value.isSecret
            }
        }
        return isComplete ? result : nil
    }
}

extension YAMLNode {
    /// The node with the variables of its scalars filled in; what went in is never read again as YAML.
    ///
    /// A scalar without quotes that is exactly one variable takes the variable's type; any other stays a
    /// string. Keys are not touched. A scalar that cannot be filled in is reported and keeps its text.
    func substituting(_ variables: Variables, into diagnostics: inout [Diagnostic]) -> YAMLNode {
        var node = self
        switch content {
        case .list(let elements):
            node.content = .list(elements.map { $0.substituting(variables, into: &diagnostics) })
        case .map(let entries):
            node.content = .map(
                entries.map { entry in
                    var entry = entry
                    entry.value = entry.value.substituting(variables, into: &diagnostics)
                    return entry
                })
        case .string(let text) where text.utf8.contains(UInt8(ascii: "$")):
            guard let template = variables.parse(text, at: location, into: &diagnostics) else { return self }
            return filled(template, with: variables, into: &diagnostics) ?? self
        default:
            break
        }
        return node
    }

    private func filled(
        _ template: Template, with variables: Variables, into diagnostics: inout [Diagnostic]
    ) -> YAMLNode? {
        if !isQuoted, let only = template.onlyVariable {
            let found = variables.replacement(for: only.name, only.fallback, at: location, into: &diagnostics)
            return found.map(typed)
        }
        guard let filled = variables.fill(template, at: location, into: &diagnostics) else { return nil }
        var node = self
        node.content = .string(filled.text)
        node.raw = filled.text
        // What was put together from pieces is a string, whatever it looks like.
        node.isQuoted = true
        node.isSubstituted = true
        node.isSecret = filled.isSecret
        return node
    }

    /// This scalar with the value and type of a variable.
    private func typed(_ replacement: Variables.Replacement) -> YAMLNode {
        let text = replacement.value.text
        var node = YAMLNode.quoted(text, at: location)
        switch replacement.value {
        case .string where replacement.isDefault: node = .plain(text, at: location)
        case .string: break
        case .integer(let value): node = YAMLNode(location: location, content: .integer(value), raw: text)
        case .boolean(let value): node = YAMLNode(location: location, content: .bool(value), raw: text)
        case .secret: node.isSecret = true
        }
        node.isSubstituted = true
        return node
    }
}
