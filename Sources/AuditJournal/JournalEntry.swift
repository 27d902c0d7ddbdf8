/// A record as it stands in the journal, with everything that the journal added.
public struct JournalEntry: Sendable, Equatable {
    /// Position in the journal, counted from 0 without gaps.
    public let seq: UInt64
    public let time: JournalTime
    public let host: String
    /// The version of the program that wrote it.
    public let version: String
    /// The id of the journal, 32 hexadecimal digits made when it began.
    public let log: String
    /// The kernel's id of the boot in which it was written.
    public let boot: String
    /// Nanoseconds since that boot.
    public let monotonic: UInt64
    /// SHA-256 of the line before, without its newline; 64 zeros in the first record.
    public let previous: String
    public let record: JournalRecord
    /// The id of the key that signed it; `nil` in a journal of a version that did not sign.
    public var key: String? { fields["key"]?.string }
    /// Every member of the line, also those that this version does not know.
    public let fields: [String: JournalValue]
    /// Name of the file, without its directory.
    public let file: String
    /// Line in that file, counted from 1.
    public let line: Int
}

extension JournalEntry {
    /// The version of the format, in every line as `v`.
    static let formatVersion: Int64 = 1

    /// Reads a line; says which member is missing or has another shape.
    init(line bytes: some Collection<UInt8>, file: String, line: Int) throws(JournalError) {
        let value = try JournalValue(canonical: bytes)
        guard let fields = value.object else { throw Self.malformed("it is no object") }
        guard fields["v"]?.integer == Self.formatVersion else { throw Self.malformed("v is not 1") }
        guard let number = fields["seq"]?.integer, let seq = UInt64(exactly: number) else {
            throw Self.malformed("seq is no count")
        }
        guard let stamp = fields["ts"]?.string, let time = JournalTime(stamp), "\(time)" == stamp else {
            throw Self.malformed("ts is no time in UTC with milliseconds")
        }
        guard let ticks = fields["mono"]?.string, let monotonic = UInt64(ticks), "\(monotonic)" == ticks
        else { throw Self.malformed("mono is no count of nanoseconds") }
        guard let record = JournalRecord(fields: fields) else { throw Self.malformed("kind is missing") }
        self.seq = seq
        self.time = time
        self.monotonic = monotonic
        self.record = record
        host = try Self.text("host", in: fields)
        version = try Self.text("ver", in: fields)
        log = try Self.text("log", in: fields)
        boot = try Self.text("boot", in: fields)
        previous = try Self.text("prev", in: fields)
        self.fields = fields
        self.file = file
        self.line = line
    }

    private static func text(
        _ key: String, in fields: [String: JournalValue]
    ) throws(JournalError) -> String {
        guard let text = fields[key]?.string else { throw malformed("\(key) is missing") }
        return text
    }

    private static func malformed(_ reason: String) -> JournalError {
        JournalError(.badBytes, "read a journal record", reason)
    }
}
