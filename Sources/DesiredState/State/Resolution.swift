/// Finds for every party the newest state that is valid beside those of the others.
struct Resolution {
    private let decoded: DecodedRevision
    private let context: DecodingContext
    private let lastGood: (SourceUnit) -> SourceTree?
    /// The states that are taken, new or last good.
    private var chosen: [String: DecodedParty]
    /// Every party to decide about.
    private var ids: Set<String>
    private var fallbackCache: [String: DecodedParty?] = [:]
    private var findings: [Finding]

    init(
        _ decoded: DecodedRevision, context: DecodingContext, rejected: Set<String> = [],
        lastGood: @escaping (SourceUnit) -> SourceTree?
    ) {
        self.decoded = decoded
        self.context = context
        self.lastGood = lastGood
        findings = decoded.findings
        ids = decoded.partyIDs
        for case .party(let id) in decoded.invalidUnits { ids.insert(id) }
        chosen = decoded.parties.filter { !decoded.invalidUnits.contains(.party($0.key)) }
        for id in rejected.sorted() where chosen[id] != nil {
            if let party = usableFallback(of: id) { chosen[id] = party }
        }
    }

    mutating func resolve() -> ResolvedDesiredState {
        if decoded.invalidUnits.contains(.federation), let tree = lastGood(.federation) {
            // What is missing may only be misplaced, so parties of before are not gone.
            ids.formUnion(StateLayout(tree).parties.filter(PartyFile.isID))
        }
        for id in ids.sorted() where chosen[id] == nil { chosen[id] = usableFallback(of: id) }
        while giveWay() {}
        return result()
    }

    /// Moves parties that clash to their last good state, and leaves out those that clash there; `false` when
    /// no two parties clash.
    private mutating func giveWay() -> Bool {
        let clashes = chosen.values.flatMap(\.claims).clashes()
        let new = clashes.filter { !$0.claim.isFallback }
        findings += new.findings
        // What runs already keeps its place; only when nothing new is left do two old states give way.
        for id in Set((new.isEmpty ? clashes : new).map(\.claim.party)) {
            chosen[id] = new.isEmpty ? nil : usableFallback(of: id)
        }
        return !clashes.isEmpty
    }

    private mutating func usableFallback(of id: String) -> DecodedParty? {
        guard let party = fallback(of: id), !party.hasError else { return nil }
        return party
    }

    /// The last good state of a party, which may have become invalid since; `nil` if there is none.
    private mutating func fallback(of id: String) -> DecodedParty? {
        if let known = fallbackCache[id] { return known }
        let party = decodeFallback(of: id)
        fallbackCache.updateValue(party, forKey: id)
        return party
    }

    private func decodeFallback(of id: String) -> DecodedParty? {
        guard let tree = lastGood(.party(id)).map({ closure(of: id, in: $0) }) else { return nil }
        let files = StateFiles(tree)
        guard let file = files.parties[id] ?? nil else { return nil }
        var party = PartyDecoder(party: file, files: files, context: context).decode()
        party.diagnostics += files.findings.diagnostics
        party.isFallback = true
        return party
    }

    /// The files that a party is made from: its own, its blueprint's and the federation's.
    private func closure(of id: String, in tree: SourceTree) -> SourceTree {
        var files = tree.files.filter { SourceUnit.party(id).owns($0.key) }
        func add(_ unit: SourceUnit) {
            var owned = tree.files.filter { unit.owns($0.key) }
            if owned.isEmpty { owned = lastGood(unit)?.files.filter { unit.owns($0.key) } ?? [:] }
            files.merge(owned) { first, _ in first }
        }
        add(.federation)
        var unused: [Finding] = []
        let party = PartyFile.decode(id, from: SourceTree(files: files), into: &unused)
        if let name = party?.blueprint { add(.blueprint(name)) }
        return SourceTree(files: files)
    }

    private mutating func result() -> ResolvedDesiredState {
        var state = DesiredState()
        state.federation = decoded.files.federation?.name ?? ""
        state.diagnostics = findings.diagnostics
        state.invalidUnits = decoded.invalidUnits.union(findings.invalidUnits)
        var hosts: [String: String?] = [:]
        var routes: [String: PartyRoute] = [:]
        for id in ids {
            let known = chosen[id] ?? fallback(of: id)
            hosts.updateValue(known?.host ?? decoded.parties[id]?.host, forKey: id)
            routes[id] = known?.route
        }
        state.fill(chosen, routes: routes, hosts: hosts, context)
        var result = ResolvedDesiredState(state)
        for id in ids {
            guard let party = chosen[id] else {
                result.unresolved.insert(.party(id))
                continue
            }
            if party.isFallback { result.fallbacks.insert(.party(id)) }
        }
        judgeSharedUnits(&result)
        return result
    }

    /// Says of an invalid federation or blueprint whether the parties that need it stand without the new one.
    private func judgeSharedUnits(_ result: inout ResolvedDesiredState) {
        for unit in decoded.invalidUnits {
            let users: Set<String>
            switch unit {
            case .federation: users = ids
            case .blueprint(let name):
                users = Set(decoded.files.parties.filter { $0.value?.blueprint == name }.keys)
            case .party: continue
            }
            if users.contains(where: { result.fallbacks.contains(.party($0)) }) {
                result.fallbacks.insert(unit)
            } else if users.contains(where: { result.unresolved.contains(.party($0)) }) {
                result.unresolved.insert(unit)
            }
        }
        if decoded.invalidUnits.contains(.federation), ids.isEmpty { result.unresolved.insert(.federation) }
    }
}
