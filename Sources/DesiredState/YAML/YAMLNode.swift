/// A value of a YAML or JSON file with the place it was read from.
///
/// Scalars are read by fatesync's own rules, not by YAML 1.1's: `true` and `false` are the booleans,
/// integers are decimal, everything else that is not a list or a map is a string, whatever other readers
/// make of `yes` or `0x1F`.
struct YAMLNode: Sendable, Equatable {
    indirect enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        case integer(Int64)
        /// A number with a fraction or an exponent, as it was written.
        case decimal(String)
        case string(String)
        case list([YAMLNode])
        case map([YAMLEntry])
    }

    var location: SourceLocation
    var content: Content
    /// Whether a scalar can only be a string: it was quoted, a block scalar, or filled from a string
    /// variable.
    var isQuoted = false
    /// The text of a scalar; empty for a list or a map.
    var raw = ""
    /// Whether a variable went into this scalar.
    var isSubstituted = false
    /// Whether a secret went into this scalar, so that it must never be shown.
    var isSecret = false

    /// A scalar as YAML's plain style is read.
    static func plain(_ text: String, at location: SourceLocation) -> Self {
        Self(location: location, content: PlainScalar.content(of: text), raw: text)
    }

    /// A scalar that can only be a string.
    static func quoted(_ text: String, at location: SourceLocation) -> Self {
        Self(location: location, content: .string(text), isQuoted: true, raw: text)
    }
}

/// A key of a map with its value.
struct YAMLEntry: Sendable, Equatable {
    var key: String
    var keyLocation: SourceLocation
    var value: YAMLNode
    var keyIsQuoted = true

    /// Whether other readers take the key as a number: a decimal integer without quotes.
    var keyIsInteger: Bool { !keyIsQuoted && PlainScalar.isDecimalInteger(key) }
}

extension YAMLNode {
    /// The entries of a map, in the order of the file; `nil` for anything else.
    var entries: [YAMLEntry]? {
        if case .map(let entries) = content { entries } else { nil }
    }

    /// The elements of a list; `nil` for anything else.
    var elements: [YAMLNode]? {
        if case .list(let elements) = content { elements } else { nil }
    }

    /// The value of a key; `nil` if there is none or this is no map.
    subscript(key: String) -> YAMLNode? {
        entries?.first { $0.key == key }?.value
    }

    var isNull: Bool { content == .null }

    var isScalar: Bool {
        switch content {
        case .list, .map: false
        default: true
        }
    }

    /// Whether a secret went into this node or into one below it.
    var containsSecret: Bool {
        switch content {
        case .list(let elements): elements.contains(where: \.containsSecret)
        case .map(let entries): entries.contains { $0.value.containsSecret }
        default: isSecret
        }
    }
}
