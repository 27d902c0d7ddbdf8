/// What a value in a YAML file may be, as far as an editor can tell while somebody writes.
///
/// The decoders say more: what a name means, which keys exclude each other, what a variable comes to. So whatever they
/// accept, the shape accepts, and not the other way round.
indirect enum FileShape: Sendable {
    case string
    /// A string whose form matters.
    case pattern(String)
    /// Any scalar: what other programs read as text, and what may be a variable such as `${PORT}`.
    case text
    case integer(ClosedRange<Int64>)
    case boolean
    case choice([String])
    case list(FileShape)
    /// A map whose keys are names that the writer chose.
    case named(FileShape)
    case object([FileKey])
    case either([FileShape])
    case anything

    /// `60s`, `5m`, or as Compose writes it, `1m30s`.
    static let duration = pattern("^([0-9.]+(ns|us|\u{B5}s|ms|s|m|h))+$")
    static let port = integer(1...65535)
}

/// A key of a map with fixed keys.
struct FileKey: Sendable {
    var name: String
    var shape: FileShape
    var isRequired: Bool
    /// What it is for, in an editor's pop-up.
    var meaning: String

    init(_ name: String, _ shape: FileShape, required isRequired: Bool = false, _ meaning: String) {
        self.name = name
        self.shape = shape
        self.isRequired = isRequired
        self.meaning = meaning
    }
}

extension FileShape {
    /// The keywords of JSON Schema for this shape.
    ///
    /// - Parameter isOptional: A key without a value counts as absent, so then `null` is fine.
    func keywords(isOptional: Bool = false) -> [ConfigEntry] {
        switch self {
        case .string: return [.type(["string"], isOptional)]
        case .pattern(let pattern):
            return [.type(["string"], isOptional), ConfigEntry("pattern", .string(pattern))]
        case .text: return [.type(["string", "number", "boolean"], isOptional)]
        case .integer(let range):
            return [
                .type(["integer"], isOptional), ConfigEntry("minimum", .integer(range.lowerBound)),
                ConfigEntry("maximum", .integer(range.upperBound)),
            ]
        case .boolean: return [.type(["boolean"], isOptional)]
        case .choice(let words):
            let values = words.map(ConfigValue.string) + (isOptional ? [.null] : [])
            return [ConfigEntry("enum", .list(values))]
        case .list(let element):
            return [.type(["array"], isOptional), ConfigEntry("items", .map(element.keywords()))]
        case .named(let value):
            return [
                .type(["object"], isOptional), ConfigEntry("additionalProperties", .map(value.keywords())),
            ]
        case .object(let keys): return [.type(["object"], isOptional)] + Self.properties(keys)
        case .either(let shapes):
            let options = shapes.map { ConfigValue.map($0.keywords()) }
            let null: [ConfigValue] = isOptional ? [.map([.type(["null"], false)])] : []
            return [ConfigEntry("anyOf", .list(options + null))]
        case .anything: return []
        }
    }

    private static func properties(_ keys: [FileKey]) -> [ConfigEntry] {
        let properties = keys.map { key in
            ConfigEntry(
                key.name,
                .map(
                    [ConfigEntry("description", .string(key.meaning))]
                        + key.shape.keywords(isOptional: !key.isRequired)))
        }
        let required = keys.filter(\.isRequired).map { ConfigValue.string($0.name) }
        return [ConfigEntry("properties", .map(properties))]
            + (required.isEmpty ? [] : [ConfigEntry("required", .list(required))])
            + [ConfigEntry("additionalProperties", .bool(false))]
    }
}

extension ConfigEntry {
    fileprivate static func type(_ names: [String], _ isOptional: Bool) -> ConfigEntry {
        let all = names + (isOptional ? ["null"] : [])
        return ConfigEntry("type", all.count == 1 ? .string(all[0]) : .list(all.map(ConfigValue.string)))
    }
}
