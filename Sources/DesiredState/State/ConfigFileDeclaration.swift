/// An entry of `files`: a config file that is more than copied.
struct ConfigFileDeclaration: Sendable {
    struct Service: Sendable {
        var name: String
        var location: SourceLocation
    }

    /// Path below `confs/`.
    var path: String
    var location: SourceLocation
    /// `nil` when the file is copied verbatim.
    var format: ConfigFormat?
    /// Whether a format is stated that nobody knows, so that nothing can be said about the content.
    var hasUnknownFormat = false
    var effect: ChangeEffect
    /// The services that a change restarts.
    var services: [Service]

    static func read(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> ConfigFileDeclaration? {
        let read = MapReader.read(node, as: "the config file", into: &diagnostics) { reader in
            let pathNode = reader.node("path", .required)
            let path = reader.relativePath(pathNode)
            let format = readFormat(&reader)
            let services = readServices(&reader)
            let effect = readEffect(&reader, services: services)
            guard let path, let pathNode else { return ConfigFileDeclaration?.none }
            return ConfigFileDeclaration(
                path: path, location: pathNode.location, format: format,
                hasUnknownFormat: format == nil && reader.node("format") != nil, effect: effect,
                services: services)
        }
        return read ?? nil
    }

    private static func readFormat(_ reader: inout MapReader) -> ConfigFormat? {
        guard let node = reader.node("format"),
            let text = reader.collect({ node.string("\"format\"", into: &$0) })
        else { return nil }
        if let format = ConfigFormat(rawValue: text) { return format }
        reader.reportChoice("format", text, of: ConfigFormat.allCases.map(\.rawValue), at: node.location)
        return nil
    }

    private static func readServices(_ reader: inout MapReader) -> [Service] {
        (reader.list("services") ?? []).compactMap { node in
            reader.collect { node.string("an element of \"services\"", into: &$0) }
                .map { Service(name: $0, location: node.location) }
        }
    }

    private static func readEffect(_ reader: inout MapReader, services: [Service]) -> ChangeEffect {
        let within = reader.node("within")
        let seconds = within.flatMap { node in reader.collect { duration(node, into: &$0) } }
        guard let node = reader.node("onChange", .required),
            let text = reader.collect({ node.string("\"onChange\"", into: &$0) })
        else { return .nothing }
        switch text {
        case "nothing":
            reader.refuse("within", for: "reload")
            reader.refuse("services", for: "restart")
            return .nothing
        case "reload":
            reader.refuse("services", for: "restart")
            if within == nil {
                reader.report(
                    "E-REQUIRED", at: node.location, "\"onChange: reload\" needs \"within\", such as 60s")
            }
            return .reload(withinSeconds: seconds ?? 60)
        case "restart":
            reader.refuse("within", for: "reload")
            if services.isEmpty {
                reader.report("E-REQUIRED", at: node.location, "\"onChange: restart\" needs \"services\"")
            }
            return .restart(services: services.map(\.name))
        default:
            reader.reportChoice("onChange", text, of: ["nothing", "reload", "restart"], at: node.location)
            return .nothing
        }
    }

    /// `60s` or `5m`.
    private static func duration(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> Int? {
        guard let text = node.text("\"within\"", into: &diagnostics) else { return nil }
        let factor = ["s": 1, "m": 60][text.last.map(String.init) ?? ""]
        let digits = String(text.dropLast())
        guard let factor, PlainScalar.isDecimalInteger(digits), let count = Int(digits),
            (1...3600).contains(count)
        else {
            let message = "\"within\" must be a duration such as 60s or 5m, found \(text.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-DURATION", at: node.location, message))
            return nil
        }
        return count * factor
    }
}

extension MapReader {
    /// Reports a key that only another effect of a change has a use for.
    fileprivate mutating func refuse(_ key: String, for effect: String) {
        guard node(key) != nil else { return }
        report("E-VALUE", at: location(of: key), "\(key.inQuotes) needs \"onChange: \(effect)\"")
    }

    /// Reports a word that is none of those that are allowed.
    mutating func reportChoice(_ key: String, _ text: String, of choices: [String], at place: SourceLocation)
    {
        let hint = nearest(text, in: choices).map { "did you mean \($0.inQuotes)?" }
        report(
            "E-VALUE", at: place,
            "unknown \(key) \(text.inQuotes) (\(hint ?? "allowed: " + choices.joined(separator: ", ")))")
    }
}
