public import DesiredState
public import GitSource
public import Planning

/// What set a pass off.
public enum Trigger: String, Sendable, Codable {
    /// The watcher has just started.
    case start
    /// The interval is over: look for new commits.
    case poll
    /// The resync interval is over: compare everything again.
    case resync
    /// Docker reported a change that fatesync did not make.
    case event
    /// SIGHUP.
    case signal
    /// The branch was pushed to a repository on this host, whose hook says so.
    case push
    /// A person ran `sync`.
    case command

    /// Whether the pass looks for new commits; an event only asks for a comparison.
    var fetches: Bool { self != .event && self != .resync }

    /// The journal's word for it.
    var journalWord: String {
        switch self {
        case .start: "restart"
        case .poll: "poll"
        case .resync, .event: "drift"
        case .push: "push"
        case .signal, .command: "manual"
        }
    }
}

/// How a pass ended.
public struct PassOutcome: Sendable {
    public enum Result: Sendable {
        /// Live state equals desired state; nothing was to do.
        case inSync
        /// Changes were made, and live state was read again and equals desired state.
        case applied
        /// Changes are wanted and not made, for this reason.
        case held(String)
        /// Something went wrong.
        case failed(String)
        /// New containers failed, and the old ones serve again.
        case rolledBack(String)
        /// The tip does not descend from what was applied.
        case untrusted(String)
        /// Only looked: `plan`.
        case planned
    }

    public var result: Result
    public var trigger: Trigger
    /// The commit that was compared with; `nil` when none could be had.
    public var revision: Revision?
    /// Mistakes in the revision; the parties they affect kept their last good state.
    public var diagnostics: [Diagnostic] = []
    public var plan = Plan()
    /// What was taken over without touching it, or would be by a sync.
    public var adoption = Adoption()
    /// Reasons of steps that failed, by party.
    public var failures: [String: [String]] = [:]
    /// Parties whose old containers came back.
    public var rolledBack: Set<String> = []
    /// How long each recreate kept its service down.
    public var outages: [Outage] = []
    /// What does not run before a person confirms it.
    public var held: [HeldPart] = []
    /// What people on this host have asked for.
    public var orders = OperatorOrders()
    /// The newest commit of the branch; another one than `revision` while the host is pinned.
    public var branchTip: Revision?
    /// The plan as `sync --plan` takes it; only `plan` gives it.
    public var saved: SavedPlan?
    /// Whether nothing at all may be changed on this host.
    public var isSuspended = false
    /// Why no new commit could be looked for, although the pass went on with the last one.
    public var fetchError: GitError?
    /// Parties of this host with their container counts, for `status`.
    public var parties: [WatcherStatus.Party] = []
    public var milliseconds: Int64 = 0

    public init(_ result: Result, trigger: Trigger, revision: Revision? = nil) {
        self.result = result
        self.trigger = trigger
        self.revision = revision
    }

    /// The documented exit code of a command that ends with this outcome.
    public var exitCode: Int32 {
        let isInvalid = diagnostics.contains { $0.severity == .error }
        return switch result {
        case .untrusted: 5
        case .failed, .rolledBack: 1
        case .held: isInvalid ? 3 : 6
        case .inSync, .applied, .planned: isInvalid ? 3 : fetchError == nil ? 0 : 1
        }
    }
}

/// What happens during a pass, for progress on a terminal.
public enum ProgressEvent: Sendable {
    case fetching(repository: String)
    case planned(Plan, revision: Revision?)
    case stepStarted(Plan.Step, index: Int, count: Int)
    case stepFinished(Plan.Step, index: Int, count: Int, error: String?, milliseconds: Int64)
    /// Bytes of an image pull so far; `total` is 0 while it is unknown.
    case pulling(image: String, current: Int64, total: Int64, detail: String)
    case finished(PassOutcome)
    /// Something that a person should know and that stops nothing.
    case note(String)
    /// The journal has a signed checkpoint of so many records, which should be kept outside this host.
    case checkpoint(size: UInt64, note: String)
}

/// Takes progress as it happens; called on the reconciler's own thread.
public typealias ProgressReport = @Sendable (ProgressEvent) -> Void
