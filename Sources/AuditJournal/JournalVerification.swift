/// Checks that a journal is what its writer wrote.
///
/// From the files alone, records cut off the end cannot be missed; so the head file beside them is used,
/// and a head that the caller kept elsewhere. Without signatures, somebody who rewrites the files and the
/// head file together is found out only by a head that was kept elsewhere.
public enum JournalVerification {
    /// More findings than this are only counted, so that a ruined file does not fill the memory.
    public static let mostFindings = 1000

    /// Verifies the journal in `directory`, and never throws: what cannot be read is a verdict.
    ///
    /// A directory without journal files is altered if a head says that there were records, and otherwise
    /// unknown: an empty directory proves nothing. `expected` is a head that the caller trusts.
    public static func verify(directory path: String, expecting expected: JournalHead? = nil) -> JournalReport
    {
        let directory = JournalDirectory(path: path)
        var check = JournalCheck()
        if let expected { check.expect(expected) }
        do throws(JournalError) {
            // Before the files: a writer at work moves the head only forward.
            let head = try JournalHeadFile.read(in: directory)
            if case .head(let head) = head { check.expect(head) }
            let names = try directory.files()
            for name in names {
                try verify(name, in: directory, isLast: name == names.last, with: &check)
            }
            check.noteEnd(headFile: head, isExpecting: expected != nil)
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
