public import DesiredState
public import Planning

/// A plan for programs: what `plan -o json` prints and the control socket carries.
///
/// It holds no secret.
public struct PlanDocument: Codable, Sendable {
    public struct Step: Codable, Sendable {
        public var id: Int
        public var party: String
        public var action: String
        public var object: String
        public var cause: String
        /// `Rung.name`.
        public var rung: String
        public var changes: [FieldChange]
        public var after: [Int]
        public var disruption: Disruption?
        /// How a container proves that it serves.
        public var readiness: String?

        init(_ step: Plan.Step) {
            id = step.id
            party = step.party
            action = step.action.name
            object = step.object
            cause = step.cause
            rung = step.rung.name
            changes = step.changes
            after = step.after.sorted()
            disruption = step.disruption
            readiness = step.action.readiness?.description
        }
    }

    public var schemaVersion = 1
    public var host: String?
    public var revision: Revision?
    /// What `sync --plan` recognises it by; only `plan` gives it.
    public var fingerprint: String?
    /// What a sync takes over first, or what `adopt` or a sync has taken over.
    public var adopted: [Adoption.Object] = []
    public var steps: [Step]
    public var warnings: [PlanWarning]
    public var held: [HeldPart] = []
    /// What is suspended, and so only shown.
    public var suspended: [OperatorOrders.Suspension] = []
    public var pinned: [OperatorOrders.Pin] = []
    public var diagnostics: [Diagnostic] = []

    init(_ plan: Plan, revision: Revision?) {
        self.revision = revision
        steps = plan.steps.map(Step.init)
        warnings = plan.warnings
    }

    public init(_ outcome: PassOutcome) {
        self.init(outcome.plan, revision: outcome.revision)
        adopted = outcome.adoption.objects
        (host, fingerprint) = (outcome.saved?.host, outcome.saved?.fingerprint)
        held = outcome.held
        suspended = outcome.orders.suspensions
        pinned = outcome.orders.pins
        diagnostics = outcome.diagnostics
    }

    /// The parties that have a step.
    public var parties: [String] { Set(steps.map(\.party)).sorted() }
}
