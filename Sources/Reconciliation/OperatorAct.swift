import AuditJournal
import DesiredState
import GitSource
import Glibc
import Planning

/// One thing that a person asked for, until it stands in the journal.
///
/// Only who holds the lock of the state directory writes the journal, and that is mostly the watcher. So a command
/// leaves its entry as a file, before the order itself: what is in force was asked for by somebody known.
struct OperatorAct: Codable, Sendable, Equatable {
    /// `suspend`, `resume`, `pin`, `unpin`, `rollback` or `accept-history`.
    var action: String
    var party: String?
    var reason: String?
    /// Seconds since 1970.
    var until: Int64?
    var revision: Revision?
    var by: Requester
    /// Seconds since 1970.
    var time: Int64

    init(_ action: String, party: String? = nil, reason: String? = nil, revision: Revision? = nil) {
        self.action = action
        self.party = party
        self.reason = reason
        self.revision = revision
        by = .current()
        time = Int64(Glibc.time(nil))
    }

    /// Every act that is not in the journal yet, oldest first, with its file.
    static func unrecorded(
        in directory: StateDirectory
    ) throws(HostFileError) -> [(path: String, act: OperatorAct)] {
        let folder = directory.unrecordedActs
        guard case .directory? = try HostFiles.read(folder) else { return [] }
        var acts: [(path: String, act: OperatorAct)] = []
        for name in try HostFiles.names(in: folder) where name.hasSuffix(".json") {
            let path = folder + "/" + name
            if let act = try JSONFile.read(OperatorAct.self, path) { acts.append((path, act)) }
        }
        return acts
    }

    /// Leaves the act for whoever writes the journal.
    func leave(in directory: StateDirectory) throws(HostFileError) {
        try HostFiles.makeDirectories(directory.unrecordedActs, mode: 0o750)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let digits = String(now.tv_nsec)
        let order = "\(now.tv_sec)." + String(repeating: "0", count: 9 - digits.count) + digits
        let name = "\(order)-\(by.pid)\(party.map { "-" + $0 } ?? "").json"
        try JSONFile.write(self, to: directory.unrecordedActs + "/" + name)
    }

    /// The entry as the journal has it.
    func record(_ configuration: WatcherConfiguration) -> JournalRecord {
        var record = JournalRecord(.manual)
        record.cause = JournalCause("manual", uid: by.uid, pid: by.pid)
        record.party = party
        record.action = action
        record.details = ["user": .string(by.user), "asked": .int(time)]
        if let login = by.login { record.details["login"] = .string(login) }
        if let reason { record.details["why"] = .string(reason) }
        if let until { record.details["until"] = .int(until) }
        if let revision {
            record.source = RevisionSource(
                remote: configuration.repository.description, ref: "refs/heads/\(revision.branch)",
                commit: revision.commit, author: revision.author, subject: revision.subject)
        }
        return record
    }
}
