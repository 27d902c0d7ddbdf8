/// One field that differs between the live and the desired side.
public struct FieldChange: Sendable, Equatable, Codable {
    /// Dotted name, such as `environment.PATH` or `restart`.
    public var field: String
    /// The live value, or `-` when it is absent.
    public var old: String
    /// The desired value, or `-` when it is absent.
    public var new: String

    public init(_ field: String, _ old: String, _ new: String) {
        self.field = field
        self.old = old
        self.new = new
    }
}

/// A field's value in the form that is compared and shown.
public enum FieldValue: Sendable, Equatable {
    case scalar(String)
    /// Compared element by element, shown as one value.
    case elements([String])
    /// Differences are shown entry by entry.
    case entries([String: String])

    static func list(_ values: [String]?) -> Self {
        guard let values else { return .scalar("-") }
        return .elements(values)
    }

    /// The changes that turn `self` into `desired`; empty when both are equal.
    func changes(to desired: FieldValue, field: String) -> [FieldChange] {
        guard self != desired else { return [] }
        switch (self, desired) {
        case (.entries(let old), .entries(let new)):
            return Set(old.keys).union(new.keys).sorted().compactMap { key in
                guard old[key] != new[key] else { return nil }
                return FieldChange("\(field).\(key)", old[key] ?? "-", new[key] ?? "-")
            }
        default:
            return [FieldChange(field, shown, desired.shown)]
        }
    }

    private var shown: String {
        switch self {
        case .scalar(let text): text
        case .elements(let elements): "[" + elements.joined(separator: ", ") + "]"
        case .entries(let entries):
            entries.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
        }
    }
}
