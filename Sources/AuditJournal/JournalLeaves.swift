internal import Glibc

/// The last checkpoint in a journal's files, and the tree over all records, made from it and what follows.
///
/// Reads backwards and parses nothing but the checkpoint: each line names the digest of the record before it, so
/// opening a journal costs no more than reading the lines since then.
struct JournalLeaves {
    let tree: MerkleFrontier
    /// How many records the checkpoint covers, and when it was made; 0 and `nil` when there is none yet.
    let checkpointed: UInt64
    let checkpointTime: JournalTime?

    /// `nil` when the lines do not lead back to a checkpoint or to the first record: somebody has altered them.
    init?(
        upTo tail: JournalTail, files names: [JournalDirectory.FileName], in directory: JournalDirectory
    ) throws(JournalError) {
        var walk = Walk(digest: tail.digest, seq: tail.last.seq)
        for name in names.reversed() {
            let file = try JournalFile(directory.path(of: name), flags: O_RDONLY, as: .unreadable)
            let end = name == names.last ? tail.torn?.lowerBound ?? tail.size : try file.size
            try walk.take(file, end: end)
            if walk.isDone { break }
        }
        guard walk.isDone, var tree = walk.start else { return nil }
        for leaf in walk.digests.reversed() { tree.append(leaf) }
        guard tree.size == tail.last.seq + 1 else { return nil }
        self.tree = tree
        checkpointed = walk.start?.size ?? 0
        checkpointTime = walk.checkpointTime
    }

    /// Collects digests from the last record on backwards.
    private struct Walk {
        /// Digest of the record that is looked for next, and its number.
        private var digest: JournalDigest
        private var seq: UInt64
        private(set) var digests: [JournalDigest] = []
        private(set) var start: MerkleFrontier?
        private(set) var checkpointTime: JournalTime?
        private(set) var isDone = false

        private static let window = 1 << 20

        init(digest: JournalDigest, seq: UInt64) {
            self.digest = digest
            self.seq = seq
        }

        mutating func take(_ file: borrowing JournalFile, end: Int) throws(JournalError) {
            var end = end
            var window = Self.window
            while end > 0, !isDone {
                let start = max(0, end - window)
                let bytes = try file.bytes(at: start, count: end - start)
                let consumed = take(bytes, isWhole: start == 0)
                // A line is longer than the window.
                if consumed == 0 { window *= 4 }
                end -= consumed
                if start == 0 { return }
            }
        }

        /// Looks at the whole lines in `bytes`, the last one first; says how many bytes they were.
        private mutating func take(_ bytes: [UInt8], isWhole: Bool) -> Int {
            var end = bytes.count
            while end > 0, !isDone {
                let newline = bytes.withUnsafeBytes { all in
                    UnsafeRawBufferPointer(rebasing: all[..<(end - 1)]).lastPlace(of: [UInt8(ascii: "\n")])
                }
                guard newline != nil || isWhole else { break }
                let start = newline.map { $0 + 1 } ?? 0
                take(line: Array(bytes[start..<(end - 1)]))
                end = start
            }
            return bytes.count - end
        }

        private mutating func take(line: [UInt8]) {
            // Bytes that a crash cut short stand between the records.
            guard let position = JournalLinePosition(line), position.seq == seq else { return }
            if position.kind == "checkpoint" {
                // What is no record is not one to begin from; then the one before it may be.
                let entry = try? JournalEntry(line: line, file: "", line: 0)
                if let entry, let tree = MerkleFrontier(checkpoint: entry), tree.size == seq {
                    digests.append(digest)
                    start = tree
                    checkpointTime = entry.time
                    isDone = true
                    return
                }
            }
            digests.append(digest)
            guard seq > 0 else {
                start = MerkleFrontier()
                isDone = true
                return
            }
            digest = position.previous
            seq -= 1
        }
    }
}

extension MerkleFrontier {
    /// The tree that a `checkpoint` record describes.
    init?(checkpoint entry: JournalEntry) {
        let details = entry.record.details
        guard let number = details["size"]?.integer, let size = UInt64(exactly: number),
            let texts = details["frontier"]?.array?.compactMap(\.string)
        else { return nil }
        self.init(size: size, subtrees: texts.compactMap { JournalDigest(hex: $0) })
    }

    /// The particulars of a `checkpoint` record.
    func details(_ checkpoint: JournalCheckpoint) -> [String: JournalValue] {
        [
            "size": .int(Int64(size)), "root": .string(root.hex),
            "frontier": .array(subtrees.map { .string($0.hex) }), "note": .string(checkpoint.note),
        ]
    }
}
