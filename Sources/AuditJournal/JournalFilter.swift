/// Which entries are wanted; what is not set does not restrict.
public struct JournalFilter: Sendable, Equatable {
    public var party: String?
    public var action: String?
    public var outcome: JournalOutcome?
    /// Empty does not restrict.
    public var kinds: Set<JournalKind> = []
    /// The first moment that counts.
    public var since: JournalTime?
    /// The first moment that does not count any more.
    public var until: JournalTime?
    /// At most so many, the newest; does not matter to `matches`.
    public var last: Int?

    public init() {}

    /// Whether the entry is wanted.
    public func matches(_ entry: JournalEntry) -> Bool {
        let record = entry.record
        if let party, record.party != party { return false }
        if let action, record.action != action { return false }
        if let outcome, record.outcome != outcome { return false }
        if !kinds.isEmpty, !kinds.contains(record.kind) { return false }
        if let since, entry.time < since { return false }
        if let until, entry.time >= until { return false }
        return true
    }
}
