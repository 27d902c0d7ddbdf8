/// The Merkle tree of RFC 6962 over the records so far, as its right edge: enough to go on and to give the root.
///
/// The data of a leaf is the SHA-256 of a record's line, 32 bytes.
struct MerkleFrontier: Sendable, Equatable {
    /// How many leaves there are.
    private(set) var size: UInt64 = 0
    /// The roots of the complete subtrees, the largest first: one for each bit that `size` has.
    private(set) var subtrees: [JournalDigest] = []

    init() {}

    /// Takes a frontier that was kept; `nil` if the number of subtrees does not fit to the size.
    init?(size: UInt64, subtrees: [JournalDigest]) {
        guard subtrees.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.subtrees = subtrees
    }

    mutating func append(_ leaf: JournalDigest) {
        var node = Self.leaf(leaf)
        var rest = size
        while rest & 1 == 1, let left = subtrees.popLast() {
            node = Self.parent(left, node)
            rest >>= 1
        }
        subtrees.append(node)
        size += 1
    }

    var root: JournalDigest {
        guard let last = subtrees.last else { return JournalDigest(of: []) }
        return subtrees.dropLast().reversed().reduce(last) { Self.parent($1, $0) }
    }

    static func leaf(_ digest: JournalDigest) -> JournalDigest { JournalDigest(of: [0] + digest.bytes) }

    static func parent(_ left: JournalDigest, _ right: JournalDigest) -> JournalDigest {
        JournalDigest(of: [1] + left.bytes + right.bytes)
    }
}
