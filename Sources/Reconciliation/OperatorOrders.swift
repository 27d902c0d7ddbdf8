import AuditJournal
public import DesiredState
import Planning

/// What people on this host have asked for and what holds until they take it back: files below `operator/`.
///
/// Each is a file of its own, replaced atomically, because a person's command runs beside the watcher, which owns
/// `parties.json`. They are the only record of what is in force; the journal says who asked for it.
public struct OperatorOrders: Sendable, Equatable {
    /// At most one for the host and one for each party.
    public var suspensions: [Suspension] = []
    /// At most one for the host and one for each party.
    public var pins: [Pin] = []
    /// Tips of rewritten branches that may be followed.
    var acceptedTips: Set<String> = []

    /// No change is made to a party, or to all of this host.
    public struct Suspension: Codable, Sendable, Equatable {
        /// `nil` for all parties of this host.
        public var party: String?
        public var reason: String
        public var by: Requester
        /// Seconds since 1970.
        public var time: Int64
        /// It ends then, in seconds since 1970; `nil` when only `resume` ends it.
        public var until: Int64?
    }

    /// A party, or all of this host, stays at one revision, whatever is pushed.
    public struct Pin: Codable, Sendable, Equatable {
        /// `nil` for all parties of this host.
        public var party: String?
        public var revision: Revision
        /// Whether it stands for an earlier revision that was gone back to.
        public var isRollback: Bool
        public var reason: String?
        public var by: Requester
        /// Seconds since 1970.
        public var time: Int64
    }

    /// Leave to follow a rewritten branch to exactly this tip.
    struct HistoryAcceptance: Codable, Sendable, Equatable {
        var tip: String
        var by: Requester
        /// Seconds since 1970.
        var time: Int64
    }

    /// What suspends a party, or the host for `nil`, at this time in seconds since 1970.
    public func suspension(of party: String?, at now: Int64) -> Suspension? {
        suspensions.first { $0.party == party && !$0.isOver(at: now) }
    }

    /// What pins a party, or the host for `nil`.
    public func pin(of party: String?) -> Pin? { pins.first { $0.party == party } }

    /// When the next suspension ends, in seconds since 1970.
    var nextEnd: Int64? { suspensions.compactMap(\.until).min() }
}

extension OperatorOrders.Suspension {
    func isOver(at now: Int64) -> Bool { until.map { $0 <= now } ?? false }

    /// The order in one line, with what ends it.
    public var text: String {
        let what = party.map { "party \($0)" } ?? "the host"
        let end = until.map { " until \(moment($0))" } ?? ""
        return "\(what) is suspended by \(by.name) since \(moment(time))\(end): \(reason); "
            + "`fatesync resume\(party.map { " " + $0 } ?? "")` ends it"
    }
}

extension OperatorOrders.Pin {
    /// The order in one line, with what ends it.
    public var text: String {
        let what = party.map { "party \($0)" } ?? "the host"
        let how = isRollback ? "rolled back to" : "pinned to"
        return "\(what) is \(how) \(revision.short) by \(by.name) since \(moment(time))"
            + (reason.map { ": \($0)" } ?? "") + "; `fatesync unpin\(party.map { " " + $0 } ?? "")` ends it"
    }
}

/// A time in seconds since 1970 as UTC, to the second.
func moment(_ seconds: Int64) -> String {
    "\(JournalTime(milliseconds: seconds * 1000))".prefix(19) + "Z"
}

extension OperatorOrders {
    /// Reads what is in force; a missing directory means nothing.
    ///
    /// - Throws: `HostFileError`, also for a damaged file: what cannot be read may forbid a change.
    public static func read(from directory: StateDirectory) throws(HostFileError) -> OperatorOrders {
        var orders = OperatorOrders()
        let folder = directory.operatorOrders
        guard case .directory? = try HostFiles.read(folder) else { return orders }
        for name in try HostFiles.names(in: folder) where name.hasSuffix(".json") {
            let path = folder + "/" + name
            if name.hasPrefix("suspension") {
                if let order = try JSONFile.read(Suspension.self, path) { orders.suspensions.append(order) }
            } else if name.hasPrefix("pin") {
                if let order = try JSONFile.read(Pin.self, path) { orders.pins.append(order) }
            } else if let order = try JSONFile.read(HistoryAcceptance.self, path) {
                orders.acceptedTips.insert(order.tip)
            }
        }
        return orders
    }
}

extension StateDirectory {
    /// What people have asked for; the watcher wakes when something in it changes.
    var operatorOrders: String { path + "/operator" }
    /// What people have asked for and the journal does not have yet.
    var unrecordedActs: String { operatorOrders + "/unrecorded" }

    func suspension(of party: String?) -> String { order("suspension", party) }

    func pin(of party: String?) -> String { order("pin", party) }

    func acceptance(of tip: String) -> String { order("history", tip) }

    private func order(_ name: String, _ of: String?) -> String {
        operatorOrders + "/" + name + (of.map { "-" + $0 } ?? "") + ".json"
    }

    /// Makes the directories that people's commands write into, so that they can be watched.
    func prepareOperatorOrders() throws(HostFileError) {
        try HostFiles.makeDirectories(unrecordedActs, mode: 0o750)
        try HostFiles.makeDirectories(confirmations, mode: 0o750)
    }
}
