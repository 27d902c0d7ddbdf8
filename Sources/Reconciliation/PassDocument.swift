import GitSource
public import Planning

/// How a pass ended, for programs: what `sync -o json` prints and the control socket carries.
public struct PassDocument: Codable, Sendable {
    public var schemaVersion = 1
    /// `in sync`, `applied`, `invalid`, `held`, `suspended`, `failed`, `rolled back` or `untrusted`.
    public var result: String
    public var reason: String?
    /// The exit code of a command that ends with it.
    public var exitCode: Int32
    public var milliseconds: Int64
    /// What was planned, at which revision, and the mistakes in that.
    public var plan: PlanDocument
    /// Reasons of steps that failed, by party.
    public var failures: [String: [String]]
    /// Parties whose old containers came back.
    public var rolledBack: [String]
    public var outages: [Outage]
    public var held: [HeldPart]
    public var parties: [WatcherStatus.Party]
    /// What looks like a party's and was not taken over.
    public var refused: [Adoption.Refusal]
    /// Why no new commit could be looked for.
    public var fetchError: String?

    public init(_ outcome: PassOutcome) {
        result = outcome.word
        reason = outcome.reason
        exitCode = outcome.exitCode
        milliseconds = outcome.milliseconds
        plan = PlanDocument(outcome)
        failures = outcome.failures
        rolledBack = outcome.rolledBack.sorted()
        outages = outcome.outages
        held = outcome.held
        parties = outcome.parties
        refused = outcome.adoption.refusals
        fetchError = outcome.fetchError?.description
    }

    /// What was taken over without touching it.
    public var adoption: Adoption {
        var adoption = Adoption()
        adoption.objects = plan.adopted
        adoption.refusals = refused
        return adoption
    }

    /// Whether this host has what the revision says.
    public var isReached: Bool { result == "in sync" || result == "applied" }
}
