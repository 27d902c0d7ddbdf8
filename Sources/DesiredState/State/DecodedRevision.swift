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
        checkSenders()
        addPartyDiagnostics()
        checkExchange()
        checkSecureWays()
        findings += parties.values.flatMap(\.claims).clashes().findings
        invalidUnits = findings.invalidUnits
        invalidUnits.formUnion(affectedParties())
    }

    /// The party ids that have a directory, readable or not.
    var partyIDs: Set<String> { Set(files.parties.keys) }

    /// Warns of each rollsite whose settings for TLS come to nothing.
    private mutating func checkSenders() {
        let exchange: Endpoint? =
            if case .endpoint(let endpoint)? = files.federation?.exchange?.place { endpoint } else { nil }
        for (id, party) in parties {
            let isExpected =
                exchange?.isSecure == true
                || parties.values.contains { $0.id != id && $0.route?.endpoint?.isSecure == true }
            let warning = party.rollsiteClient?.warning(isExpected: isExpected)
            if let warning { parties[id]?.diagnostics.append(warning) }
        }
    }

    /// Adds what was found while each party was put together.
    ///
    /// A mistake that every user of a blueprint makes at one place is the blueprint's. Otherwise it comes from a
    /// party's value that went in there, so it is shown where that is written.
    private mutating func addPartyDiagnostics() {
        struct Place: Hashable {
            var location: SourceLocation
            var code: String
        }
        var places: [Place: [PartyMistake]] = [:]
        for party in parties.values.sorted(by: { String.isOrderedAsID($0.id, $1.id) }) {
            for diagnostic in party.diagnostics {
                let place = Place(location: diagnostic.location, code: diagnostic.code)
                places[place, default: []].append(PartyMistake(party: party, diagnostic: diagnostic))
            }
        }
        let users = Dictionary(grouping: parties.keys) { files.parties[$0]??.blueprint }.mapValues(\.count)
        var moved: [Place: Diagnostic] = [:]
        for mistakes in places.values.sorted(by: { $0[0].diagnostic < $1[0].diagnostic }) {
            let owners = Set(mistakes.map(\.party.id))
            let isOfEveryUser = owners.count > 1 && owners.count == users[mistakes[0].blueprint(in: files)]
            for mistake in mistakes {
                var shown = mistake.diagnostic
                if isOfEveryUser {
                    shown = PartyMistake.common(mistakes)
                } else if let own = mistake.party.blame.moved(shown) {
                    // One value can be wrong in many places; the first one says enough.
                    let place = Place(location: own.location, code: own.code)
                    shown = moved[place] ?? own
                    moved[place] = shown
                }
                findings.append(Finding(shown, in: [.party(mistake.party.id)]))
            }
        }
    }

    /// Checks that the party that is the exchange is one; its files are not there in a last good state.
    private mutating func checkExchange() {
        guard case .party(let id)? = files.federation?.exchange?.place else { return }
        let mistake: Diagnostic
        if let file = files.parties[id.value] {
            // What cannot be read is reported where it is read.
            guard let name = file?.blueprint, let blueprint = files.blueprints[name] ?? nil,
                !blueprint.routeTables.contains(where: { $0.role == .exchange })
            else { return }
            mistake = Diagnostic(
                code: "E-ROUTE", at: id.location,
                "party \(id.value) is no exchange: its blueprint \(name) has no route table of \"role: exchange\""
            )
        } else {
            mistake = .unknownReference("party", id.value, in: files.parties.keys, at: id.location)
        }
        findings.append(Finding(mistake, in: [.federation]))
    }

    /// Warns of ways with TLS from a rollsite that is not told to use it: it sends plain text without a word.
    private mutating func checkSecureWays() {
        let routes = parties.values.compactMap(\.route)
        for (id, party) in parties {
            guard let location = files.parties[id]??.location,
                let table = party.routeTables.first(where: { $0.format == .rollsite }),
                RollsiteConsistency.lacksTLS(party.resources?.files ?? [])
            else { continue }
            var secure = routes.filter { route in
                guard route.party != id, !route.isExchange else { return false }
                guard case .direct(let endpoint) = table.way(to: route, among: routes) else { return false }
                return endpoint.isSecure
            }.map { "party \($0.party)" }.sorted()
            if table.exchange(among: routes)?.isSecure == true { secure.append("the exchange") }
            guard !secure.isEmpty else { continue }
            let message =
                "TLS is expected by \(secure.joined(separator: ", ")), but no properties file sets "
                + "eggroll.core.security.client.ca.crt.path, so rollsite sends plain text"
            findings.append(
                Finding(Diagnostic(.warning, code: "W-TLS", at: location, message), in: [.party(id)]))
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

/// A mistake that was found while a party was put together.
private struct PartyMistake {
    var party: DecodedParty
    var diagnostic: Diagnostic

    func blueprint(in files: StateFiles) -> String? { files.parties[party.id]??.blueprint }

    /// What is said of a mistake that every user of a blueprint makes at one place, so that it is the blueprint's.
    static func common(_ mistakes: [PartyMistake]) -> Diagnostic {
        let first = mistakes[0].diagnostic
        guard mistakes.contains(where: { $0.diagnostic.message != first.message }) else { return first }
        return Diagnostic(
            first.severity, code: first.code, at: first.location,
            "\(first.message) (and likewise for every other party)")
    }
}
