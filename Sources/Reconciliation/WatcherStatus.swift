public import DesiredState
import Glibc

/// What `fatesync status` shows: one file that each pass replaces.
public struct WatcherStatus: Codable, Sendable {
    /// One party of this host.
    public struct Party: Codable, Sendable, Equatable {
        public var id: String
        public var containers: Int
        public var running: Int
        /// Commit whose desired state the party has.
        public var applied: String?
        /// `in sync`, `out of sync`, `failed`, `rolled back`, `held`, `suspended` or `invalid`.
        public var condition: String
        public var reason: String?
    }

    public var schemaVersion = 1
    public var host: String
    public var repository: String
    public var branch: String
    /// The newest commit that was seen.
    public var wanted: Revision?
    public var parties: [Party] = []
    /// What waits for `fatesync confirm`.
    public var held: [HeldPart]?
    /// What is suspended now, whatever the last pass knew.
    public var suspended: [OperatorOrders.Suspension]?
    /// What is pinned now.
    public var pinned: [OperatorOrders.Pin]?
    /// `in sync`, `applied`, `held`, `suspended`, `failed`, `rolled back`, `invalid`, `untrusted`.
    public var result: String
    public var reason: String?
    /// The exit code that the pass gives a command.
    public var exitCode: Int32 = 0
    public var trigger: Trigger
    /// Seconds since 1970.
    public var finished: Int64
    public var milliseconds: Int64
    /// Seconds since 1970 of the next look for commits; `nil` when no watcher runs.
    public var next: Int64?
    /// Process id of the watcher; `nil` after a one-shot sync.
    public var watcher: Int32?
    /// Counts passes of the watcher, so that a waiting `sync` sees the one that it asked for.
    public var pass: Int = 0
    public var fetchError: String?
    public var diagnostics: [Diagnostic] = []

    public init(
        host: String, repository: String, branch: String, result: String, trigger: Trigger,
        finished: Int64, milliseconds: Int64
    ) {
        self.host = host
        self.repository = repository
        self.branch = branch
        self.result = result
        self.trigger = trigger
        self.finished = finished
        self.milliseconds = milliseconds
    }

    /// Shows the orders that are in force; they count from the moment on that they are given.
    mutating func take(_ orders: OperatorOrders) {
        let now = Int64(time(nil))
        let suspensions = orders.suspensions.filter { !$0.isOver(at: now) }
        suspended = suspensions.isEmpty ? nil : suspensions
        pinned = orders.pins.isEmpty ? nil : orders.pins
        if exitCode == 0, suspended != nil { exitCode = 6 }
    }
}
