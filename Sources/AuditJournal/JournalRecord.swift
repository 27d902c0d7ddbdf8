/// What somebody wants to have recorded; what is not set is absent from the line.
///
/// The journal adds sequence number, time, host, version and chain. Secrets are the caller's to mask:
/// everything given here is written and shown.
public struct JournalRecord: Sendable, Equatable {
    /// What the record is about.
    public var kind: JournalKind
    /// Why the work was done at all.
    public var cause: JournalCause?
    /// The commit that asked for it.
    public var source: RevisionSource?
    public var party: String?
    /// Digest of the plan that the step belongs to.
    public var plan: String?
    /// Position of the step in its plan.
    public var step: Int?
    /// What is done, such as `container.create`.
    public var action: String?
    /// To what it is done.
    public var object: JournalObject?
    /// SHA-256 of the exact request body or file bytes.
    public var requestDigest: String?
    /// The fields that change; empty is absent.
    public var diff: [JournalChange] = []
    public var outcome: JournalOutcome?
    /// A number from the other side, such as an HTTP status.
    public var code: Int?
    /// Why it went wrong; cut at 2 KiB.
    public var error: String?
    /// How long it took.
    public var milliseconds: Int64?
    /// Particulars that only this kind of record has; empty is absent.
    public var details: [String: JournalValue] = [:]

    public init(_ kind: JournalKind) {
        self.kind = kind
    }

    /// Whether the record accounts for bytes that a crash cut short, and not for a step.
    var namesTornBytes: Bool { kind == .recover && action == nil }
}

/// What a record is about.
public struct JournalKind: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }

    /// The first record of a journal.
    public static let logOpen: Self = "log.open"
    /// The daemon started.
    public static let boot: Self = "boot"
    public static let configChanged: Self = "config.changed"
    public static let sourceSeen: Self = "source.seen"
    public static let sourceHeld: Self = "source.held"
    public static let sourceRefused: Self = "source.refused"
    public static let planMade: Self = "plan.made"
    /// A mutating call is about to be made.
    public static let stepIntent: Self = "step.intent"
    /// What came of the intent with the same party, plan and step.
    public static let stepResult: Self = "step.result"
    public static let planDone: Self = "plan.done"
    public static let driftSeen: Self = "drift.seen"
    /// An object that somebody else made is fatesync's from now on; it is not touched.
    public static let objectAdopted: Self = "object.adopted"
    public static let policyRefused: Self = "policy.refused"
    /// A person asked for something, such as suspend, resume or confirm.
    public static let manual: Self = "manual"
    public static let hookSummary: Self = "hook.summary"
    /// What a crash left: bytes of a record that was cut short, named by place and digest; or, with the party,
    /// plan and step of an intent, what inspection found to have come of it.
    public static let recover: Self = "recover"
    /// The next records are signed by the key that this one names.
    public static let keyNext: Self = "key.next"
    /// Root of the Merkle tree over all records before, and a signed note of it.
    public static let checkpoint: Self = "checkpoint"
    public static let clockJump: Self = "clock.jump"
    public static let rotateEnd: Self = "rotate.end"
    public static let rotateBegin: Self = "rotate.begin"
    public static let prune: Self = "prune"
    /// Records are missing, and the journal knows it.
    public static let gap: Self = "gap"
    public static let heartbeat: Self = "heartbeat"
}

/// What came of an action.
public enum JournalOutcome: String, Sendable, Hashable, CaseIterable {
    case ok
    /// Nothing had to be done.
    case noop
    case refused
    case failed
    /// A new container failed, and the old one serves again.
    case rolledBack = "rolled-back"
    /// The call may or may not have had an effect.
    case unknown
    /// Inspection after a crash has found no effect.
    case notDone = "not-done"
}

/// What set off a pass: `poll`, `webhook`, `manual`, `restart`, `drift` ...
public struct JournalCause: Sendable, Equatable, ExpressibleByStringLiteral {
    public var trigger: String
    /// Who asked, for a manual trigger.
    public var uid: UInt32?
    /// The process that asked, for a manual trigger.
    public var pid: Int32?
    /// What exactly, such as the engine's event.
    public var detail: String?

    public init(_ trigger: String, uid: UInt32? = nil, pid: Int32? = nil, detail: String? = nil) {
        self.trigger = trigger
        self.uid = uid
        self.pid = pid
        self.detail = detail
    }

    public init(stringLiteral value: String) { self.init(value) }
}

/// The thing that an action is done to.
public struct JournalObject: Sendable, Equatable {
    public var name: String
    /// The engine's full id, once there is one.
    public var id: String?

    public init(name: String, id: String? = nil) {
        self.name = name
        self.id = id
    }
}

/// A field of an object, before and after.
public struct JournalChange: Sendable, Equatable {
    public var field: String
    /// The value before; `nil` when the field was absent.
    public var old: String?
    /// The value after; `nil` when the field goes away.
    public var new: String?

    public init(field: String, old: String?, new: String?) {
        self.field = field
        self.old = old
        self.new = new
    }
}

/// The commit behind a record, so that a line tells who wanted it without the repository at hand.
public struct RevisionSource: Sendable, Equatable {
    /// The remote's address without user or password.
    public var remote: String?
    public var ref: String?
    public var commit: String
    /// The commit that was applied before.
    public var previous: String?
    /// The author as git prints it; not trusted, only recorded.
    public var author: String
    /// The first line of the commit message; not trusted, only recorded.
    public var subject: String

    public init(
        remote: String? = nil, ref: String? = nil, commit: String, previous: String? = nil,
        author: String, subject: String
    ) {
        self.remote = remote
        self.ref = ref
        self.commit = commit
        self.previous = previous
        self.author = author
        self.subject = subject
    }
}
