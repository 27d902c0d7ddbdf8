/// Follows the keys from the first to the last, and checks what each has signed.
struct JournalKeyCheck {
    /// The key that the caller knows to be the first.
    var pinned: JournalPublicKey?
    /// The first key, as the journal itself names it.
    private(set) var first: JournalPublicKey?
    /// Whether the journal is of a version that did not sign.
    private(set) var isUnsigned = false
    private var current: JournalPublicKey?
    /// Keys that a signed record introduced, by their ids.
    private var known: [String: JournalPublicKey] = [:]
    /// Keys that were complained of, so that each is once.
    private var unknown: Set<String> = []

    var epochs: Int { known.count }

    enum Verdict {
        case valid
        case badSignature
        /// Signed by a key whose epoch had ended: right only for a record that was moved.
        case oldKey
        /// Signed by a key that no signed record introduces; told once for each.
        case unknownKey(isNew: Bool)
    }

    /// Checks a record, and goes on to the key that it introduces.
    mutating func check(_ entry: JournalEntry, line: [UInt8]) -> Verdict {
        begin(entry)
        if isUnsigned { return .valid }
        guard let id = entry.key else { return .badSignature }
        guard let key = known[id] else { return .unknownKey(isNew: unknown.insert(id).inserted) }
        guard JournalSignature.isValid(in: line, by: key) else { return .badSignature }
        guard key == current else { return .oldKey }
        if entry.record.kind == .keyNext, let next = entry.introducedKey {
            current = next
            known[next.id] = next
        }
        return .valid
    }

    /// Whether a line that was not read is signed by the key of its epoch.
    func isSigned(_ line: [UInt8]) -> Bool {
        current.map { JournalSignature.isValid(in: line, by: $0) } ?? isUnsigned
    }

    /// Whether the key of the epoch signed the note.
    func isSigned(_ checkpoint: JournalCheckpoint) -> Bool {
        current.map(checkpoint.isSigned(by:)) ?? false
    }

    private mutating func begin(_ entry: JournalEntry) {
        if entry.seq == 0, first == nil { first = entry.introducedKey }
        guard current == nil, !isUnsigned else { return }
        // Whoever pins a key expects signatures.
        isUnsigned = pinned == nil && first == nil && entry.seq == 0 && entry.key == nil
        current = pinned ?? first
        if let current { known[current.id] = current }
    }
}
