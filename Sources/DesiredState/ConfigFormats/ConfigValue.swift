/// A value to be written to a config file, whichever its format.
indirect enum ConfigValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number with a fraction or an exponent, as JSON writes it.
    case decimal(String)
    case string(String)
    case list([ConfigValue])
    case map([ConfigEntry])

    /// A map with string keys in the given order.
    static func map(_ pairs: KeyValuePairs<String, ConfigValue>) -> ConfigValue {
        .map(pairs.map { ConfigEntry($0.key, $0.value) })
    }

    init(_ node: YAMLNode) {
        switch node.content {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .decimal(let text): self = .decimal(text)
        case .string(let text): self = .string(text)
        case .list(let elements): self = .list(elements.map(ConfigValue.init))
        case .map(let entries):
            self = .map(
                entries.map { ConfigEntry($0.key, ConfigValue($0.value), keyIsInteger: $0.keyIsInteger) })
        }
    }
}

/// A key of a map with its value.
struct ConfigEntry: Sendable, Equatable {
    var key: String
    var value: ConfigValue
    /// Whether YAML readers should get the key as a number; JSON knows only strings.
    var keyIsInteger: Bool

    init(_ key: String, _ value: ConfigValue, keyIsInteger: Bool = false) {
        self.key = key
        self.value = value
        self.keyIsInteger = keyIsInteger
    }
}
