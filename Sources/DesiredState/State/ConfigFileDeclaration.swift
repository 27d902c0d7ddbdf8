/// An entry of `files`: a config file that is more than copied.
struct ConfigFileDeclaration: Sendable {
    /// Path below `confs/`.
    var path: String
    var location: SourceLocation
    /// `nil` when the file is copied verbatim.
    var format: ConfigFormat?
    /// Whether a format is stated that nobody knows, so that nothing can be said about the content.
    var hasUnknownFormat = false
    /// What holds for the whole file, where no rule names a key.
    var rule: ConfigKeyRule
    var rules: [ConfigKeyRule] = []
    /// Every service that is named, where it is named.
    var services: [ChangeEffectReader.Service]

    static func read(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> ConfigFileDeclaration? {
        let read = MapReader.read(node, as: "the config file", into: &diagnostics) { reader in
            let pathNode = reader.node("path", .required)
            let path = reader.relativePath(pathNode)
            let format = readFormat(&reader)
            let whole = ChangeEffectReader(&reader, isWholeFile: true)
            let single = readRules(&reader)
            for key in ["restartIfUnreadable", "keys"] where reader.node(key) != nil {
                guard let format, !format.isParsed else { continue }
                let what =
                    key == "keys"
                    ? "which keys a file of format \(format) has is not known"
                    : "whether a file of format \(format) can be read is not known"
                reader.report("E-VALUE", at: reader.location(of: key), what)
            }
            guard let path, let pathNode else { return ConfigFileDeclaration?.none }
            return ConfigFileDeclaration(
                path: path, location: pathNode.location, format: format,
                hasUnknownFormat: format == nil && reader.node("format") != nil,
                rule: ConfigKeyRule(
                    effect: whole.effect, readers: whole.readerNames, confirmation: whole.confirmation),
                rules: single.map(\.rule),
                services: whole.named + single.flatMap(\.services))
        }
        return read ?? nil
    }

    /// Hands on what changes need.
    func complete(_ file: inout FileSpec) {
        file.onChange = rule.effect
        file.readers = rule.readers
        file.confirmation = rule.confirmation
        file.rules = rules
    }

    private static func readFormat(_ reader: inout MapReader) -> ConfigFormat? {
        guard let node = reader.node("format"),
            let text = reader.collect({ node.string("\"format\"", into: &$0) })
        else { return nil }
        if let format = ConfigFormat(rawValue: text) { return format }
        reader.reportChoice("format", text, of: ConfigFormat.allCases.map(\.rawValue), at: node.location)
        return nil
    }

    private typealias ReadRule = (rule: ConfigKeyRule, services: [ChangeEffectReader.Service])

    private static func readRules(_ reader: inout MapReader) -> [ReadRule] {
        let nodes = reader.list("keys") ?? []
        return nodes.compactMap { node in
            reader.collect { diagnostics in
                MapReader.read(node, as: "the rule", into: &diagnostics) { readRule(&$0) } ?? nil
            }
        }
    }

    /// `match`, one pattern or several, and what a change of these keys needs.
    private static func readRule(_ reader: inout MapReader) -> ReadRule? {
        let match = reader.node("match", .required)
        let isList = match?.elements != nil
        let texts =
            (isList ? match?.elements ?? [] : [match].compactMap { $0 }).compactMap { node in
                reader.collect { node.text("\"match\"", into: &$0) }
            }
        if let match, texts.isEmpty || texts.contains("") {
            reader.report("E-VALUE", at: match.location, "\"match\" needs the name of a key")
        }
        let effect = ChangeEffectReader(&reader, isWholeFile: false)
        guard !texts.isEmpty else { return nil }
        let rule = ConfigKeyRule(
            keys: texts.map(ConfigKeyPattern.init), effect: effect.effect, readers: effect.readerNames,
            confirmation: effect.confirmation)
        return (rule, effect.named)
    }
}
