/// A revision in which every party has been put together and compared with the others.
struct DecodedRevision {
    let files: StateFiles
    /// Every party whose party.yaml can be read, valid or not.
    private(set) var parties: [String: DecodedParty] = [:]
    private(set) var findings: [Finding]
    /// The units with an error, and the parties that use them.
    private(set) var invalidUnits: Set<SourceUnit> = []

    init(_ tree: SourceTree, context: DecodingContext, reading: [Diagnostic]) {
        files = StateFiles(tree, reading: reading)
        findings = files.findings
        for (id, file) in files.parties {
            guard let file else { continue }
            parties[id] = PartyDecoder(party: file, files: files, context: context).decode()
        }
        addPartyDiagnostics()
        for (claim, other) in parties.values.flatMap(\.claims).clashes() {
            findings.append(Finding(claim.mistake(against: other), in: [.party(claim.party)]))
        }
        invalidUnits = findings.invalidUnits
        invalidUnits.formUnion(affectedParties())
    }

    /// The party ids that have a directory, readable or not.
    var partyIDs: Set<String> { Set(files.parties.keys) }

    /// A mistake at a scalar of the blueprint is shown at the party's value that went into it, unless another
    /// party has it too: then it is the blueprint's.
    private mutating func addPartyDiagnostics() {
        struct Place: Hashable {
            var location: SourceLocation
            var code: String
        }
        var owners: [Place: Set<String>] = [:]
        for party in parties.values {
            for diagnostic in party.diagnostics {
                owners[Place(location: diagnostic.location, code: diagnostic.code), default: []].insert(
                    party.id)
            }
        }
        for party in parties.values {
            for diagnostic in party.diagnostics {
                let place = Place(location: diagnostic.location, code: diagnostic.code)
                let isAlone = owners[place]?.count == 1
                let shown = isAlone ? party.blame.moved(diagnostic) ?? diagnostic : diagnostic
                findings.append(Finding(shown, in: [.party(party.id)]))
            }
        }
    }

    /// The parties that an invalid federation or blueprint makes invalid.
    private func affectedParties() -> Set<SourceUnit> {
        if invalidUnits.contains(.federation) { return Set(files.parties.keys.map(SourceUnit.party)) }
        return Set(
            files.parties.compactMap { id, file in
                guard let name = file?.blueprint, invalidUnits.contains(.blueprint(name)) else { return nil }
                return .party(id)
            })
    }
}
