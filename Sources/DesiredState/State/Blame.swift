/// Finds the value in party.yaml that a scalar of the blueprint was filled with.
struct Blame: Sendable {
    private var references = VariableReferences(in: [])
    /// Variables that the party gives itself.
    private var origins: [String: SourceLocation] = [:]
    private var values: [String: String] = [:]
    /// The variables that the default of a variable uses.
    private var uses: [String: [String]] = [:]

    init() {}

    init(_ references: VariableReferences, _ variables: PartyVariables, _ blueprint: BlueprintFile) {
        self.references = references
        origins = variables.origins
        values = variables.environment
        for declaration in blueprint.variables where variables.origins[declaration.name] == nil {
            uses[declaration.name] = declaration.fallback.map(VariableReferences.names) ?? []
        }
    }

    /// Where the party wrote the value that went into the scalar at `location`; `nil` when none of its own did.
    ///
    /// If several did, it is the one whose value is in `text`, the longest first.
    func origin(of location: SourceLocation, holding text: String? = nil) -> SourceLocation? {
        let own = references.names(at: location).flatMap { ownVariables(behind: $0, depth: 0) }
        guard own.count > 1, let text else { return own.first.flatMap { origins[$0] } }
        let matching = own.filter { name in
            values[name].map { !$0.isEmpty && text.contains($0) } ?? false
        }
        let best = matching.max { (values[$0]?.count ?? 0) < (values[$1]?.count ?? 0) }
        return (best ?? own.first).flatMap { origins[$0] }
    }

    /// Whether the scalar at `location` uses one of `names`.
    func uses(_ names: Set<String>, at location: SourceLocation) -> Bool {
        !names.isDisjoint(with: references.names(at: location))
    }

    /// A mistake moved to the value that caused it; `nil` when the party wrote none.
    func moved(_ diagnostic: Diagnostic) -> Diagnostic? {
        guard let origin = origin(of: diagnostic.location, holding: diagnostic.message) else { return nil }
        return Diagnostic(
            diagnostic.severity, code: diagnostic.code, at: origin,
            "\(diagnostic.message) (used in \(diagnostic.location))")
    }

    private func ownVariables(behind name: String, depth: Int) -> [String] {
        if origins[name] != nil { return [name] }
        guard depth < 8 else { return [] }
        return (uses[name] ?? []).flatMap { ownVariables(behind: $0, depth: depth + 1) }
    }
}
