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
    /// The error after which nothing is recorded any more.
    public private(set) var failure: JournalError?
    /// The same, if the journal does not say so itself: whoever opens it anew hands it on.
    public private(set) var unrecordedFailure: JournalError?
    /// How many records the last checkpoint covers, and since when there has been none.
    private var checkpointed: UInt64
    private var checkpointTime: JournalTime
    private var unannounced: [JournalCheckpoint] = []

    /// What only tests and unusual hosts change.
    public struct Options {
        /// A file with at least this many bytes is closed, and a new one begun.
        public var rotationSize = 16 << 20
        /// A key signs at most so many records, four or more.
        public var epochRecords = 1024
        /// A key signs no longer than so many milliseconds.
        public var epochMilliseconds: Int64 = 24 * 3600 * 1000
        /// So many records after the last checkpoint there is another one.
        public var checkpointRecords = 1024
        /// So many milliseconds after the last checkpoint the next record is preceded by another one.
        public var checkpointMilliseconds: Int64 = 15 * 60 * 1000
        /// So many bytes are set aside for the record which says that the disk is full; 0 for none.
        public var reserve = 1 << 20
        /// Why nothing could be recorded for a while, if that has still to be recorded.
        public var interruption: JournalError?
        /// Gives the time for each record.
        public var clock: () -> JournalInstant = { .now }
        /// Takes each checkpoint when it is durable, to bring it to where nobody on this host can alter it.
        public var onCheckpoint: (JournalCheckpoint) -> Void = { _ in }

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
        if options.reserve > 0 { try JournalReserve(directory: directory).hold(bytes: options.reserve) }
        let identity = JournalChain.Identity(
            host: host, version: version, boot: try Self.bootIdentifier())
        let opened = try JournalOpening(directory: directory, identity: identity, clock: options.clock)
        chain = opened.chain
        size = opened.size
        file = try JournalFile(directory.path(of: opened.name), flags: O_WRONLY | O_APPEND, as: .unwritable)
        durableSeq = opened.chain.nextSeq
        checkpointed = opened.checkpointed
        checkpointTime = opened.checkpointTime
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
            let dated = records.map { ($0, options.clock()) }
            if records.count > epochRoom { try refuseTooLong(dated) }
            var seqs: [UInt64] = []
            var rest = dated[...]
            while let now = rest.first?.1 {
                try makeRoom(at: now)
                let part = rest.prefix(epochRoom)
                seqs += chain.nextSeq..<(chain.nextSeq + UInt64(part.count))
                try write(part)
                rest = rest.dropFirst(part.count)
            }
            if sync { try synchronize() }
            return seqs
        }
    }

    /// Makes everything that was appended durable.
    public func sync() throws(JournalError) {
        if let failure { throw failure }
        try stoppingOnFailure { () throws(JournalError) in try synchronize() }
    }

    /// Makes a checkpoint if something was recorded and the last one is too old, also without a new record.
    public func makeDueCheckpoint() throws(JournalError) {
        if let failure { throw failure }
        let now = options.clock()
        guard isCheckpointDue(at: now.time) else { return }
        try stoppingOnFailure { () throws(JournalError) in
            try writeCheckpoint(at: now)
            try synchronize()
        }
    }

    private func stoppingOnFailure<Result>(
        _ body: () throws(JournalError) -> Result
    ) throws(JournalError) -> Result {
        do {
            return try body()
        } catch {
            if error.code != .recordTooLong {
                failure = error
                recordFailure(error)
            }
            throw error
        }
    }

    /// Says in the journal that it cannot be written, if that can be written.
    private func recordFailure(_ error: JournalError) {
        unrecordedFailure = error
        // Whoever sets nothing aside is the one below.
        guard options.reserve > 0 else { return }
        if error.isDiskFull { JournalReserve(directory: directory).release() }
        var last = options
        last.reserve = 0
        last.interruption = error
        // What is on the disk is read anew; if that fails too, there is nothing left to try.
        let writer = try? JournalWriter(
            directory: directory.path, host: chain.host, version: chain.version, options: last)
        if writer != nil { unrecordedFailure = nil }
    }

    private func write(_ records: some Sequence<(JournalRecord, JournalInstant)>) throws(JournalError) {
        var next = chain
        var bytes: [UInt8] = []
        for (record, instant) in records { bytes += try next.line(for: record, at: instant) }
        try file.append(bytes)
        chain = next
        size += bytes.count
    }

    private func synchronize() throws(JournalError) {
        if durableSeq < chain.nextSeq {
            try file.synchronize()
            try headFile.write(chain.head)
            durableSeq = chain.nextSeq
        }
        announce()
    }

    private func announce() {
        let durable = unannounced
        unannounced = []
        for checkpoint in durable { options.onCheckpoint(checkpoint) }
    }
}

