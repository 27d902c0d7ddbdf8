/// Reads the keys of one map, and reports every key that nobody asked for.
///
/// The keys that are allowed are those that the body of `read` asked for, so a key cannot be documented as
/// supported and then be ignored. A key with an empty value counts as absent.
struct MapReader {
    enum Presence {
        case required, optional
    }

    /// What the map describes, for messages: `party`.
    let what: String
    /// Where the map begins.
    let location: SourceLocation
    private(set) var diagnostics: [Diagnostic] = []
    private let entries: [YAMLEntry]
    private var asked: [String] = []

    private init(_ entries: [YAMLEntry], what: String, at location: SourceLocation) {
        self.entries = entries
        self.what = what
        self.location = location
    }

    /// Runs `body` over a map and reports what it did not ask for; `nil` when the node is no map.
    static func read<Result>(
        _ node: YAMLNode, as what: String, into diagnostics: inout [Diagnostic],
        _ body: (inout MapReader) -> Result
    ) -> Result? {
        guard let entries = node.map(what, into: &diagnostics) else { return nil }
        var reader = MapReader(entries, what: what, at: node.location)
        let result = body(&reader)
        reader.reportLeftovers()
        diagnostics += reader.diagnostics
        return result
    }

    /// The value of a key as it is.
    mutating func node(_ key: String, _ presence: Presence = .optional) -> YAMLNode? {
        asked.append(key)
        let entry = entries.first { $0.key == key }
        if let entry, !entry.value.isNull { return entry.value }
        if presence == .required {
            let message =
                entry == nil
                ? "\(what) needs the key \(key.inQuotes)" : "the key \(key.inQuotes) of \(what) has no value"
            report("E-REQUIRED", at: entry?.keyLocation ?? location, message)
        }
        return nil
    }

    /// Where a key stands, for reports about its meaning; the map itself when it is absent.
    func location(of key: String) -> SourceLocation {
        entries.first { $0.key == key }?.keyLocation ?? location
    }

    mutating func report(_ code: String, at place: SourceLocation, _ message: String) {
        diagnostics.append(Diagnostic(code: code, at: place, message))
    }

    /// Hands on what `body` reports about the values of this map.
    mutating func collect<Result>(_ body: (inout [Diagnostic]) -> Result) -> Result {
        body(&diagnostics)
    }

    private mutating func reportLeftovers() {
        let known = Set(asked)
        for entry in entries where !known.contains(entry.key) {
            let hint =
                if let near = nearest(entry.key, in: known) {
                    "did you mean \(near.inQuotes)?"
                } else {
                    "allowed: \(known.sorted().joined(separator: ", "))"
                }
            report("E-KEY", at: entry.keyLocation, "unknown key \(entry.key.inQuotes) (\(hint))")
        }
    }
}

extension MapReader {
    mutating func string(_ key: String, _ presence: Presence = .optional) -> String? {
        node(key, presence)?.string(key.inQuotes, into: &diagnostics)
    }

    /// Any scalar as text, for values that other programs read as text.
    mutating func text(_ key: String, _ presence: Presence = .optional) -> String? {
        node(key, presence)?.text(key.inQuotes, into: &diagnostics)
    }

    mutating func integer(
        _ key: String, _ presence: Presence = .optional, in range: ClosedRange<Int64> = .min ... .max
    ) -> Int64? {
        node(key, presence)?.integer(key.inQuotes, in: range, into: &diagnostics)
    }

    mutating func boolean(_ key: String, _ presence: Presence = .optional) -> Bool? {
        node(key, presence)?.boolean(key.inQuotes, into: &diagnostics)
    }

    mutating func list(_ key: String, _ presence: Presence = .optional) -> [YAMLNode]? {
        node(key, presence)?.list(key.inQuotes, into: &diagnostics)
    }

    mutating func strings(_ key: String, _ presence: Presence = .optional) -> [String]? {
        node(key, presence)?.strings(key.inQuotes, into: &diagnostics)
    }

    mutating func texts(
        _ key: String, _ presence: Presence = .optional
    ) -> [(key: String, value: String)]? {
        node(key, presence)?.texts(key.inQuotes, into: &diagnostics)
    }

    /// The entries of a map whose keys are names that the user chose.
    mutating func entries(_ key: String, _ presence: Presence = .optional) -> [YAMLEntry]? {
        node(key, presence)?.map(key.inQuotes, into: &diagnostics)
    }

    /// A map with fixed keys, read by `body`; `nil` when it is absent or no map.
    mutating func map<Result>(
        _ key: String, _ presence: Presence = .optional, _ body: (inout MapReader) -> Result
    ) -> Result? {
        guard let node = node(key, presence) else { return nil }
        return MapReader.read(node, as: key.inQuotes, into: &diagnostics, body)
    }
}
