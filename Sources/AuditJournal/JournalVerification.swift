/// Checks that a journal is what its writer wrote.
///
/// From the files alone, records cut off the end cannot be missed; so the head file beside them is used, and what
/// the caller kept elsewhere. Signatures show every change by somebody without the keys. Whoever has the key of
/// the current epoch can write that epoch anew: a head or a checkpoint that was kept elsewhere shows it.
public enum JournalVerification {
    /// More findings than this are only counted, so that a ruined file does not fill the memory.
    public static let mostFindings = 1000

    /// How much is looked at.
    public enum Depth: Sendable {
        /// Every line is read and its signature checked.
        case full
        /// The chain from the first byte to the last, but only the signatures to which it leads: those of the last
        /// record, of checkpoints and of records that introduce keys. An alteration is found all the same, since
        /// the chain cannot be made anew without one of them; clocks and unfinished steps are not looked at.
        case fast
    }

    /// Verifies the journal in `directory`, and never throws: what cannot be read is a verdict.
    ///
    /// A directory without journal files is altered if a head says that there were records, and otherwise
    /// unknown: an empty directory proves nothing.
    public static func verify(
        directory path: String, trusting trust: JournalTrust = JournalTrust(), depth: Depth = .full
    ) -> JournalReport {
        let report = check(JournalDirectory(path: path), trust, depth)
        // Only the whole check names the first fault and its class.
        guard depth == .fast, report.verdict == .altered else { return report }
        let whole = check(JournalDirectory(path: path), trust, .full)
        return whole.verdict == .altered ? whole : report
    }

    private static func check(
        _ directory: JournalDirectory, _ trust: JournalTrust, _ depth: Depth
    ) -> JournalReport {
        var check = JournalCheck(trust, depth)
        do throws(JournalError) {
            // Before the files: a writer at work moves the head only forward.
            let head = try JournalHeadFile.read(in: directory)
            if case .head(let head) = head { check.expect(head) }
            let names = try directory.files()
            for name in names {
                try verify(name, in: directory, isLast: name == names.last, with: &check)
            }
            check.noteEnd(headFile: head, isExpecting: trust.head != nil)
            return check.report(unreadable: nil)
        } catch {
            return check.report(unreadable: error)
        }
    }

    private static func verify(
        _ name: JournalDirectory.FileName, in directory: JournalDirectory, isLast: Bool,
        with check: inout JournalCheck
    ) throws(JournalError) {
        var lines = try JournalLines(of: name, in: directory)
        check.begin(name)
        while let line = try lines.next() {
            if line.isTerminated || !isLast {
                try check.take(line, in: lines.file)
            } else {
                check.noteTornTail()
            }
        }
        check.endFile()
    }
}
