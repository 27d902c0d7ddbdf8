/// What verification of a journal came to.
public struct JournalReport: Sendable, Equatable {
    public enum Verdict: Sendable, Equatable {
        /// Everything that was written is there, unchanged.
        case intact
        case altered
        /// There is nothing to judge, or it cannot be read.
        case unknown(reason: String)
    }

    public internal(set) var verdict: Verdict = .intact
    public internal(set) var records = 0
    public internal(set) var files = 0
    public internal(set) var firstTime: JournalTime?
    public internal(set) var lastTime: JournalTime?
    /// The last record, as it is in the files.
    public internal(set) var head: JournalHead?
    /// How many keys have signed; 0 when nothing is signed.
    public internal(set) var epochs = 0
    /// The first key, as the journal itself names it.
    public internal(set) var firstKey: JournalPublicKey?
    /// Whether the caller knew the first key from elsewhere.
    public internal(set) var isKeyPinned = false
    /// The largest of the caller's checkpoints that the records agree with.
    public internal(set) var anchor: JournalCheckpoint?
    /// How many records lie after it: only their signatures vouch for those.
    public var recordsAfterAnchor: UInt64? {
        anchor.flatMap { anchor in head.map { $0.seq + 1 - anchor.size } }
    }
    /// In the order of the files; at most `JournalVerification.mostFindings`.
    public internal(set) var findings: [JournalFinding] = []
    /// How many more findings there were.
    public internal(set) var omittedFindings = 0

    public var isIntact: Bool { verdict == .intact }
}