extension JournalWriter {
    /// How many more records of the caller the key may sign.
    private var epochRoom: Int {
        // A recovery, a checkpoint, the change of files and the end of the epoch may come on top.
        let setAside = max(1, min(6, options.epochRecords / 2))
        return max(0, options.epochRecords - setAside - Int(clamping: chain.nextSeq - chain.key.since))
    }

    /// Refuses records that are too long while nothing is written; only for those that do not go out together.
    private func refuseTooLong(_ records: [(JournalRecord, JournalInstant)]) throws(JournalError) {
        var trial = chain
        for (record, instant) in records { _ = try trial.line(for: record, at: instant) }
    }

    /// Begins a new file, makes a checkpoint or goes on to the next key, if it is time for it.
    private func makeRoom(at now: JournalInstant) throws(JournalError) {
        if size >= options.rotationSize { try rotate(at: now) }
        if isCheckpointDue(at: now.time) { try writeCheckpoint(at: now) }
        let age = abs(now.time.milliseconds - chain.key.begun.milliseconds)
        if epochRoom == 0 || age >= options.epochMilliseconds { try changeKey(at: now) }
    }

    private func isCheckpointDue(at now: JournalTime) -> Bool {
        // The checkpoint itself is no activity.
        let since = chain.nextSeq - checkpointed
        guard since > (checkpointed == 0 ? 0 : 1) else { return false }
        return since >= UInt64(options.checkpointRecords)
            || abs(now.milliseconds - checkpointTime.milliseconds) >= options.checkpointMilliseconds
    }

    private func writeCheckpoint(at now: JournalInstant) throws(JournalError) {
        guard let tree = chain.tree else { return }
        let checkpoint = try JournalCheckpoint(tree, origin: chain.origin, key: chain.key)
        var record = JournalRecord(.checkpoint)
        record.details = tree.details(checkpoint)
        try write([(record, now)])
        checkpointed = tree.size
        checkpointTime = now.time
        unannounced.append(checkpoint)
    }

    /// Ends the epoch: what the old key has signed can be signed by nobody any more.
    private func changeKey(at now: JournalInstant) throws(JournalError) {
        let files = JournalKeyFiles(directory: directory)
        let next = try files.prepareNext(since: chain.nextSeq + 1, at: now.time)
        try write([(JournalRecord(.keyNext, introducing: next.publicKey), now)])
        try synchronize()
        try files.replace()
        chain.key = next
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
        if let lost = opened.lost { try write([(lost, options.clock())]) }
        if let interruption = options.interruption {
            var gap = JournalRecord(.gap)
            gap.error = "\(interruption)"
            try write([(gap, options.clock())])
        }
        if opened.endsWithRotation, chain.nextSeq == opened.chain.nextSeq {
            try beginFile(at: options.clock())
        }
        // Also when nothing was written: the records that the chain goes on from must be durable.
        try file.synchronize(.everything)
        try headFile.write(chain.head)
        durableSeq = chain.nextSeq
        // However often a crash comes before the next record.
        if epochRoom == 0 { try changeKey(at: options.clock()) }
    }

    private func rotate(at now: JournalInstant) throws(JournalError) {
        // Whoever continues the next file need not look into this one.
        try writeCheckpoint(at: now)
        let next = JournalDirectory.FileName(log: chain.log, firstSeq: chain.nextSeq + 1)
        var record = JournalRecord(.rotateEnd)
        record.details = ["next": .string("\(next)")]
        try write([(record, now)])
        try synchronize()
        try beginFile(at: now)
    }

    private func beginFile(at now: JournalInstant) throws(JournalError) {
        let name = JournalDirectory.FileName(log: chain.log, firstSeq: chain.nextSeq)
        var next = chain
        let line = try next.line(for: JournalRecord(.rotateBegin), at: now)
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
