/// Reads what a change needs: `onChange` of a config file, or of some of its keys, with the keys that belong to it.
struct ChangeEffectReader {
    struct Service: Sendable {
        var name: String
        var location: SourceLocation
    }

    private let isWholeFile: Bool
    /// The services that a change restarts or signals.
    private(set) var services: [Service] = []
    /// The services that an unreadable file stops rereading.
    private(set) var repaired: [Service] = []
    private(set) var effect = ChangeEffect.nothing
    /// The services that read it; `nil`: everyone who sees it.
    private(set) var readers: [Service]?
    /// Why a change waits for a person.
    private(set) var confirmation: String?

    /// - Parameter isWholeFile: Whether it is about a file; whether single keys can be read nobody asks.
    init(_ reader: inout MapReader, isWholeFile: Bool) {
        self.isWholeFile = isWholeFile
        services = Self.services("services", &reader)
        if isWholeFile { repaired = Self.services("restartIfUnreadable", &reader) }
        if reader.node("readers") != nil { readers = Self.services("readers", &reader) }
        confirmation = reader.string("confirm")?.onOneLine
        effect = readEffect(&reader)
        if isWholeFile, confirmation != nil, readers == nil, effect.services.isEmpty {
            reader.report(
                "E-REQUIRED", at: reader.location(of: "confirm"),
                "\"confirm\" needs \"readers\": only a change of what somebody has read is one")
        }
    }

    /// Every service that is named, where it is named.
    var named: [Service] { services + repaired + (readers ?? []) }

    var readerNames: Set<String>? { readers.map { Set($0.map(\.name)) } }

    private static func services(_ key: String, _ reader: inout MapReader) -> [Service] {
        (reader.list(key) ?? []).compactMap { node in
            reader.collect { node.string("an element of \(key.inQuotes)", into: &$0) }
                .map { Service(name: $0, location: node.location) }
        }
    }

    private func readEffect(_ reader: inout MapReader) -> ChangeEffect {
        let within = reader.node("within")
        let seconds = within.flatMap { node in reader.collect { Self.duration(node, into: &$0) } }
        let signal = Self.signal(&reader)
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
        reader.refuse(
            isWholeFile ? ["within", "restartIfUnreadable"] : ["within"], except: own, for: ["reload"])
        reader.refuse(["signal"], except: own, for: ["signal"])
        reader.refuse(["services"], except: own, for: ["restart", "signal"])
        switch text {
        case "reload":
            require("within", within != nil, ", such as 60s")
            return .reload(withinSeconds: seconds ?? 60, restartIfUnreadable: repaired.map(\.name))
        case "signal":
            require("signal", reader.node("signal") != nil, ", such as HUP")
            require("services", !services.isEmpty)
            return .signal(signal ?? .hangup, services: services.map(\.name))
        case "restart":
            require("services", !services.isEmpty)
            return .restart(services: services.map(\.name))
        default: return .nothing
        }
    }

    /// `HUP` or `SIGHUP`.
    private static func signal(_ reader: inout MapReader) -> ReloadSignal? {
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

extension String {
    /// The text without the line breaks of a folded scalar.
    var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
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
