public import DesiredState

/// Everything that one pass will do, complete before the first call: the executor decides nothing.
public struct Plan: Sendable, Equatable {
    /// One change of one object, with the reason that forced it.
    public struct Step: Sendable, Equatable {
        /// Position in `Plan.steps`.
        public var id: Int
        public var party: String
        public var action: Action
        /// Name of the container, network, volume, image, file or directory.
        public var object: String
        /// The fields that force the step; empty when the object is missing or surplus.
        public var changes: [FieldChange]
        /// Why the step is there, for people: `missing`, `stopped`, `image changed` ...
        public var cause: String
        public var rung: Rung
        /// Steps that must have succeeded before this one starts; all are earlier in the plan.
        public var after: Set<Int>
        /// The recreate that the step belongs to; index into `Plan.recreates`.
        public var recreate: Int?
        /// What is disturbed from this step on; `nil` when nobody notices, or an earlier step says it already.
        public var disruption: Disruption?
    }

    /// A container that is replaced, with what is needed to bring the old one back.
    public struct Recreate: Sendable, Equatable {
        public var party: String
        public var service: String
        /// The name that the container has and keeps.
        public var name: String
        public var oldID: String
        /// Whether the old container was running and so must run again after a failure.
        public var oldWasRunning: Bool
        /// The step that creates the new container.
        public var createStep: Int
    }

    public var steps: [Step] = []
    public var recreates: [Recreate] = []
    /// Differences that no step mends, such as a volume whose options changed; shown, never applied.
    public var warnings: [PlanWarning] = []
    /// Parties with a service that is not as desired and that nothing can be done for now; a warning says why.
    public var unreached: Set<String> = []
    /// Set when the plan as a whole must not run before a person confirms it.
    public var held: String?
    /// Why a party's part must not run before a person confirms it, by party.
    public var holds: [String: [String]] = [:]
    /// Why a party's part cannot run at all until somebody mends the reason, by party.
    public var refusals: [String: [String]] = [:]
    /// What is left out while jobs run.
    public var postponed: [Postponed] = []
    /// Containers, by full id, whose written data has to be known before the plan may run; then it is made anew.
    public var unread: Set<String> = []
    /// Paths of files that are written although a container reads none of the keys that change, by its full id:
    /// it goes on with what it has read.
    public var unaffected: [String: [String]] = [:]

    public init() {}

    public var isEmpty: Bool { steps.isEmpty }

    /// The parties that have a step.
    public var parties: [String] { Set(steps.map(\.party)).sorted() }
}

/// A difference that fatesync does not mend by itself.
public struct PlanWarning: Sendable, Equatable, Codable {
    public var party: String
    public var object: String
    public var message: String
    public var changes: [FieldChange]

    public init(party: String, object: String, message: String, changes: [FieldChange] = []) {
        self.party = party
        self.object = object
        self.message = message
        self.changes = changes
    }
}

extension Plan: CustomStringConvertible {
    /// One line per step; the canonical text, whose digest names the plan.
    public var description: String {
        var lines = steps.map { step in
            let fields = step.changes.map { "\($0.field) \($0.old) -> \($0.new)".escapingControls }
            let reason = ([step.cause] + fields).joined(separator: "; ")
            return "\(step.party) \(step.action.name) \(step.object): \(reason)"
        }
        if let held { lines.append("held: \(held)") }
        return lines.joined(separator: "\n")
    }
}

/// What the planner is asked to reach.
public struct DesiredHost: Sendable, Equatable {
    /// The host's own name in the state repository.
    public var host: String
    /// The parties that this host runs.
    public var parties: [PartyResources]
    /// Parties that nothing is planned for: what they have stays as it is.
    public var frozen: Set<String>
    /// Containers, by full id, that an update does not change although the engine says so: they are recreated.
    public var withoutUpdate: Set<String> = []
    /// Containers, by full id, that the engine cannot start any more, whatever is in them: they are recreated.
    public var withoutStart: Set<String> = []
    /// Images that are not pulled now, by reference, with the reason; services that need one stay as they are.
    public var withoutPull: [String: String] = [:]
    /// Parties whose change waits for a person: their containers are only kept running.
    public var waiting: Set<String> = []
    /// Containers, by full id, that running jobs depend on: nothing stops them or takes them off a network.
    public var busy: Set<String> = []

    /// Which hosts every party runs on, those that this host runs nothing of too.
    public var placements: [String: Placement] = [:]
    /// Where each party's nodes keep what no other node has.
    public var nodes: [String: NodeData] = [:]

    public init(host: String, parties: [PartyResources], frozen: Set<String> = []) {
        self.host = host
        self.parties = parties
        self.frozen = frozen
    }
}
