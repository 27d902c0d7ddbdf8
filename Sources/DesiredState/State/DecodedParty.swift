/// One party after its own files, its blueprint and the federation were put together.
struct DecodedParty: Sendable {
    var id: String
    /// `nil` for a party of another organisation, and when it cannot be read.
    var host: String?
    /// How the others reach it; known even when something else is wrong.
    var route: PartyRoute?
    /// Everything but the route tables, which depend on the other parties; `nil` for an external party.
    var resources: PartyResources?
    /// `nil` for an external party, and when its services cannot be read.
    var placement: Placement?
    /// What its nodes keep; `nil` when the blueprint names none.
    var nodes: NodeData?
    var routeTables: [RouteTable] = []
    /// How its rollsite dials others; `nil` when it has none, or nothing can be said about it.
    var rollsiteClient: RollsiteSecurity.Client?
    var claims: [Claim] = []
    /// Mistakes that were found while the files were put together.
    var diagnostics: [Diagnostic] = []
    var blame = Blame()
    /// Whether the party stands at its last good state.
    var isFallback = false {
        didSet { for index in claims.indices { claims[index].isFallback = isFallback } }
    }

    init(id: String) { self.id = id }

    /// What one host runs of the party, with the route tables that it has; `nil` when that is nothing.
    func part(on host: String, routes: [PartyRoute]) -> PartyResources? {
        guard var resources, let placement else { return nil }
        resources.files += routeTables.map { $0.file(routes: routes) }
        resources.files.sort { $0.name < $1.name }
        return PartyPart.of(resources, on: host, placement)
    }

    var hasError: Bool { diagnostics.contains { $0.severity == .error } }
}
