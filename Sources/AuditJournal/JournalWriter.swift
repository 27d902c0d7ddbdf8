internal import Glibc

/// Appends records to the journal in a directory, and makes them durable.
///
/// One writer at a time: the caller holds a lock on the directory. After any error in writing or
/// synchronising, every later append throws the same error until the journal is opened anew, because what
/// is on the disk is not known any more.
public final class JournalWriter {
    private let directory: JournalDirectory
    private let options: Options
    private var chain: JournalChain
    private var file: JournalFile
    private var size: Int
    private let headFile: JournalHeadFile
    private var durableSeq: UInt64
    private var failure: JournalError?

    /// What only tests and unusual hosts change.
    public struct Options {
        /// A file with at least this many bytes is closed, and a new one begun.
        public var rotationSize = 16 << 20
        /// Gives the time for each record.
        public var clock: () -> JournalInstant = { .now }

        public init() {}
    }

    /// Opens the journal in `directory`, or begins one.
    ///
    /// The directory above it must exist. Bytes of a record that a crash cut short stay where they are and
    /// are named by a `recover` record. Reads only the end of the last file.
    public init(
        directory path: String, host: String, version: String, options: Options = Options()
    ) throws(JournalError) {
        directory = JournalDirectory(path: path)
        self.options = options
        try directory.create()
        let identity = JournalChain.Identity(
            host: host, version: version, boot: try Self.bootIdentifier())
        let opened = try JournalOpening(directory: directory, identity: identity, clock: options.clock)
        chain = opened.chain
        size = opened.size
        file = try JournalFile(directory.path(of: opened.name), flags: O_WRONLY | O_APPEND, as: .unwritable)
        durableSeq = opened.chain.nextSeq
        headFile = try JournalHeadFile(in: directory, ifMissing: opened.chain.head)
        try finish(opened)
    }

    /// The last record that was appended.
    public var head: JournalHead { chain.head }

    /// Appends the records with one write, and says which sequence numbers they got.
    ///
    /// With `sync` they are durable when the call returns, with everything appended before. Without it they
    /// are durable after the next call of `sync()` or the next append with `sync`. A record that is too
    /// long is refused before anything is written, and leaves the journal usable.
    @discardableResult
    public func append(_ records: [JournalRecord], sync: Bool) throws(JournalError) -> [UInt64] {
        if let failure { throw failure }
        return try stoppingOnFailure { () throws(JournalError) in
            if size >= options.rotationSize, !records.isEmpty { try rotate() }
            let first = chain.nextSeq
            try write(records)
            if sync { try synchronize() }
            return Array(first..<chain.nextSeq)
        }
    }

    /// Makes everything that was appended durable.
    public func sync() throws(JournalError) {
        if let failure { throw failure }
        try stoppingOnFailure { () throws(JournalError) in try synchronize() }
    }

    private func stoppingOnFailure<Result>(
        _ body: () throws(JournalError) -> Result
    ) throws(JournalError) -> Result {
        do {
            return try body()
        } catch {
            if error.code != .recordTooLong { failure = error }
            throw error
        }
    }

    private func write(_ records: [JournalRecord]) throws(JournalError) {
        var next = chain
        var bytes: [UInt8] = []
        for record in records { bytes += try next.line(for: record, at: options.clock()) }
        try file.append(bytes)
        chain = next
        size += bytes.count
    }

    private func synchronize() throws(JournalError) {
        guard durableSeq < chain.nextSeq else { return }
        try file.synchronize()
        try headFile.write(chain.head)
        durableSeq = chain.nextSeq
    }
}

extension JournalWriter {
    /// Writes what opening found out: torn bytes, records that are gone, a rotation that did not finish.
    private func finish(_ opened: JournalOpening) throws(JournalError) {
        if let torn = opened.recovery {
            // The newline makes the torn bytes a line of their own, in the same write as its explanation.
            var next = chain
            let line = try next.line(for: torn, at: options.clock())
            let bytes = [UInt8(ascii: "\n")] + line
            try file.append(bytes)
            chain = next
            size += bytes.count
        }
        if let lost = opened.lost { try write([lost]) }
        if opened.recovery == nil, opened.lost == nil, opened.endsWithRotation { try beginFile() }
        // Also when nothing was written: the records that the chain goes on from must be durable.
        try file.synchronize(.everything)
        try headFile.write(chain.head)
        durableSeq = chain.nextSeq
    }

    private func rotate() throws(JournalError) {
        let next = JournalDirectory.FileName(log: chain.log, firstSeq: chain.nextSeq + 1)
        var record = JournalRecord(.rotateEnd)
        record.details = ["next": .string("\(next)")]
        try write([record])
        try synchronize()
        try beginFile()
    }

    private func beginFile() throws(JournalError) {
        let name = JournalDirectory.FileName(log: chain.log, firstSeq: chain.nextSeq)
        var next = chain
        let line = try next.line(for: JournalRecord(.rotateBegin), at: options.clock())
        try directory.createFile("\(name)", holding: line)
        let begun = try JournalFile(directory.path(of: name), flags: O_WRONLY | O_APPEND, as: .unwritable)
        try file.setMode(0o440)
        file = begun
        chain = next
        size = line.count
        durableSeq = chain.nextSeq
        try headFile.write(chain.head)
    }

    private static func bootIdentifier() throws(JournalError) -> String {
        let path = "/proc/sys/kernel/random/boot_id"
        let bytes = try JournalFile(path, flags: O_RDONLY, as: .unreadable).bytes(at: 0, count: 64)
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
