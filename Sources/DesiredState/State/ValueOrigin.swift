/// A value of a service with the place that it was written in.
public struct ValueOrigin: Sendable, Equatable, Codable {
    /// A variable that went into the value.
    public struct Variable: Sendable, Equatable, Codable {
        public var name: String
        /// A placeholder for a secret.
        public var value: String
        /// `nil` for what fatesync itself gives, such as `PARTY_ID`.
        public var location: SourceLocation?
    }

    /// As plans name it: `image`, `environment.SIZE`.
    public var field: String
    /// As it is written, before variables were filled in.
    public var text: String
    public var location: SourceLocation
    /// What went in, in its order, with what went into defaults.
    public var variables: [Variable]
}

extension SourceTree {
    /// Every value of one service of a party, in the order of the files.
    ///
    /// A list is one value, at the place of its first element.
    ///
    /// - Returns: `nil` when the party or the service cannot be read.
    public func origins(
        of service: String, party id: String, context: DecodingContext
    ) -> [ValueOrigin]? {
        let files = StateFiles(self)
        guard let party = files.parties[id] ?? nil, let name = party.blueprint,
            let blueprint = files.blueprints[name] ?? nil
        else { return nil }
        let decoder = PartyDecoder(party: party, files: files, context: context)
        var ignored: [Diagnostic] = []
        guard let node = decoder.mergedCompose(blueprint, into: &ignored)?["services"]?[service],
            let entries = node.entries
        else { return nil }
        let values = PartyVariables(
            of: party, blueprint, files.federation, context: context, into: &ignored)
        let search = VariableSearch(
            party: party, blueprint: blueprint, federation: files.federation,
            values: values.environment)
        return entries.flatMap { entry in
            Self.leaves(of: entry.value, field: entry.key, at: entry.keyLocation).map { field, node, place in
                ValueOrigin(
                    field: field, text: node.shownText, location: place,
                    variables: search.variables(in: node))
            }
        }
    }

    /// The parts of a value that plans show one by one.
    private static func leaves(
        of node: YAMLNode, field: String, at place: SourceLocation
    ) -> [(field: String, node: YAMLNode, place: SourceLocation)] {
        switch node.content {
        case .map(let entries) where !entries.isEmpty:
            entries.flatMap { leaves(of: $0.value, field: "\(field).\($0.key)", at: $0.keyLocation) }
        case .list(let elements):
            [(field, node, elements.first?.location ?? place)]
        case .map: [(field, node, place)]
        default: [(field, node, node.location)]
        }
    }
}

/// Finds where the values of variables were written.
private struct VariableSearch {
    let party: PartyFile
    let blueprint: BlueprintFile
    let federation: FederationFile?
    let values: [String: String]

    func variables(in node: YAMLNode) -> [ValueOrigin.Variable] {
        var found: [ValueOrigin.Variable] = []
        for name in node.variableNames { add(name, to: &found) }
        return found
    }

    /// Adds a variable, and after it those that its default uses.
    private func add(_ name: String, to found: inout [ValueOrigin.Variable]) {
        guard !found.contains(where: { $0.name == name }) else { return }
        let declaration = blueprint.variables.first { $0.name == name }
        let own = party.variables.first { $0.key == name } ?? federation?.variables.first { $0.key == name }
        let isGiven = own.map { !$0.value.isNull } ?? false
        let fallback = isGiven ? nil : declaration?.fallback
        let place = isGiven ? own?.value.location : fallback?.location ?? declaration?.location
        let value = declaration?.type == .secret ? "<secret \(name)>" : values[name] ?? "-"
        found.append(ValueOrigin.Variable(name: name, value: value, location: place))
        for next in fallback?.variableNames ?? [] { add(next, to: &found) }
    }
}

extension YAMLNode {
    /// The variables of all scalars, each once, in their order.
    fileprivate var variableNames: [String] {
        let all =
            switch content {
            case .list(let elements): elements.flatMap(\.variableNames)
            case .map(let entries): entries.flatMap(\.value.variableNames)
            default: VariableReferences.names(in: self)
            }
        return all.reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// The value on one line.
    fileprivate var shownText: String {
        switch content {
        case .list(let elements): "[" + elements.map(\.shownText).joined(separator: ", ") + "]"
        case .map(let entries):
            "{" + entries.map { "\($0.key): \($0.value.shownText)" }.joined(separator: ", ") + "}"
        default: raw
        }
    }
}
