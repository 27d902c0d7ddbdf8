import AuditJournal
public import DesiredState
import GitSource

/// What the control socket needs of a pass.
extension Reconciler {
    /// Records who asked for the pass that begins; clients of one user that want the same count once.
    ///
    /// A journal that cannot be written stops every change of the pass by itself, so here it is only said.
    func record(_ calls: [ControlCall]) {
        var seen: Set<String> = []
        let records = calls.compactMap { call -> JournalRecord? in
            let revision = call.command.revision
            guard seen.insert("\(call.peer.uid) \(call.command.name) \(revision ?? "")").inserted else {
                return nil
            }
            var record = JournalRecord(.manual)
            record.cause = JournalCause(
                call.command.trigger.journalWord, uid: call.peer.uid, pid: call.peer.process)
            record.action = call.command.name
            record.details = ["user": .string(call.peer.user)]
            record.details["revision"] = revision.map { JournalValue.string($0) }
            return record
        }
        guard !records.isEmpty else { return }
        do throws(JournalError) {
            _ = try writer().append(records, sync: true)
        } catch {
            report(.note("\(error)"))
        }
    }

    /// Whether the commit of a pass is one of these commits or descends from it, by commit as it was given.
    ///
    /// - Parameter commits: 7 to 40 hexadecimal digits each. One that is not here, or that is not the only one
    ///   to begin so, is not contained.
    public func contained(_ commits: Set<String>, in revision: Revision?) -> [String: Bool] {
        guard !commits.isEmpty, let revision else { return [:] }
        do throws(GitError) {
            let repository = try configuration.openRepository()
            var result: [String: Bool] = [:]
            for commit in commits { result[commit] = try repository.contains(commit, in: revision.commit) }
            return result
        } catch {
            report(.note("\(error)"))
            return [:]
        }
    }
}
