/// The files of one tree, each read by itself; what they mean together is not known yet.
struct StateFiles {
    var federation: FederationFile?
    /// `nil` as a value: there is such a directory, and it cannot be read.
    var blueprints: [String: BlueprintFile?] = [:]
    var parties: [String: PartyFile?] = [:]
    var findings: [Finding] = []

    init(_ tree: SourceTree, reading: [Diagnostic] = []) {
        let layout = StateLayout(tree)
        findings = reading.map { Finding($0) } + layout.findings
        var diagnostics: [Diagnostic] = []
        federation = FederationFile.decode(tree, into: &diagnostics)
        findings.append(diagnostics, in: .federation)
        for name in layout.blueprints {
            var diagnostics: [Diagnostic] = []
            blueprints.updateValue(
                BlueprintFile.decode(name, from: tree, into: &diagnostics), forKey: name)
            findings.append(diagnostics, in: .blueprint(name))
        }
        for id in layout.parties {
            parties.updateValue(PartyFile.decode(id, from: tree, into: &findings), forKey: id)
        }
        checkSharedVariables()
    }

    /// The units whose own files have an error.
    var invalidUnits: Set<SourceUnit> { findings.invalidUnits }

    /// Reports variables of federation.yaml that no blueprint declares.
    private mutating func checkSharedVariables() {
        guard let federation, !blueprints.values.contains(where: { $0 == nil }) else { return }
        let declared = Set(
            blueprints.values.flatMap { blueprint in
                blueprint.map { $0.variables.map(\.name) + $0.unreadableVariables } ?? []
            })
        for entry in federation.variables where !declared.contains(entry.key) {
            let diagnostic = Diagnostic.unknownReference(
                "variable", entry.key, in: declared, at: entry.keyLocation, code: "E-VAR")
            findings.append(Finding(diagnostic, in: [.federation]))
        }
    }
}
