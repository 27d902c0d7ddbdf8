extension JournalEntry {
    /// The key that `log.open` or `key.next` introduces; `nil` for other records.
    public var introducedKey: JournalPublicKey? {
        [.logOpen, .keyNext].contains(record.kind) ? record.introducedKey : nil
    }

    /// The name under which the journal's checkpoints are signed.
    public var origin: String { JournalCheckpoint.origin(host: host, log: log) }

    /// The checkpoint that a `checkpoint` record holds; `nil` for other records.
    public var checkpoint: JournalCheckpoint? {
        guard record.kind == .checkpoint else { return nil }
        return record.details["note"]?.string.flatMap { JournalCheckpoint(note: $0) }
    }
}

extension JournalRecord {
    /// A record that says which key signs from then on.
    init(_ kind: JournalKind, introducing key: JournalPublicKey) {
        self.init(kind)
        details = ["public": .string(key.base64)]
    }

    var introducedKey: JournalPublicKey? { details["public"]?.string.flatMap(JournalPublicKey.init(base64:)) }
}
