/// Puts a party together with its blueprint and the federation.
struct PartyDecoder {
    let party: PartyFile
    let files: StateFiles
    let context: DecodingContext

    func decode() -> DecodedParty {
        var result = DecodedParty(id: party.id)
        result.host = party.host
        if party.isExternal {
            party.checkWay(files.federation, into: &result.diagnostics)
            if let declared = party.endpoint {
                let endpoint = declared.address.map { address in
                    Endpoint(
                        address, declared.ports.mapValues(\.value), isSecure: declared.isSecure ?? false)
                }
                result.set(party.route(endpoint, files.federation), at: declared.location)
            }
            return result
        }
        guard let name = party.blueprint else { return result }
        guard let known = files.blueprints[name] else {
            result.diagnostics.append(
                .unknownReference("blueprint", name, in: files.blueprints.keys, at: party.blueprintLocation))
            return result
        }
        // A blueprint that cannot be read is reported once, where it is read.
        guard let blueprint = known else { return result }
        decode(with: blueprint, into: &result)
        return result
    }

    private func decode(with blueprint: BlueprintFile, into result: inout DecodedParty) {
        var diagnostics: [Diagnostic] = []
        let variables = PartyVariables(
            of: party, blueprint, files.federation, context: context, into: &diagnostics)
        let merged = mergedCompose(blueprint, into: &diagnostics)
        let references = VariableReferences(in: [merged] + blueprint.templates)
        let blame = Blame(references, variables, blueprint)
        result.blame = blame

        var filled: [Diagnostic] = []
        let scope = PartyScope(
            party: party, blueprint: blueprint, federation: files.federation, variables: variables,
            blame: blame, context: context)
        scope.decode(compose: merged, into: &result, &filled)
        // What uses a variable without a value is wrong only because of that, and what cannot be filled in only
        // because of that.
        let unfilled = Set(filled.filter(\.isAboutVariables).map(\.location))
        diagnostics += filled.filter { diagnostic in
            !blame.uses(variables.failed, at: diagnostic.location)
                && (diagnostic.isAboutVariables || !unfilled.contains(diagnostic.location))
                // Addresses are judged by their subnet.
                && !(variables.lacksSubnet(of: blueprint) && diagnostic.code == "E-IP")
        }
        result.diagnostics = diagnostics
    }

    /// compose.yaml with the party's overrides laid over its services.
    func mergedCompose(
        _ blueprint: BlueprintFile, into diagnostics: inout [Diagnostic]
    ) -> YAMLNode? {
        guard let original = blueprint.compose else { return nil }
        guard let known = original["services"]?.entries?.map(\.key) else { return original }
        var instances = ServiceInstances(of: party, known: known)
        let compose = instances.adding(to: original)
        diagnostics += instances.diagnostics
        let services = compose["services"]?.entries?.map(\.key) ?? known
        var overrides: [YAMLEntry] = []
        for entry in party.serviceOverrides {
            if services.contains(entry.key) {
                overrides.append(entry)
            } else {
                diagnostics.append(
                    .unknownReference("service", entry.key, in: services, at: entry.keyLocation))
            }
        }
        guard let first = overrides.first else { return compose }
        let node = YAMLNode(location: first.keyLocation, content: .map(overrides))
        let section = YAMLEntry(key: "services", keyLocation: first.keyLocation, value: node)
        return compose.merging(YAMLNode(location: first.keyLocation, content: .map([section])))
    }
}

extension BlueprintFile {
    /// Every node of blueprint.yaml that may use variables.
    var templates: [YAMLNode?] {
        let written =
            Array(endpointPorts.values) + directories.map(\.path) + routeTables.flatMap(\.templates)
            + firstStart.flatMap { [$0.directory, $0.instead] }
        return [project, confsDirectory, endpointSecure, release?.tag] + written.map(Optional.some)
    }
}

extension Diagnostic {
    /// Whether variables could not be filled in.
    fileprivate var isAboutVariables: Bool { code == "E-VAR" || code == "E-TEMPLATE" }
}

extension DecodedParty {
    /// Sets how the others reach the party, and claims what they dial.
    mutating func set(_ route: PartyRoute, at location: SourceLocation) {
        self.route = route
        guard let endpoint = route.endpoint else { return }
        for port in Set(endpoint.ports.values).sorted() {
            let subject = Claim.Subject.endpoint(endpoint.address, port: port)
            claims.append(Claim(subject: subject, party: id, host: nil, location: location))
        }
    }
}
