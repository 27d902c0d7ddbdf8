/// A key with its text, from a map or from a list of `KEY=VALUE`.
struct ComposePair: Sendable, Equatable {
    var key: String
    /// `nil` when there is a key alone.
    var value: String?
    var location: SourceLocation
}

extension MapReader {
    /// The pairs of a key that takes a map of scalars or a list of `KEY=VALUE`.
    mutating func pairs(_ key: String, isOpen: Bool = false) -> [ComposePair] {
        guard let node = node(key) else { return [] }
        var pairs: [ComposePair] = []
        switch node.content {
        case .map(let entries):
            pairs = entries.compactMap { pair($0, isOpen: isOpen) }
        case .list(let elements):
            pairs = elements.compactMap { pair($0, of: key, isOpen: isOpen) }
        default:
            let message = "\(key.inQuotes) must be a map or a list of KEY=VALUE, found \(node.typeName)"
            report("E-TYPE", at: node.location, message)
        }
        return withoutRepetitions(pairs, of: key)
    }

    /// Labels; a key alone is a label with an empty value.
    mutating func labels() -> [String: String] {
        pairs("labels", isOpen: true).reduce(into: [:]) { $0[$1.key] = $1.value ?? "" }
    }

    /// A map of scalars, such as the options of a driver.
    mutating func options(_ key: String) -> [String: String] {
        (entries(key) ?? []).reduce(into: [:]) { options, entry in
            options[entry.key] = attempt(entry.key.inQuotes, entry.value, YAMLNode.plainText)
        }
    }

    /// A string that is not empty.
    mutating func word(_ key: String) -> String? {
        value(key) { node throws(ComposeMistake) in
            let text = try node.openWord()
            if text.isEmpty { throw node.mistake("cannot be empty") }
            return text
        }
    }

    private mutating func pair(_ entry: YAMLEntry, isOpen: Bool) -> ComposePair? {
        let value = entry.value
        if value.isNull { return checked(ComposePair(key: entry.key, location: entry.keyLocation), value) }
        if isOpen, attempt(entry.key.inQuotes, value, YAMLNode.refuseSecret) == nil { return nil }
        guard let text = attempt(entry.key.inQuotes, value, YAMLNode.plainText) else { return nil }
        return checked(ComposePair(key: entry.key, value: text, location: value.location), value)
    }

    private mutating func pair(_ element: YAMLNode, of key: String, isOpen: Bool) -> ComposePair? {
        let what = "an element of \(key.inQuotes)"
        if isOpen, attempt(what, element, YAMLNode.refuseSecret) == nil { return nil }
        guard let text = attempt(what, element, YAMLNode.word) else { return nil }
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = halves.count == 2 ? halves[1] : nil
        return checked(ComposePair(key: halves[0], value: value, location: element.location), element)
    }

    private mutating func checked(_ pair: ComposePair, _ node: YAMLNode) -> ComposePair? {
        let isName = !pair.key.isEmpty && !pair.key.unicodeScalars.contains { $0.isUnsafeToPrint || $0 == "=" }
        if isName { return pair }
        let shown = node.isSecret ? "a secret" : pair.key.inQuotes
        report("E-VALUE", at: pair.location, "\(shown) is no name for a value")
        return nil
    }

    private mutating func withoutRepetitions(_ pairs: [ComposePair], of key: String) -> [ComposePair] {
        var first: [String: SourceLocation] = [:]
        for pair in pairs {
            if let place = first[pair.key] {
                reportRepetition("\(pair.key.inQuotes) of \(key.inQuotes)", at: pair.location, first: place)
            } else {
                first[pair.key] = pair.location
            }
        }
        return pairs
    }
}
