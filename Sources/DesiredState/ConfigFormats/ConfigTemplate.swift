/// How a config file is read by the programs it is for.
public enum ConfigFormat: String, Sendable, CaseIterable {
    case properties, json, yaml, sql, text
}

/// A config file after rendering.
struct RenderedConfig: Sendable, Equatable {
    var bytes: [UInt8]
    /// Whether a secret went in.
    var isSecret: Bool
    /// What was written, with the places of keys and values; `nil` where the format has no keys.
    var tree: YAMLNode?

    init(_ text: String, isSecret: Bool, tree: YAMLNode? = nil) {
        self.tree = tree
        bytes = Array(text.utf8)
        if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        self.isSecret = isSecret
    }
}

/// A config file of a blueprint, whose variables are filled in value by value.
///
/// What goes in is written by an encoder that knows the reader, so that no value can end a string, add a
/// key or become a comment. A value that the reader cannot get is refused.
struct ConfigTemplate: Sendable {
    let bytes: [UInt8]
    let format: ConfigFormat
    /// Path of the file below the root of the state repository.
    let file: String

    init(_ bytes: [UInt8], format: ConfigFormat, file: String) {
        self.bytes = bytes
        self.format = format
        self.file = file
    }

    /// The file with its variables filled in and `overrides` laid over it; `nil` after reporting why not.
    ///
    /// `overrides` use the variables too. They fit formats that hold keys: JSON, YAML and properties.
    func render(
        _ variables: Variables, overrides: YAMLNode? = nil, into diagnostics: inout [Diagnostic]
    ) -> RenderedConfig? {
        let errors = diagnostics.errorCount
        let rendered: RenderedConfig?
        switch format {
        case .json:
            rendered = tree(
                .parseJSON(bytes, file: file, into: &diagnostics), variables, overrides, &diagnostics
            )
            .map { RenderedConfig(ConfigValue($0).jsonText, isSecret: $0.containsSecret, tree: $0) }
        case .yaml:
            rendered = yaml(variables, overrides, &diagnostics)
        case .properties:
            rendered = properties(variables, overrides, &diagnostics)
        case .sql, .text:
            if let overrides {
                let message = "\(file) cannot be overridden key by key: its format is \(format)"
                diagnostics.append(Diagnostic(code: "E-FORMAT", at: overrides.location, message))
            }
            rendered = text(variables, &diagnostics)
        }
        return diagnostics.errorCount == errors ? rendered : nil
    }

    private func yaml(
        _ variables: Variables, _ overrides: YAMLNode?, _ diagnostics: inout [Diagnostic]
    ) -> RenderedConfig? {
        let parsed = YAMLNode.parse(bytes, file: file, into: &diagnostics)
        parsed?.reportAmbiguousScalars(into: &diagnostics)
        overrides?.reportAmbiguousScalars(into: &diagnostics)
        return tree(parsed, variables, overrides, &diagnostics)
            .map { RenderedConfig(ConfigValue($0).yamlText, isSecret: $0.containsSecret, tree: $0) }
    }

    private func tree(
        _ parsed: YAMLNode?, _ variables: Variables, _ overrides: YAMLNode?,
        _ diagnostics: inout [Diagnostic]
    ) -> YAMLNode? {
        guard let parsed else { return nil }
        let merged = overrides.map(parsed.merging) ?? parsed
        return merged.substituting(variables, into: &diagnostics)
    }

    private func properties(
        _ variables: Variables, _ overrides: YAMLNode?, _ diagnostics: inout [Diagnostic]
    ) -> RenderedConfig? {
        guard let text = SourceText.check(bytes, file: file, into: &diagnostics),
            var document = PropertiesDocument.parse(text, file: file, into: &diagnostics)
        else { return nil }
        document.refuseCopies(into: &diagnostics)
        if let overrides { document.merge(overrides, into: &diagnostics) }
        return document.render(variables, into: &diagnostics)
    }

    private func text(_ variables: Variables, _ diagnostics: inout [Diagnostic]) -> RenderedConfig? {
        guard let text = SourceText.check(bytes, file: file, into: &diagnostics) else { return nil }
        let cursor = TextCursor(text, file: file)
        if format == .sql {
            var renderer = SQLRenderer(cursor, variables: variables)
            return renderer.render(into: &diagnostics)
        }
        return PlainTextRenderer.render(cursor, variables, into: &diagnostics)
    }
}

extension [Diagnostic] {
    var errorCount: Int { count { $0.severity == .error } }
}

extension YAMLNode {
    /// Reports scalars without quotes that are strings here, but numbers, booleans or dates to the file's
    /// reader.
    fileprivate func reportAmbiguousScalars(into diagnostics: inout [Diagnostic]) {
        switch content {
        case .list(let elements):
            for element in elements { element.reportAmbiguousScalars(into: &diagnostics) }
        case .map(let entries):
            for entry in entries {
                if !entry.keyIsQuoted, !entry.keyIsInteger, PlainScalar.isAmbiguous(entry.key) {
                    diagnostics.append(Self.ambiguous(entry.key, at: entry.keyLocation))
                }
                entry.value.reportAmbiguousScalars(into: &diagnostics)
            }
        case .string(let text) where !isQuoted && PlainScalar.isAmbiguous(text):
            diagnostics.append(Self.ambiguous(text, at: location))
        default:
            break
        }
    }

    private static func ambiguous(_ text: String, at location: SourceLocation) -> Diagnostic {
        let meant =
            PlainScalar.isBooleanWord(text)
            ? "write true or false, or put it in quotes" : "put it in quotes, or write a decimal number"
        return Diagnostic(
            code: "E-AMBIGUOUS", at: location,
            "\(text.inQuotes) means different things to YAML readers; \(meant)")
    }
}
