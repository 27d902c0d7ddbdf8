import AuditJournal
import Glibc

extension Doctor {
    func clock(engine: Int64?, newestCommit: Int64?) -> DoctorCheck {
        let journal = JournalReader(directory: configuration.stateDirectory.journal)
        var filter = JournalFilter()
        filter.last = 1
        // A journal that cannot be read is `fatesync audit verify`'s to explain.
        let last = try? journal.query(filter).first?.time.milliseconds
        return ClockCheck(
            now: Int64(time(nil)), engine: engine, newestCommit: newestCommit,
            lastRecord: last.map { $0 / 1000 }
        ).result
    }
}

/// This host's clock beside others; all times in seconds since 1970.
///
/// Time cannot run backwards, so a clock that is behind the newest commit or the journal's last record is wrong, or
/// the one that wrote them was. An engine on this host has the same clock; one elsewhere tells its own.
struct ClockCheck {
    var now: Int64
    var engine: Int64?
    var newestCommit: Int64?
    var lastRecord: Int64?

    /// What an answer may take, and a clock that is kept by NTP may be off.
    static let tolerance: Int64 = 10

    var result: DoctorCheck {
        let mend = "timedatectl set-ntp true   # then look at: timedatectl timesync-status"
        let witnesses: [(name: String, time: Int64?)] = [
            ("the newest commit", newestCommit), ("the journal's last record", lastRecord),
        ]
        for (name, time) in witnesses {
            guard let time, now < time - Self.tolerance else { continue }
            return DoctorCheck(
                .clock, .failed,
                "the clock says \(moment(now)), and \(name) is of \(moment(time)): the clock is "
                    + "\(Self.span(time - now)) behind, or the other one was ahead", mend: mend)
        }
        if let engine, abs(now - engine) > Self.tolerance {
            return DoctorCheck(
                .clock, .failed,
                "the clock says \(moment(now)) and the engine's \(moment(engine)): they are "
                    + "\(Self.span(abs(now - engine))) apart", mend: mend)
        }
        let known = witnesses.filter { $0.time != nil }.map(\.name) + (engine == nil ? [] : ["the engine"])
        guard !known.isEmpty else {
            return DoctorCheck(.clock, .skipped, "there is nothing to compare it with yet")
        }
        return DoctorCheck(.clock, .ok, "agrees with \(known.joined(separator: ", "))")
    }

    private static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) minutes"
        case ..<172_800: "\(seconds / 3600) hours"
        default: "\(seconds / 86400) days"
        }
    }
}
