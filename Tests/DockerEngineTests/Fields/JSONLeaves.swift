import Foundation

/// The scalars of a JSON document by their paths; elements of a list have the path segment `[]`.
struct JSONLeaves {
    struct Leaf: Hashable {
        var path: [String]
        /// An empty list or map, or null: any key may be what is missing in it.
        var isEmpty: Bool
    }

    private(set) var values: [Leaf: [String]] = [:]
    var all: Set<Leaf> { Set(values.keys) }

    init(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        collect(try JSONSerialization.jsonObject(with: Data(bytes)), at: [])
    }

    private mutating func collect(_ value: Any, at path: [String]) {
        switch value {
        case let members as [String: Any] where !members.isEmpty:
            for (key, member) in members { collect(member, at: path + [key]) }
        case let elements as [Any] where !elements.isEmpty:
            for element in elements { collect(element, at: path + ["[]"]) }
        case is [Any], is [String: Any], is NSNull:
            values[Leaf(path: path, isEmpty: true), default: []].append("")
        default:
            values[Leaf(path: path, isEmpty: false), default: []].append("\(value)")
        }
    }

    /// The leaves that are not the same in both documents.
    func differences(from other: JSONLeaves) -> Set<Leaf> {
        all.union(other.all).filter { values[$0]?.sorted() != other.values[$0]?.sorted() }
    }
}

/// A path of the field table, such as `HostConfig.Mounts[].Type` or `Labels.*`.
struct JSONPattern {
    let text: String
    private let segments: [String]

    init(_ text: String) {
        self.text = text
        segments = text.replacing("[]", with: ".[]").split(separator: ".").map(String.init)
    }

    /// Whether the pattern names exactly this leaf, or what may be missing in it.
    func names(_ leaf: JSONLeaves.Leaf) -> Bool {
        let agree = zip(segments, leaf.path).allSatisfy { $0 == "*" || $0 == $1 }
        return agree && (leaf.isEmpty || segments.count == leaf.path.count)
    }

    /// Whether the leaf lies at the pattern or below.
    func covers(_ leaf: JSONLeaves.Leaf) -> Bool {
        let agree = zip(segments, leaf.path).allSatisfy { $0 == "*" || $0 == $1 }
        return agree && (leaf.isEmpty || segments.count <= leaf.path.count)
    }
}
