internal import Glibc

/// What is found when a journal is opened, and what has to be recorded about it.
struct JournalOpening {
    /// The file that is continued.
    let name: JournalDirectory.FileName
    let size: Int
    let chain: JournalChain
    /// How many records the last checkpoint covers, and since when there has been none.
    let checkpointed: UInt64
    let checkpointTime: JournalTime
    /// Set when the last file was closed, but no new one begun.
    let endsWithRotation: Bool
    /// Set when a crash left bytes after the last record.
    let recovery: JournalRecord?
    /// Set when the head file promises a record that is not there.
    let lost: JournalRecord?

    /// Reads the end of the journal in `directory`; begins one if there is none.
    init(
        directory: JournalDirectory, identity: JournalChain.Identity, clock: () -> JournalInstant
    ) throws(JournalError) {
        let names = try directory.files()
        let head = try JournalHeadFile.read(in: directory)
        guard let last = names.last else {
            let now = clock()
            let key = try JournalKeyFiles(directory: directory).begin(at: now.time)
            var begun = JournalChain(log: Self.makeIdentifier(), identity: identity, key: key)
            let line = try begun.line(for: JournalRecord(.logOpen, introducing: key.publicKey), at: now)
            let first = JournalDirectory.FileName(log: begun.log, firstSeq: 0)
            try directory.createFile("\(first)", holding: line)
            name = first
            size = line.count
            chain = begun
            checkpointed = 0
            checkpointTime = now.time
            endsWithRotation = false
            recovery = nil
            lost = Self.lossRecord(promised: head, present: begun.head)
            return
        }
        guard names.allSatisfy({ $0.log == last.log }) else {
            throw JournalError(
                .damaged, "continue the journal in \(directory.path)",
                "there are files of two journals; move those of one of them away")
        }
        let tail = try JournalTail(of: last, in: directory)
        name = last
        size = tail.size
        let leaves = try JournalLeaves(upTo: tail, files: names, in: directory)
        chain = JournalChain(
            log: tail.last.log, identity: identity, key: try Self.key(after: tail.last, in: directory),
            nextSeq: tail.last.seq + 1, previous: tail.digest, tree: leaves?.tree)
        checkpointed = leaves?.checkpointed ?? 0
        checkpointTime = leaves?.checkpointTime ?? tail.last.time
        endsWithRotation = tail.last.record.kind == .rotateEnd
        recovery = try tail.torn.map { (torn) throws(JournalError) in
            try Self.recoveryRecord(for: torn, in: last, of: directory)
        }
        lost = Self.lossRecord(promised: head, present: chain.head)
    }

    /// The key that signs the record after `last`.
    private static func key(
        after last: JournalEntry, in directory: JournalDirectory
    ) throws(JournalError) -> JournalSigningKey {
        let introduced = last.record.kind == .keyNext ? last.introducedKey?.id : last.key
        guard let id = introduced else {
            throw JournalError(
                .damaged, "continue the journal in \(directory.path)",
                "its records have no signatures, as an older version of fatesync wrote them; "
                    + "move the whole directory to another place to begin a new journal")
        }
        return try JournalKeyFiles(directory: directory).key(withID: id)
    }

    private static func recoveryRecord(
        for torn: Range<Int>, in name: JournalDirectory.FileName, of directory: JournalDirectory
    ) throws(JournalError) -> JournalRecord {
        let file = try JournalFile(directory.path(of: name), flags: O_RDONLY, as: .unreadable)
        var record = JournalRecord(.recover)
        record.details = [
            "file": .string("\(name)"),
            "offset": .int(Int64(torn.lowerBound)),
            "length": .int(Int64(torn.count)),
            "sha256": .string(try JournalDigest(of: torn, in: file).hex),
        ]
        return record
    }

    private static func lossRecord(
        promised: JournalHeadFile.Content, present: JournalHead
    ) -> JournalRecord? {
        guard case .head(let head) = promised else { return nil }
        let isThere =
            head.log == present.log
            && (head.seq < present.seq || (head.seq == present.seq && head.digest == present.digest))
        guard !isThere else { return nil }
        var record = JournalRecord(.gap)
        record.details = ["lost": .string("\(head)")]
        return record
    }

    /// 128 random bits in hexadecimal.
    private static func makeIdentifier() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(lowercaseHex: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}

extension JournalDigest {
    /// The digest of a part of a file.
    init(of range: Range<Int>, in file: borrowing JournalFile) throws(JournalError) {
        var hasher = JournalHasher()
        var offset = range.lowerBound
        while offset < range.upperBound {
            let bytes = try file.bytes(at: offset, count: min(1 << 16, range.upperBound - offset))
            if bytes.isEmpty { break }
            hasher.update(bytes)
            offset += bytes.count
        }
        self = hasher.digest
    }
}
