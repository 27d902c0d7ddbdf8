import AuditJournal

extension Reconciler {
    /// Records once in `interval` that the daemon lives, so that quiet hours show that they were quiet, and makes the
    /// checkpoint that is due.
    func tendJournal(every interval: Duration) {
        do throws(JournalError) {
            guard lastHeartbeat.duration(to: clock.now) >= interval else {
                return try writer().makeDueCheckpoint()
            }
            // Also when it fails: the next one is due as long after this one.
            lastHeartbeat = clock.now
            _ = try writer().append([JournalRecord(.heartbeat)], sync: true)
        } catch {
            report(.note("\(error)"))
        }
    }
}
