/// What a config file says differently from the one that is desired.
public enum ConfigDifference: Sendable, Equatable {
    /// The readers get the same from both, in whatever order, layout or spelling.
    case none
    /// The readers cannot read it, or miss something without which they fail.
    case unreadable
    /// The keys whose values differ, sorted.
    case keys([ConfigKeyChange])
    /// The bytes differ, and nobody knows what they mean.
    case bytes
}

/// A key of a config file with its value on both sides.
public struct ConfigKeyChange: Sendable, Equatable {
    /// Such as `route_table.9998.default[0].ip`.
    public var key: String
    /// `nil`: the key is absent.
    public var old: String?
    public var new: String?

    public init(key: String, old: String?, new: String?) {
        self.key = key
        self.old = old
        self.new = new
    }
}

extension FileSpec {
    /// What `live` says differently from `content`.
    ///
    /// Other programs rewrite config files, in other order and layout; that alone is no difference.
    public func difference(from live: [UInt8]) -> ConfigDifference {
        if live == content { return .none }
        guard let format, format.isParsed else { return .bytes }
        guard let old = format.leaves(of: live, requiring: requiredMaps) else { return .unreadable }
        // What fatesync wrote itself it can read; if it could not, only the bytes would be left to compare.
        guard let new = format.leaves(of: content, requiring: []) else { return .bytes }
        guard old != new else { return .none }
        let keys = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
        return .keys(keys.map { ConfigKeyChange(key: $0, old: old[$0], new: new[$0]) })
    }

    /// Whether a key of the outermost map of `live` is gone, which the readers would not notice.
    public func removesKeptKeys(from live: [UInt8]) -> Bool {
        guard readersKeepRemovedKeys, let format, let old = format.keys(of: live) else { return false }
        return !old.isSubset(of: format.keys(of: content) ?? [])
    }
}

extension ConfigFormat {
    /// Whether fatesync understands files of the format as their readers do.
    var isParsed: Bool {
        switch self {
        case .properties, .json, .yaml: true
        case .sql, .text: false
        }
    }

    /// The keys of the outermost map; `nil` when there is none.
    fileprivate func keys(of bytes: [UInt8]) -> Set<String>? {
        var mistakes: [Diagnostic] = []
        return root(of: bytes, into: &mistakes)?.entries.map { Set($0.map(\.key)) }
    }

    private func root(of bytes: [UInt8], into mistakes: inout [Diagnostic]) -> YAMLNode? {
        switch self {
        case .json: YAMLNode.parseJSON(bytes, file: "", into: &mistakes)
        case .yaml: YAMLNode.parse(bytes, file: "", into: &mistakes)
        case .properties, .sql, .text: nil
        }
    }

    /// Every value of a file by its place; `nil` when the file cannot be read.
    ///
    /// Two files with the same leaves mean the same to their readers.
    fileprivate func leaves(of bytes: [UInt8], requiring maps: Set<String>) -> [String: String]? {
        var mistakes: [Diagnostic] = []
        var leaves = ConfigLeaves(quotesKeys: self == .yaml)
        switch self {
        case .properties:
            guard let text = SourceText.check(bytes, file: "", into: &mistakes),
                let document = PropertiesDocument.parse(text, file: "", into: &mistakes)
            else { return nil }
            leaves.values["[section]"] = document.section
            for entry in document.entries { leaves.values[entry.key] = entry.value.raw }
            for copy in document.copies { leaves.values["#\(copy.key)"] = copy.value.raw }
        case .json, .yaml:
            guard let root = root(of: bytes, into: &mistakes), maps.allSatisfy({ root[$0]?.entries != nil })
            else { return nil }
            leaves.add(root, at: "")
        case .sql, .text: return nil
        }
        return mistakes.contains { $0.severity == .error } ? nil : leaves.values
    }
}

/// The scalars of a tree by their places, in a spelling that tells types apart.
private struct ConfigLeaves {
    /// Whether a quoted key is another one than the same key without quotes.
    let quotesKeys: Bool
    var values: [String: String] = [:]

    init(quotesKeys: Bool) { self.quotesKeys = quotesKeys }

    mutating func add(_ node: YAMLNode, at place: String) {
        switch node.content {
        case .map(let entries) where !entries.isEmpty:
            for entry in entries {
                add(entry.value, at: place.isEmpty ? name(of: entry) : "\(place).\(name(of: entry))")
            }
        case .list(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() { add(element, at: "\(place)[\(index)]") }
        case .map: values[place] = "{}"
        case .list: values[place] = "[]"
        case .null: values[place] = "null"
        case .bool(let value): values[place] = "\(value)"
        case .integer(let value): values[place] = "\(value)"
        case .decimal(let digits): values[place] = digits
        // What has no quotes in YAML is a string here, but perhaps not to the reader.
        case .string(let text): values[place] = node.isQuoted || !quotesKeys ? quoted(text) : text
        }
    }

    private func name(of entry: YAMLEntry) -> String {
        let isPlain = entry.key.utf8.allSatisfy { byte in
            ("a"..."z").contains(Unicode.Scalar(byte)) || ("A"..."Z").contains(Unicode.Scalar(byte))
                || ("0"..."9").contains(Unicode.Scalar(byte)) || "_-".utf8.contains(byte)
        }
        guard isPlain, !entry.key.isEmpty else { return escaped(entry.key) }
        return quotesKeys && entry.keyIsQuoted ? quoted(entry.key) : entry.key
    }

    /// The text, in quotes where without them it would be no string.
    private func quoted(_ text: String) -> String {
        if case .string = PlainScalar.content(of: text), !PlainScalar.isAmbiguous(text),
            !["{}", "[]", "-"].contains(text), !text.hasPrefix("\"")
        {
            return text
        }
        return escaped(text)
    }

    private func escaped(_ text: String) -> String {
        var result = "\""
        for character in text {
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result + "\""
    }
}
