/// What a change of some keys of a config file needs, and who reads them.
public struct ConfigKeyRule: Sendable, Equatable {
    public var keys: [ConfigKeyPattern]
    public var effect: ChangeEffect
    /// The services that read these keys; `nil`: everyone who sees the file.
    public var readers: Set<String>?
    /// Why a change waits for a person; `nil` when it does not.
    public var confirmation: String?

    public init(
        keys: [ConfigKeyPattern] = [], effect: ChangeEffect, readers: Set<String>? = nil,
        confirmation: String? = nil
    ) {
        self.keys = keys
        self.effect = effect
        self.readers = readers
        self.confirmation = confirmation
    }

    /// Every service that the rule names.
    var services: [String] { effect.services + (readers ?? []).sorted() }
}

/// Keys of a config file: `fateflow.host` is that key and all below it, and `*` stands for any text.
public struct ConfigKeyPattern: Sendable, Equatable {
    public let text: String
    private let parts: [[UInt8]]

    public init(_ text: String) {
        self.text = text
        parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(
            Array.init)
    }

    /// Whether the pattern names the key, or something that the key is a part of.
    public func matches(_ key: String) -> Bool {
        let key = Array(key.utf8)
        guard key.starts(with: parts[0]) else { return false }
        return matches(key, from: parts[0].count, part: 1)
    }

    private func matches(_ key: [UInt8], from start: Int, part: Int) -> Bool {
        guard part < parts.count else { return isEnd(start, of: key) }
        let wanted = parts[part]
        guard start + wanted.count <= key.count else { return false }
        return (start...(key.count - wanted.count)).contains { place in
            key[place..<(place + wanted.count)].elementsEqual(wanted)
                && matches(key, from: place + wanted.count, part: part + 1)
        }
    }

    /// Whether a key, or what stands above it, ends here.
    private func isEnd(_ place: Int, of key: [UInt8]) -> Bool {
        place == key.count || key[place] == UInt8(ascii: ".") || key[place] == UInt8(ascii: "[")
            || parts.last?.isEmpty == true
    }
}

extension FileSpec {
    /// What holds for a key: the first rule that names it, or else what holds for the file.
    public func rule(for key: String) -> ConfigKeyRule {
        rules.first { rule in rule.keys.contains { $0.matches(key) } } ?? wholeRule
    }

    /// What holds for the file where no rule names a key, and for files without keys.
    public var wholeRule: ConfigKeyRule {
        ConfigKeyRule(effect: onChange, readers: readers, confirmation: confirmation)
    }

    /// The services that any rule names, those of the file's own first, in the order of their restarts.
    public var services: [String] {
        ([wholeRule] + rules).flatMap(\.services).reduce(into: []) { list, service in
            if !list.contains(service) { list.append(service) }
        }
    }

    /// The rules for what differs; `nil` when it cannot be told by keys.
    public func rules(for difference: ConfigDifference) -> [(key: String?, rule: ConfigKeyRule)]? {
        switch difference {
        case .none: []
        case .keys(let changes): changes.map { ($0.key, rule(for: $0.key)) }
        case .bytes: [(nil, wholeRule)]
        case .unreadable: nil
        }
    }
}
