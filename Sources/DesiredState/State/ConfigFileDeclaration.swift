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
    /// The services that a change restarts or signals, or that an unreadable file stops rereading.
    var services: [Service]

    static func read(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> ConfigFileDeclaration? {
        let read = MapReader.read(node, as: "the config file", into: &diagnostics) { reader in
            let pathNode = reader.node("path", .required)
            let path = reader.relativePath(pathNode)
            let format = readFormat(&reader)
            let services = readServices("services", &reader)
            let repaired = readServices("restartIfUnreadable", &reader)
            let effect = readEffect(
                &reader, services: services.map(\.name), repaired: repaired.map(\.name))
            if !repaired.isEmpty, let format, !format.isParsed {
                reader.report(
                    "E-VALUE", at: reader.location(of: "restartIfUnreadable"),
                    "whether a file of format \(format) can be read is not known")
            }
            guard let path, let pathNode else { return ConfigFileDeclaration?.none }
            return ConfigFileDeclaration(
                path: path, location: pathNode.location, format: format,
                hasUnknownFormat: format == nil && reader.node("format") != nil, effect: effect,
                services: services + repaired)
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

    private static func readServices(_ key: String, _ reader: inout MapReader) -> [Service] {
        (reader.list(key) ?? []).compactMap { node in
            reader.collect { node.string("an element of \(key.inQuotes)", into: &$0) }
                .map { Service(name: $0, location: node.location) }
        }
    }

    private static func readEffect(
        _ reader: inout MapReader, services: [String], repaired: [String]
    ) -> ChangeEffect {
        let within = reader.node("within")
        let seconds = within.flatMap { node in reader.collect { duration(node, into: &$0) } }
        let signal = readSignal(&reader)
        guard let node = reader.node("onChange", .required),
            let text = reader.collect({ node.string("\"onChange\"", into: &$0) })
        else { return .nothing }
        func require(_ key: String, _ isThere: Bool, _ hint: String = "") {
            guard !isThere else { return }
            let message = "\"onChange: \(text)\" needs \(key.inQuotes)\(hint)"
            reader.report("E-REQUIRED", at: node.location, message)
        }
        let own: [String]
        switch text {
        case "nothing": own = []
        case "reload": own = ["within", "restartIfUnreadable"]
        case "signal": own = ["signal", "services"]
        case "restart": own = ["services"]
        default:
            reader.reportChoice(
                "onChange", text, of: ["nothing", "reload", "signal", "restart"], at: node.location)
            return .nothing
        }
        reader.refuse(["within", "restartIfUnreadable"], except: own, for: ["reload"])
        reader.refuse(["signal"], except: own, for: ["signal"])
        reader.refuse(["services"], except: own, for: ["restart", "signal"])
        switch text {
        case "reload":
            require("within", within != nil, ", such as 60s")
            return .reload(withinSeconds: seconds ?? 60, restartIfUnreadable: repaired)
        case "signal":
            require("signal", reader.node("signal") != nil, ", such as HUP")
            require("services", !services.isEmpty)
            return .signal(signal ?? .hangup, services: services)
        case "restart":
            require("services", !services.isEmpty)
            return .restart(services: services)
        default: return .nothing
        }
    }

    /// `HUP` or `SIGHUP`.
    private static func readSignal(_ reader: inout MapReader) -> ReloadSignal? {
        guard let node = reader.node("signal"),
            let text = reader.collect({ node.string("\"signal\"", into: &$0) })
        else { return nil }
        if let signal = ReloadSignal(rawValue: text.hasPrefix("SIG") ? String(text.dropFirst(3)) : text) {
            return signal
        }
        reader.reportChoice("signal", text, of: ReloadSignal.allCases.map(\.rawValue), at: node.location)
        return nil
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
    /// Reports keys that only another effect of a change has a use for.
    fileprivate mutating func refuse(_ keys: [String], except own: [String], for effects: [String]) {
        let wanted = effects.map { "\"onChange: \($0)\"" }.joined(separator: " or ")
        for key in keys where !own.contains(key) && node(key) != nil {
            report("E-VALUE", at: location(of: key), "\(key.inQuotes) needs \(wanted)")
        }
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
