/// The values of a party's variables, and where each was written.
struct PartyVariables {
    private(set) var variables: Variables
    /// Variables that the party gives itself, with the place of the value.
    private(set) var origins: [String: SourceLocation] = [:]
    /// Declared variables that have no usable value; whatever uses them cannot be judged.
    private(set) var failed: Set<String> = []
    /// Values of secrets.
    private(set) var secrets: Set<String> = []
    private let party: PartyFile
    private let context: DecodingContext

    /// Gives every variable that `blueprint` declares a value, the party's own before the federation's.
    init(
        of party: PartyFile, _ blueprint: BlueprintFile, _ federation: FederationFile?,
        context: DecodingContext, into diagnostics: inout [Diagnostic]
    ) {
        self.party = party
        self.context = context
        variables = Variables([
            "PARTY_ID": Int64(party.id).map(VariableValue.integer) ?? .string(party.id),
            "BASE_DIR": .string(context.dataDirectory),
        ])
        let own = Self.byName(party.variables)
        let shared = Self.byName(federation?.variables ?? [])
        failed = blueprint.unreadableVariables
        reportUnknown(in: blueprint, into: &diagnostics)
        for declaration in blueprint.variables {
            let name = declaration.name
            guard variables.values[name] == nil else { continue }
            if let entry = own[name] { origins[name] = entry.value.location }
            let entry = own[name] ?? shared[name]
            let value =
                declaration.type == .secret
                ? secret(declaration, entry, into: &diagnostics)
                : plain(declaration, entry, of: blueprint, into: &diagnostics)
            if let value { variables.values[name] = value } else { failed.insert(name) }
        }
    }

    /// The values that are no secrets, and the stand-ins for secrets, as an env file for Compose has them.
    var environment: [String: String] {
        variables.values.filter { !$0.value.isSecret || !secrets.contains($0.value.text) }.mapValues(\.text)
    }

    /// Whether a subnet has no value.
    func lacksSubnet(of blueprint: BlueprintFile) -> Bool {
        !failed.isDisjoint(with: blueprint.unreadableVariables)
            || blueprint.variables.contains { $0.type == .subnet && failed.contains($0.name) }
    }

    /// The variables with a stand-in for each that has no value, for checks that no value decides.
    func withStandIns(for blueprint: BlueprintFile) -> Variables {
        var result = variables
        for declaration in blueprint.variables where failed.contains(declaration.name) {
            result.values[declaration.name] = declaration.type.standIn
        }
        for name in blueprint.unreadableVariables { result.values[name] = VariableType.string.standIn }
        return result
    }

    private static func byName(_ entries: [YAMLEntry]) -> [String: YAMLEntry] {
        Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
    }

    private func reportUnknown(in blueprint: BlueprintFile, into diagnostics: inout [Diagnostic]) {
        let declared = blueprint.variables.map(\.name) + blueprint.unreadableVariables
        for entry in party.variables where !declared.contains(entry.key) {
            if VariableDeclaration.builtIn.contains(entry.key) {
                let message = "\(entry.key) is built in; remove this line"
                diagnostics.append(Diagnostic(code: "E-VAR", at: entry.keyLocation, message))
            } else {
                diagnostics.append(
                    .unknownReference(
                        "variable", entry.key, in: declared, at: entry.keyLocation, code: "E-VAR"))
            }
        }
    }

    private func plain(
        _ declaration: VariableDeclaration, _ entry: YAMLEntry?, of blueprint: BlueprintFile,
        into diagnostics: inout [Diagnostic]
    ) -> VariableValue? {
        let name = declaration.name
        if let entry, !entry.value.isNull {
            guard !entry.value.raw.contains("${") else {
                let message = "variables cannot be used here; write the value of \(name) itself"
                diagnostics.append(Diagnostic(code: "E-TEMPLATE", at: entry.value.location, message))
                return nil
            }
            return declaration.type.value(
                of: entry.value, what: "the variable \(name.inQuotes)", into: &diagnostics)
        }
        guard let fallback = declaration.fallback else {
            let meaning = declaration.summary.map { ": \($0)" } ?? ""
            let message = "the variable \(name.inQuotes) needs a value\(meaning)"
            diagnostics.append(Diagnostic(code: "E-REQUIRED", at: party.variablesLocation, message))
            return nil
        }
        guard canFill(fallback, of: declaration, in: blueprint, into: &diagnostics) else { return nil }
        let filled = fallback.substituting(variables, into: &diagnostics)
        let isFilled = filled.isSubstituted || !fallback.raw.utf8.contains(UInt8(ascii: "$"))
        guard isFilled else { return nil }
        return declaration.type.value(of: filled, what: "the default of \(name.inQuotes)", into: &diagnostics)
    }

    /// Whether a default uses only variables that have a value by now.
    private func canFill(
        _ fallback: YAMLNode, of declaration: VariableDeclaration, in blueprint: BlueprintFile,
        into diagnostics: inout [Diagnostic]
    ) -> Bool {
        let used = VariableReferences.names(in: fallback)
        guard failed.isDisjoint(with: used) else { return false }
        let declared = Set(blueprint.variables.map(\.name))
        for name in used where variables.values[name] == nil && declared.contains(name) {
            let message =
                "the default of \(declaration.name.inQuotes) uses \(name), which is declared after it"
            diagnostics.append(Diagnostic(code: "E-VAR", at: fallback.location, message))
            return false
        }
        return true
    }

    private mutating func secret(
        _ declaration: VariableDeclaration, _ entry: YAMLEntry?, into diagnostics: inout [Diagnostic]
    ) -> VariableValue? {
        let name = declaration.name
        if let entry, !entry.value.isNull {
            let message =
                "\(name) is a secret: remove its value here, change it, and put it on the host; see \(declaration.location)"
            diagnostics.append(Diagnostic(code: "E-SECRET", at: entry.value.location, message))
            return nil
        }
        // The secrets of another host are not here, and nothing is made from them here.
        guard context.secretMode == .values, party.hosts.contains(context.host) else {
            return .secret("<secret \(name)>")
        }
        guard let value = context.secret(name, of: party.id), !value.isEmpty else {
            let message =
                "the secret \(name) has no value on host \(context.host): write it to the file "
                + "\(party.id)/\(name) or \(name) in the directory of secrets, or pass a systemd credential "
                + "named \(party.id)_\(name) or \(name)"
            diagnostics.append(Diagnostic(code: "E-SECRET", at: party.variablesLocation, message))
            return nil
        }
        secrets.insert(value)
        return .secret(value)
    }
}
