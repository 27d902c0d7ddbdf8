/// Proofs over the Merkle tree of a journal's records, as RFC 6962 and RFC 9162 define them.
///
/// Whoever holds a checkpoint can convince himself with an inclusion proof that a record is among those that it
/// covers, and with a consistency proof that a later checkpoint covers the same records and more. Neither needs
/// the journal.
public struct JournalProof: Sendable {
    /// SHA-256 of each record's line, in order.
    private let leaves: [JournalDigest]

    /// Reads the journal in `directory`, all of it: 32 bytes for each record are kept.
    public init(directory: String) throws(JournalError) {
        var leaves: [JournalDigest] = []
        let reader = JournalReader(directory: directory)
        try reader.visitLines { entry, line in
            // A record that is missing or doubled: what comes after it has no place in the tree.
            guard entry.seq == UInt64(leaves.count) else { return .enough }
            leaves.append(JournalDigest(of: line))
            return .more
        }
        self.leaves = leaves
    }

    /// How many records there are up to the first that is out of place.
    public var size: Int { leaves.count }

    /// The root of the tree over the first `size` records, 32 bytes; `size` is at most that of the journal.
    public func root(of size: Int) -> [UInt8] { root(0..<size).bytes }

    /// The digest of the record's line, 32 bytes: the data of its leaf.
    public func leaf(_ seq: Int) -> [UInt8] { leaves[seq].bytes }

    /// The audit path of record `seq` in the tree over `size` records, from the leaf up.
    public func inclusion(of seq: Int, in size: Int) -> [[UInt8]] {
        precondition(0 <= seq && seq < size && size <= leaves.count, "no such record")
        return path(to: seq, in: 0..<size).map(\.bytes)
    }

    /// The proof that the tree over `size` records goes on from that over `earlier` ones.
    public func consistency(from earlier: Int, to size: Int) -> [[UInt8]] {
        precondition(0 < earlier && earlier <= size && size <= leaves.count, "no such trees")
        return subproof(earlier, in: 0..<size, isComplete: true).map(\.bytes)
    }

    private func root(_ range: Range<Int>) -> JournalDigest {
        var tree = MerkleFrontier()
        for leaf in leaves[range] { tree.append(leaf) }
        return tree.root
    }

    private func path(to seq: Int, in range: Range<Int>) -> [JournalDigest] {
        guard range.count > 1 else { return [] }
        let middle = range.lowerBound + Self.split(range.count)
        return seq < middle
            ? path(to: seq, in: range.lowerBound..<middle) + [root(middle..<range.upperBound)]
            : path(to: seq, in: middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    /// `isComplete` while the earlier tree is the whole left part, whose root its holder knows.
    private func subproof(_ earlier: Int, in range: Range<Int>, isComplete: Bool) -> [JournalDigest] {
        guard earlier < range.count else { return isComplete ? [] : [root(range)] }
        let left = Self.split(range.count)
        let middle = range.lowerBound + left
        return earlier <= left
            ? subproof(earlier, in: range.lowerBound..<middle, isComplete: isComplete)
                + [root(middle..<range.upperBound)]
            : subproof(earlier - left, in: middle..<range.upperBound, isComplete: false)
                + [root(range.lowerBound..<middle)]
    }

    /// The largest power of two below `count`, which is at least 2.
    private static func split(_ count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}

extension JournalProof {
    /// A digest as proofs and checkpoints write it.
    public static func base64(_ digest: [UInt8]) -> String { String(base64: digest) }
}
