import Glibc
import Planning

/// A part of a plan that does not run before a person confirms it, its reason is mended, or jobs end.
public struct HeldPart: Sendable, Equatable, Codable {
    /// SHA-256 of the reasons and steps; `fatesync confirm` takes it or its beginning.
    public var plan: String
    /// `nil` when it is the plan as a whole.
    public var party: String?
    public var reasons: [String]
    /// One line per step.
    public var steps: [String]
    /// Set when no confirmation helps, because the engine or the host would refuse what is asked for.
    public var isRefused: Bool?
    /// Set when it waits for the end of a suspension.
    public var isSuspended: Bool?
    /// Set when it goes on at the latest then, in seconds since 1970: running jobs hold it.
    public var until: Int64?

    init(_ plan: Plan, party: String?, reasons: [String]) {
        var part = Plan()
        part.steps = plan.steps.filter { party == nil || $0.party == party }
        self.party = party
        self.reasons = reasons
        steps = part.description.split(separator: "\n").map(String.init)
        self.plan = PlanJournal.digest(of: Array((reasons + steps).joined(separator: "\n").utf8))
    }

    /// A part that cannot run.
    init(_ plan: Plan, party: String, refusals: [String]) {
        self.init(plan, party: party, reasons: refusals)
        isRefused = true
    }

    /// A part that would end jobs; its digest does not depend on which jobs run.
    init(_ plan: Plan, party: String, jobs hold: JobHold) {
        self.init(plan, party: party, reasons: ["it would end running jobs"])
        reasons = ["\(hold.reason ?? ""), until \(hold.end)"]
        until = hold.until
    }

    /// What holds it and what to do, in one line.
    public var text: String {
        if isSuspended == true { return reasons.joined(separator: "; ") }
        let what = party.map { "party \($0): " } ?? ""
        let advice =
            if isRefused == true {
                "nothing of the party is changed before that is mended"
            } else if until != nil {
                "what would end them waits; `fatesync confirm \(plan.prefix(12))` does not wait"
            } else {
                "look at `fatesync plan`, then run `fatesync confirm \(plan.prefix(12))` to let it pass once"
            }
        return what + reasons.joined(separator: "; ") + "; " + advice
    }
}

/// A person's word that one held part may run once: a file that is removed when it is used.
///
/// It is a file of its own because the person's command runs beside the watcher, which owns the others.
struct Confirmation: Codable {
    var plan: String
    var uid: UInt32
    /// `nil` in a file that an older fatesync wrote.
    var pid: Int32?
    var user: String
    var reason: String?
    /// Seconds since 1970.
    var time: Int64

    /// Every confirmation that was not used yet, by plan.
    static func all(in directory: StateDirectory) throws(HostFileError) -> [String: Confirmation] {
        let folder = directory.confirmations
        guard case .directory? = try HostFiles.read(folder) else { return [:] }
        var result: [String: Confirmation] = [:]
        for name in try HostFiles.names(in: folder) where name.hasSuffix(".json") {
            guard let confirmation = try JSONFile.read(Confirmation.self, folder + "/" + name) else {
                continue
            }
            result[confirmation.plan] = confirmation
        }
        return result
    }

    /// Uses the confirmation up.
    func remove(from directory: StateDirectory) { unlink(directory.confirmation(of: plan)) }
}

extension StateDirectory {
    var confirmations: String { path + "/confirmed" }

    func confirmation(of plan: String) -> String { confirmations + "/\(plan).json" }

    /// Lets a held part pass once, in the name of the user who runs this process.
    public func confirm(_ part: HeldPart, reason: String? = nil) throws(HostFileError) {
        try HostFiles.makeDirectories(confirmations, mode: 0o750)
        let by = Requester.current()
        let confirmation = Confirmation(
            plan: part.plan, uid: by.uid, pid: by.pid, user: by.name, reason: reason,
            time: Int64(Glibc.time(nil)))
        try JSONFile.write(confirmation, to: self.confirmation(of: part.plan))
    }
}
