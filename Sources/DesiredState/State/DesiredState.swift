/// What one host should run, decoded from the files of one revision.
///
/// Mistakes are collected, never thrown: what they do not affect is here, and they are in `diagnostics`.
public struct DesiredState: Sendable {
    /// The federation's name, for people; empty when it cannot be read.
    public internal(set) var federation = ""
    /// What this host runs of each valid party, ordered by id.
    public internal(set) var parties: [PartyResources] = []
    /// How each party is reached, those of other hosts and organisations too, ordered by id.
    public internal(set) var routes: [PartyRoute] = []
    /// The tables of every valid party, those of other hosts too.
    var routeTables: [RouteTable] = []
    /// Every party that the repository has, with its host; `nil` for one of another organisation and for one
    /// whose host cannot be read.
    public internal(set) var partyHosts: [String: String?] = [:]
    /// Which hosts every valid party runs on.
    public internal(set) var placements: [String: Placement] = [:]
    /// What the nodes of each valid party keep.
    public internal(set) var nodes: [String: NodeData] = [:]
    /// Every mistake, in the order of the files.
    public internal(set) var diagnostics: [Diagnostic] = []
    /// The units that have an error, and the parties whose blueprint or federation has one.
    ///
    /// A clash between two parties makes both of them invalid.
    public internal(set) var invalidUnits: Set<SourceUnit> = []

    /// Who reaches whom.
    public var routeMap: RouteMap { RouteMap(parties: routes, tables: routeTables) }

    /// Decodes a revision; `reading` are the mistakes that were found while its tree was read.
    public static func decode(
        _ tree: SourceTree, context: DecodingContext, reading: [Diagnostic] = []
    ) -> DesiredState {
        let decoded = DecodedRevision(tree, context: context, reading: reading)
        var state = DesiredState()
        state.federation = decoded.files.federation?.name ?? ""
        state.diagnostics = decoded.findings.diagnostics
        state.invalidUnits = decoded.invalidUnits
        let valid = decoded.parties.filter { !state.invalidUnits.contains(.party($0.key)) }
        var hosts: [String: String?] = [:]
        for id in decoded.partyIDs { hosts.updateValue(decoded.parties[id]?.host, forKey: id) }
        state.fill(valid, routes: decoded.parties.compactMapValues(\.route), hosts: hosts, context)
        return state
    }

    /// The names of the blueprints that the parties in these files ask for; the blueprints need not be there.
    public static func blueprintsInUse(by tree: SourceTree) -> Set<String> {
        var unused: [Finding] = []
        return Set(
            StateLayout(tree).parties.compactMap {
                PartyFile.decode($0, from: tree, into: &unused)?.blueprint
            })
    }

    /// Takes over the parties that are valid, and derives their route tables from the endpoints of all.
    mutating func fill(
        _ valid: [String: DecodedParty], routes known: [String: PartyRoute], hosts: [String: String?],
        _ context: DecodingContext
    ) {
        partyHosts = hosts
        routes = known.values.sorted { String.isOrderedAsID($0.party, $1.party) }
        routeTables = valid.values.flatMap(\.routeTables)
        placements = valid.compactMapValues(\.placement)
        nodes = valid.compactMapValues(\.nodes)
        parties = valid.values.compactMap { $0.part(on: context.host, routes: routes) }
        parties.sort { String.isOrderedAsID($0.party, $1.party) }
    }
}
