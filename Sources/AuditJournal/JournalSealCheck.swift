/// Builds the Merkle tree over the records, and compares it with checkpoints: those in the journal, and those that
/// the caller kept elsewhere.
struct JournalSealCheck {
    /// `nil` when it is not wanted, or when a record is missing or was changed: that is told elsewhere.
    private var tree: MerkleFrontier?
    /// The caller's checkpoints that were not reached yet.
    private(set) var unreached: [JournalCheckpoint]
    /// The largest of them that the records agree with.
    private(set) var confirmed: JournalCheckpoint?
    private var isFirst = true

    init(anchors: [JournalCheckpoint], buildsTree: Bool) {
        tree = buildsTree ? MerkleFrontier() : nil
        unreached = anchors.filter { $0.size > 0 }
    }

    mutating func giveUp() { tree = nil }

    /// What is wrong with a `checkpoint` record whose own signature is good.
    func fault(of entry: JournalEntry, keys: JournalKeyCheck) -> String? {
        guard let text = entry.record.details["note"]?.string, let note = JournalCheckpoint(note: text),
            note.log == entry.log, note.size == entry.seq, keys.isSigned(note)
        else { return "its note is no signed checkpoint of the records before it" }
        guard let tree else { return nil }
        let isRight =
            note.root == tree.root.bytes && entry.record.details["root"]?.string == tree.root.hex
            && MerkleFrontier(checkpoint: entry) == tree
        return isRight ? nil : "its tree is not that of the records before it"
    }

    /// Takes the next record, and says which of the caller's checkpoints do not agree.
    mutating func append(_ digest: JournalDigest, of log: String) -> [String] {
        var faults: [String] = []
        if isFirst {
            isFirst = false
            for anchor in unreached where anchor.log != log {
                faults.append(
                    "the checkpoint of \(anchor.size) records is that of another journal, \(anchor.log)")
            }
            unreached.removeAll { $0.log != log }
        }
        guard tree != nil else { return faults }
        tree?.append(digest)
        guard let tree, unreached.contains(where: { $0.size == tree.size }) else { return faults }
        for anchor in unreached where anchor.size == tree.size {
            if anchor.root == tree.root.bytes {
                confirmed = anchor
            } else {
                faults.append("the \(anchor.size) records up to this one are not those of the checkpoint")
            }
        }
        unreached.removeAll { $0.size == tree.size }
        return faults
    }
}
