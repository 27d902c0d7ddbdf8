/// Where the next record goes, and how it becomes a line.
struct JournalChain {
    let log: String
    let host: String
    let version: String
    let boot: String
    private(set) var nextSeq: UInt64
    private(set) var previous: JournalDigest
    /// What signs the next record.
    var key: JournalSigningKey
    /// The tree over all records; `nil` when what is in the files does not give one.
    private(set) var tree: MerkleFrontier?

    /// The longest line that is written; readers may rely on it.
    static let longestLine = 1 << 20

    /// A chain without records.
    init(log: String, identity: Identity, key: JournalSigningKey) {
        self.init(
            log: log, identity: identity, key: key, nextSeq: 0, previous: .genesis, tree: MerkleFrontier())
    }

    /// A chain that goes on.
    init(
        log: String, identity: Identity, key: JournalSigningKey, nextSeq: UInt64, previous: JournalDigest,
        tree: MerkleFrontier?
    ) {
        self.log = log
        host = identity.host
        version = identity.version
        boot = identity.boot
        self.key = key
        self.nextSeq = nextSeq
        self.previous = previous
        self.tree = tree
    }

    /// Who writes.
    struct Identity {
        let host: String
        let version: String
        let boot: String
    }

    /// The last record that was made.
    var head: JournalHead { JournalHead(log: log, seq: nextSeq - 1, digest: previous.hex) }

    /// The name under which checkpoints are signed.
    var origin: String { JournalCheckpoint.origin(host: host, log: log) }

    /// Makes the next line, with its newline, and moves on.
    mutating func line(for record: JournalRecord, at instant: JournalInstant) throws(JournalError) -> [UInt8]
    {
        var fields = record.fields
        fields["v"] = .int(JournalEntry.formatVersion)
        fields["log"] = .string(log)
        fields["seq"] = .int(Int64(nextSeq))
        fields["prev"] = .string(previous.hex)
        fields["ts"] = .string("\(instant.time)")
        fields["boot"] = .string(boot)
        // After 104 days of uptime the nanoseconds are no exact integer in JSON.
        fields["mono"] = .string(String(instant.monotonic))
        fields["host"] = .string(host)
        fields["ver"] = .string(version)
        fields["key"] = .string(key.publicKey.id)
        fields["sig"] = .string(JournalSignature.placeholder)
        var bytes = JournalValue.object(fields).canonicalBytes
        guard bytes.count < Self.longestLine else {
            throw JournalError(
                .recordTooLong, "record \(record.kind.rawValue)",
                "the line would have \(bytes.count) bytes, more than \(Self.longestLine)")
        }
        try JournalSignature.sign(&bytes, with: key)
        previous = JournalDigest(of: bytes)
        tree?.append(previous)
        nextSeq += 1
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
