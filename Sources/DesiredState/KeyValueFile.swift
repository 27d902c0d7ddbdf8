/// A YAML file of single values, such as the watcher's own configuration.
public enum KeyValueFile {
    /// A value with its place, so that a complaint about it can name the line.
    public struct Value: Sendable, Equatable {
        public var text: String
        public var location: SourceLocation
    }

    /// Reads the file; keys other than `keys` are mistakes, with the nearest one as a suggestion.
    public static func read(
        _ bytes: [UInt8], file: String, keys: [String]
    ) -> (values: [String: Value], diagnostics: [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        guard let root = YAMLNode.parse(bytes, file: file, into: &diagnostics) else {
            return ([:], diagnostics)
        }
        let values = MapReader.read(root, as: "the configuration", into: &diagnostics) { reader in
            var values: [String: Value] = [:]
            for key in keys {
                guard let node = reader.node(key) else { continue }
                let text = reader.collect { node.text("\"\(key)\"", into: &$0) }
                if let text { values[key] = Value(text: text, location: node.location) }
            }
            return values
        }
        return (values ?? [:], diagnostics.sorted())
    }
}
