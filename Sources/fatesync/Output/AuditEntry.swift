import AuditJournal
import DesiredState

/// A journal entry as review shows it.
struct AuditEntry: Encodable {
    /// The kinds that a list without intents shows.
    static let listedKinds: Set<JournalKind> = [
        .boot, .configChanged, .sourceSeen, .sourceHeld, .sourceRefused, .stepResult, .planDone, .driftSeen,
        .objectAdopted, .policyRefused, .manual, .recover, .gap,
    ]

    struct Change: Encodable {
        var field: String
        var old: String?
        var new: String?
    }

    var seq: UInt64
    var time: String
    var host: String
    var kind: String
    var trigger: String?
    var commit: String?
    var author: String?
    var subject: String?
    var party: String?
    var plan: String?
    var step: Int?
    var action: String?
    var object: String?
    var objectID: String?
    var why: String?
    /// Who asked, where a person did.
    var user: String?
    var changes: [Change]
    var outcome: String?
    var code: Int?
    var error: String?
    var milliseconds: Int64?
    var file: String
    var line: Int

    init(_ entry: JournalEntry) {
        let record = entry.record
        seq = entry.seq
        time = entry.time.description
        host = entry.host
        kind = record.kind.rawValue
        trigger = record.cause?.trigger
        commit = record.source?.commit
        author = record.source?.author
        subject = record.source?.subject
        party = record.party
        plan = record.plan
        step = record.step
        action = record.action
        object = record.object.map { object in
            record.details["to"]?.string.map { "\(object.name) -> \($0)" } ?? object.name
        }
        objectID = record.object?.id
        why = record.details["why"]?.string
        user = record.details["user"]?.string
        changes = record.diff.map { Change(field: $0.field, old: $0.old, new: $0.new) }
        outcome = record.outcome?.rawValue
        code = record.code
        error = record.error
        milliseconds = record.milliseconds
        file = entry.file
        line = entry.line
    }

    /// One line: when, commit, party, what, to what, why, and how it went.
    func line(_ terminal: Terminal) -> String {
        var cells = [String(seq), time, String(commit?.prefix(12) ?? "-"), trigger ?? "-"]
        cells.append(party ?? "-")
        cells.append(action ?? kind)
        if let object { cells.append(object) }
        if let user { cells.append("by \(user)") }
        if let why { cells.append("(\(why))") }
        cells += changes.map { "\($0.field): \($0.old ?? "-") -> \($0.new ?? "-")" }
        if kind == "source.seen", let subject, let author { cells.append("\"\(subject)\" by \(author)") }
        var text = cells.joined(separator: "  ").escapingControls
        if let outcome {
            let style: Terminal.Style = outcome == "ok" || outcome == "noop" ? .green : .red
            text += "  " + terminal.styled(outcome, style)
        }
        if let milliseconds { text += " \(milliseconds) ms" }
        if let error { text += "  " + error.escapingControls }
        return text
    }

    /// Every field on a line of its own.
    var details: String {
        let fields: [(String, String?)] = [
            ("entry", "\(seq)  (\(file):\(line))"), ("time", time), ("host", host), ("kind", kind),
            ("trigger", trigger), ("commit", commit), ("author", author), ("subject", subject),
            ("party", party), ("plan", plan), ("step", step.map(String.init)), ("action", action),
            ("object", object), ("id", objectID), ("why", why), ("user", user),
            ("outcome", outcome), ("code", code.map(String.init)), ("error", error),
            ("duration", milliseconds.map { "\($0) ms" }),
        ]
        var lines = fields.compactMap { name, value in
            value.map { name + String(repeating: " ", count: 10 - name.count) + $0.escapingControls }
        }
        lines += changes.map { "  \($0.field): \($0.old ?? "-") -> \($0.new ?? "-")".escapingControls }
        return lines.joined(separator: "\n")
    }
}

/// Entries for programs.
struct AuditDocument: Encodable {
    var schemaVersion = 1
    var entries: [AuditEntry]
}
