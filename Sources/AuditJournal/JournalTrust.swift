/// What the caller of a verification knows from elsewhere than the journal.
public struct JournalTrust: Sendable {
    /// A record that must be there.
    public var head: JournalHead?
    /// The key that the journal began with; without it the journal's own word is taken.
    public var key: JournalPublicKey?
    /// Checkpoints that were kept elsewhere: the records that they cover must be the same.
    public var anchors: [JournalCheckpoint] = []

    public init(head: JournalHead? = nil, key: JournalPublicKey? = nil, anchors: [JournalCheckpoint] = []) {
        self.head = head
        self.key = key
        self.anchors = anchors
    }
}
