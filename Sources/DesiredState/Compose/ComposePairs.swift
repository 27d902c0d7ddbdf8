/// A key with its text, from a map or from a list of `KEY=VALUE`.
struct ComposePair: Sendable, Equatable {
    var key: String
    /// `nil` when there is a key alone.
    var value: String?
    var location: SourceLocation
    /// The key for a message: of `KEY=VALUE` with a secret, nobody knows whether the key is a part of it.
    var shownKey: String

    /// `nil` when the key is none.
    fileprivate init?(_ key: String, _ value: String?, at location: SourceLocation, shownKey: String) {
        guard !key.isEmpty, !key.unicodeScalars.contains(where: { $0.isUnsafeToPrint || $0 == "=" }) else {
            return nil
        }
        self.key = key
        self.value = value
        self.location = location
        self.shownKey = shownKey
    }
}

extension MapReader {
    /// The pairs of a key that takes a map of scalars or a list of `KEY=VALUE`.
    ///
    /// `isOpen`: the values are shown in plans, so that no secret may be among them.
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
        reportRepetitions(pairs)
        return pairs
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

    private mutating func pair(_ entry: YAMLEntry, isOpen: Bool) -> ComposePair? {
        let what = entry.key.inQuotes
        if isOpen, attempt(what, entry.value, YAMLNode.refuseSecret) == nil { return nil }
        var text: String?
        if !entry.value.isNull {
            text = attempt(what, entry.value, YAMLNode.plainText)
            if text == nil { return nil }
        }
        let place = entry.value.isNull ? entry.keyLocation : entry.value.location
        return ComposePair(entry.key, text, at: place, shownKey: what) ?? refuse(what, at: entry.keyLocation)
    }

    private mutating func pair(_ element: YAMLNode, of key: String, isOpen: Bool) -> ComposePair? {
        let what = "an element of \(key.inQuotes)"
        if isOpen, attempt(what, element, YAMLNode.refuseSecret) == nil { return nil }
        guard let text = attempt(what, element, YAMLNode.word) else { return nil }
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(halves[0])
        let shown = element.isSecret ? what : name.inQuotes
        let value = halves.count == 2 ? String(halves[1]) : nil
        return ComposePair(name, value, at: element.location, shownKey: shown)
            ?? refuse(shown, at: element.location)
    }

    private mutating func refuse(_ shownKey: String, at place: SourceLocation) -> ComposePair? {
        report("E-VALUE", at: place, "\(shownKey) is no name for a value")
        return nil
    }

    private mutating func reportRepetitions(_ pairs: [ComposePair]) {
        var first: [String: SourceLocation] = [:]
        for pair in pairs {
            if let place = first[pair.key] {
                let message =
                    "\(pair.shownKey) is listed twice, first in \(place.mention(from: pair.location))"
                report("E-DUP", at: pair.location, message)
            } else {
                first[pair.key] = pair.location
            }
        }
    }
}
