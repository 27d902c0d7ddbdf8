/// A value in a journal record: JSON without fractions.
public indirect enum JournalValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// An integer between -(2^53 - 1) and 2^53 - 1.
    ///
    /// Others have no exact form in every JSON reader; they are written as a string of digits.
    case int(Int64)
    case string(String)
    case array([JournalValue])
    case object([String: JournalValue])

    /// The integers that every JSON reader keeps exactly.
    static let exactIntegers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991

    /// The text, if this is a string.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The number, if this is an integer.
    public var integer: Int64? {
        guard case .int(let value) = self else { return nil }
        return value
    }

    /// The elements, if this is an array.
    public var array: [JournalValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, if this is an object.
    public var object: [String: JournalValue]? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The member called `key`, if this is an object that has one.
    public subscript(key: String) -> JournalValue? { object?[key] }
}

extension JournalValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JournalValue...) { self = .array(elements) }
    /// Of two members with the same key the last one counts.
    public init(dictionaryLiteral members: (String, JournalValue)...) {
        self = .object(Dictionary(members) { _, last in last })
    }
}
