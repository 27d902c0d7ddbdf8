/// Something that verification noticed.
public struct JournalFinding: Sendable, Equatable {
    /// What it is; the raw value is stable.
    public enum Class: String, Sendable, CaseIterable {
        /// A line that is no record at all.
        case badBytes = "bad-bytes"
        /// A line that says what a record says, in another way than the journal writes it.
        case notCanonical = "not-canonical"
        case gap
        case reordered
        case duplicate
        /// The signature is missing or does not fit: the line was changed.
        case badSignature = "bad-signature"
        /// The line is signed by a key that no signed record before it introduces.
        case unknownKey = "unknown-key"
        /// A line follows another one than it was written after, or a head or checkpoint names another one.
        case chainBreak = "chain-break"
        case missingFile = "missing-file"
        /// Records at the end are gone.
        case truncated
        case clockBackwards = "clock-backwards"
        case unfinishedStep = "unfinished-step"
        /// The journal itself says that it could not record for a while.
        case declaredGap = "declared-gap"
        /// The last line has no newline: it is being written, or a crash cut it short.
        case tornTail = "torn-tail"
        /// Without the head nobody can tell whether the end is complete.
        case noHead = "no-head"
        /// Torn bytes that a `recover` record names rightly.
        case recovered
    }

    public enum Severity: Sendable, Equatable {
        /// The journal is not what was written.
        case alteration
        case warning
        case note
    }

    public internal(set) var kind: Class
    /// Name of the file, without its directory.
    public let file: String
    /// Line in the file, counted from 1, if the finding belongs to one.
    public let line: Int?
    /// Sequence number that the line has, if it has one.
    public let seq: UInt64?
    public internal(set) var explanation: String

    public var severity: Severity {
        switch kind {
        case .badBytes, .notCanonical, .gap, .reordered, .duplicate, .badSignature, .unknownKey, .chainBreak,
            .missingFile, .truncated:
            .alteration
        case .clockBackwards, .unfinishedStep, .declaredGap, .tornTail, .noHead: .warning
        case .recovered: .note
        }
    }
}

extension JournalFinding: CustomStringConvertible {
    /// `file:line (seq N): class: explanation`.
    public var description: String {
        let place = file + (line.map { ":\($0)" } ?? "") + (seq.map { " (seq \($0))" } ?? "")
        return "\(place): \(kind.rawValue): \(explanation)"
    }
}
