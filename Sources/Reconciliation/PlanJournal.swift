import AuditJournal
import Crypto
import DesiredState
import Planning

/// Records one plan: what it is, each intent before its call, each result after it.
struct PlanJournal {
    let writer: JournalWriter
    let cause: JournalCause
    let source: RevisionSource?
    /// SHA-256 of the plan's canonical text.
    let plan: String

    init(writer: JournalWriter, cause: JournalCause, source: RevisionSource?, plan: Plan) {
        self.writer = writer
        self.cause = cause
        self.source = source
        self.plan = Self.digest(of: plan)
    }

    static func digest(of plan: Plan) -> String { digest(of: Array(plan.description.utf8)) }

    static func digest(of bytes: [UInt8]) -> String {
        let hexadecimal = Array("0123456789abcdef")
        return String(
            SHA256.hash(data: bytes).flatMap { byte in
                [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            })
    }

    /// The plan as a whole, before its first step.
    ///
    /// - Parameter reasons: Why it goes on although jobs run, by party.
    func made(_ plan: Plan, despite reasons: [String: String] = [:]) throws(JournalError) {
        var record = record(.planMade)
        record.details = ["steps": .int(Int64(plan.steps.count))]
        let disruptions = plan.steps.compactMap(\.disruption).map(\.journalValue)
        if !disruptions.isEmpty { record.details["disruptions"] = .array(disruptions) }
        if !reasons.isEmpty { record.details["despite"] = .object(reasons.mapValues { .string($0) }) }
        if !plan.postponed.isEmpty {
            record.details["postponed"] = .array(plan.postponed.map { .string($0.description) })
        }
        _ = try writer.append([record], sync: false)
    }

    /// What is about to be done; on disk when this returns.
    ///
    /// `action` names a call that is only a part of its step.
    func intents(
        _ steps: [(step: Plan.Step, requestDigest: String?, id: String?)], action: String? = nil
    ) throws(JournalError) {
        guard !steps.isEmpty else { return }
        let records = steps.map { entry in
            var record = record(for: entry.step, .stepIntent)
            if let action { record.action = action }
            record.requestDigest = entry.requestDigest
            record.object?.id = entry.id
            return record
        }
        _ = try writer.append(records, sync: true)
    }

    /// What came of steps; on disk when this returns.
    func results(_ results: [StepResult]) throws(JournalError) {
        guard !results.isEmpty else { return }
        let records = results.map { result in
            var record = record(for: result.step, .stepResult)
            if let action = result.action { record.action = action }
            record.object?.id = result.objectID
            record.outcome = result.outcome
            record.code = result.status
            record.error = result.error
            record.milliseconds = result.milliseconds
            if let outage = result.outage { record.details["outageMilliseconds"] = .int(outage) }
            if !result.warnings.isEmpty {
                record.details["warnings"] = .array(result.warnings.map { .string($0) })
            }
            return record
        }
        _ = try writer.append(records, sync: true)
    }

    /// How the plan ended.
    func done(
        _ outcome: JournalOutcome, error: String?, milliseconds: Int64, outages: [Outage] = [],
        rolledBack: Set<String> = []
    ) throws(JournalError) {
        var record = record(.planDone)
        record.outcome = outcome
        record.error = error
        record.milliseconds = milliseconds
        if !outages.isEmpty { record.details["outages"] = .array(outages.map(\.journalValue)) }
        if !rolledBack.isEmpty {
            record.details["rolledBack"] = .array(rolledBack.sorted().map { .string($0) })
        }
        _ = try writer.append([record], sync: true)
    }

    private func record(_ kind: JournalKind) -> JournalRecord {
        var record = JournalRecord(kind)
        record.cause = cause
        record.source = source
        record.plan = plan
        return record
    }

    private func record(for step: Plan.Step, _ kind: JournalKind) -> JournalRecord {
        var record = record(kind)
        record.party = step.party
        record.step = step.id
        record.action = step.action.name
        record.object = JournalObject(name: step.object)
        record.diff = step.changes.map {
            JournalChange(
                field: $0.field, old: $0.old == "-" ? nil : $0.old, new: $0.new == "-" ? nil : $0.new)
        }
        record.details["why"] = .string(step.cause)
        switch step.action {
        case .renameContainer(_, let name): record.details["to"] = .string(name)
        // Inspection after a crash has to know them.
        case .createContainer(_, let name): record.details["as"] = .string(name)
        case .connectNetwork(_, let network, _), .disconnectNetwork(_, let network):
            record.details["network"] = .string(network)
        case .signalContainer(_, let delivery):
            record.details["signal"] = .string("SIG\(delivery.signal.rawValue)")
        default: break
        }
        return record
    }
}

/// What came of one step.
struct StepResult {
    var step: Plan.Step
    var outcome: JournalOutcome
    var objectID: String?
    var status: Int?
    var error: String?
    var warnings: [String] = []
    var milliseconds: Int64
    /// Milliseconds since the stop of the container that this start succeeds.
    var outage: Int64?
    /// Set where the call is only a part of the step.
    var action: String?
}

extension Outage {
    fileprivate var journalValue: JournalValue {
        .object([
            "party": .string(party), "object": .string(container), "milliseconds": .int(milliseconds),
            "rolledBack": .bool(isRolledBack),
        ])
    }
}

extension Disruption {
    /// What the plan expected, to be held against the times of the results.
    fileprivate var journalValue: JournalValue {
        var members: [String: JournalValue] = [
            "object": .string(object), "effect": .string(effect.rawValue), "text": .string(description),
        ]
        if let network { members["network"] = .string(network) }
        if let expected { members["expectedMilliseconds"] = .int(Int64(expected)) }
        if let worst { members["worstMilliseconds"] = .int(Int64(worst)) }
        return .object(members)
    }
}
