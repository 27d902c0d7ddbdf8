/// Puts the parties that were read together to a state repository.
struct StateAssembly {
    let dataDirectory: String
    /// What was read, for people: the name of the folder.
    let source: String
    private(set) var findings: [ImportFinding]
    private var tree: [String: [UInt8]] = [:]
    private var parties: [ImportedState.Party] = []
    private var routes: [String: RouteReading] = [:]

    init(dataDirectory: String, source: String, findings: [ImportFinding]) {
        self.dataDirectory = dataDirectory
        self.source = source
        self.findings = findings
    }

    /// Writes the state of `drafts`.
    ///
    /// - Parameter others: Addresses of further parties that are known by more than the route tables.
    mutating func state(
        of drafts: [PartyDraft], others: [String: RouteReading.Hop], hosts: ImportHosts
    ) throws(ImportError) -> ImportedState {
        for draft in drafts { routes[draft.id] = RouteReading(of: draft, into: &findings) }
        let names = try hostNames(of: drafts, hosts)
        for blueprint in blueprints(of: drafts) {
            tree.merge(blueprint.files(source: source, into: &findings)) { first, _ in first }
            for party in blueprint.parties {
                let host = names[party.id] ?? hosts.machine
                let files = blueprint.files(
                    of: party, host: host, address: address(of: party, among: drafts), source: source)
                tree.merge(files) { first, _ in first }
                parties.append(ImportedState.Party(id: party.id, host: host, blueprint: blueprint.name))
            }
        }
        writeExternal(drafts, others)
        writeFederation(drafts)
        parties.sort { String.isOrderedAsID($0.id, $1.id) }
        var state = ImportedState(
            tree: SourceTree(files: tree), parties: parties, secrets: secrets(of: drafts),
            dataDirectory: dataDirectory, findings: findings)
        let check = ImportCheck(state: state, drafts: drafts)
        state.findings = Set(findings + check.findings).sorted()
        return state
    }

    private mutating func blueprints(of drafts: [PartyDraft]) -> [BlueprintDraft] {
        var blueprints: [BlueprintDraft] = []
        for draft in drafts {
            var isTaken = false
            for index in blueprints.indices where !isTaken && hasSameTable(blueprints[index].first, draft) {
                isTaken = blueprints[index].take(draft)
            }
            if isTaken { continue }
            let base = "imported" + (draft.version.map { "-" + $0 } ?? "")
            let name = blueprints.contains { $0.name == base } ? "\(base)-\(draft.id)" : base
            var blueprint = BlueprintDraft(draft, name: name, dataDirectory: dataDirectory)
            blueprint.routeTable = routes[draft.id]
            blueprints.append(blueprint)
        }
        for index in blueprints.indices {
            blueprints[index].mergeConfs(into: &findings)
            noteCopiedTables(blueprints[index])
        }
        return blueprints
    }

    private func hasSameTable(_ left: PartyDraft, _ right: PartyDraft) -> Bool {
        let (left, right) = (routes[left.id], routes[right.id])
        return left?.isDerivable == right?.isDerivable && left?.own?.address == right?.own?.address
            && left?.own?.port == right?.own?.port && left?.fateflow?.address == right?.fateflow?.address
            && left?.fateflow?.port == right?.fateflow?.port
    }

    /// Says which tables of others than rollsite and OSX stay as they are.
    private mutating func noteCopiedTables(_ blueprint: BlueprintDraft) {
        let party = blueprint.first
        let queues = ["rabbitmq", "pulsar"].filter(party.has).map { "fate_flow/conf/\($0)_route_table.yaml" }
        var paths = (party.has("nginx") ? ["nginx/route_table.yaml"] : []) + queues
        if let table = blueprint.routeTable, !table.isDerivable { paths.append(table.path) }
        for path in paths where party.confs[path] != nil {
            let message =
                "this route table is copied: add and move parties in it by hand, or have it derived by "
                + "\"routeTable\" in blueprint.yaml"
            findings.append(ImportFinding(.note, at: party.location(path), message))
        }
    }

    /// What others dial: as parties.conf says, or as the tables of the others do.
    private mutating func address(of party: PartyDraft, among drafts: [PartyDraft]) -> String {
        var known = [party.address].compactMap(\.self)
        for other in drafts { known += [routes[other.id]?.peers[party.id]?.address].compactMap(\.self) }
        let usable = known.filter {
            NetworkAddress.mistake(in: $0) == nil && NetworkAddress.unreachable($0) == nil
        }
        if let address = usable.first {
            if let other = usable.first(where: { $0 != address }) {
                let message =
                    "party \(party.id) is dialled at \(address) and at \(other); the first is written"
                findings.append(ImportFinding(.changed, in: party.origin, message))
            }
            return address
        }
        let placeholder = "party-\(party.id).invalid"
        let found = known.first.map { "only \($0), which other hosts cannot dial" } ?? "nothing"
        let message =
            "where other parties dial party \(party.id) is not known (\(found)); write its address for "
            + "\(placeholder) in parties/\(party.id)/party.yaml"
        findings.append(ImportFinding(.note, in: party.origin, message))
        return placeholder
    }

    private func hostNames(
        of drafts: [PartyDraft], _ hosts: ImportHosts
    ) throws(ImportError) -> [String: String] {
        for id in hosts.named.keys.sorted() where !drafts.contains(where: { $0.id == id }) {
            throw ImportError("there is no party \(id) to give the host \(hosts.named[id] ?? "") to")
        }
        let open = drafts.filter { hosts.named[$0.id] == nil }
        let addresses = Set(open.compactMap(\.address))
        var names = hosts.named
        if addresses.count > 1, hosts.common != nil {
            let list = open.map { "\($0.id) at \($0.address ?? "?")" }.joined(separator: ", ")
            throw ImportError(
                "the parties stand on several hosts (\(list)): name each one by --host PARTY=NAME")
        }
        for draft in open {
            names[draft.id] = hosts.common ?? (addresses.count > 1 ? draft.address : nil) ?? hosts.machine
        }
        return names
    }

    /// Parties that are routed to and were not read.
    private mutating func writeExternal(_ drafts: [PartyDraft], _ others: [String: RouteReading.Hop]) {
        var hops = others
        for draft in drafts {
            for (id, hop) in (routes[draft.id]?.peers ?? [:]).sorted(by: { $0.key < $1.key }) {
                if let known = hops[id], (known.address, known.port) != (hop.address, hop.port),
                    !drafts.contains(where: { $0.id == id })
                {
                    let message =
                        "party \(id) is at \(hop.address):\(hop.port) here and at \(known.address):\(known.port) "
                        + "in \(known.location); the latter is written for all"
                    findings.append(ImportFinding(.changed, at: hop.location, message))
                } else {
                    hops[id] = hop
                }
            }
        }
        for (id, hop) in hops.sorted(by: { $0.key < $1.key }) where !drafts.contains(where: { $0.id == id }) {
            if let mistake = NetworkAddress.mistake(in: hop.address)
                ?? NetworkAddress.unreachable(hop.address)
            {
                let message = "the address of party \(id) \(mistake.message)"
                findings.append(ImportFinding(.leftOut, at: hop.location, message))
                continue
            }
            let entries: ConfigValue = .map([
                "apiVersion": .string(FileHeader.version), "kind": .string("Party"),
                "id": Int64(id).map(ConfigValue.integer) ?? .string(id), "external": .bool(true),
                "endpoint": .map(["address": .string(hop.address), "port": .integer(Int64(hop.port))]),
            ])
            let comment = "Dialled by the parties of \(source), and not run by it."
            tree["\(PartyFile.directory(of: id))/party.yaml"] = StateText.yaml(entries, comment: comment)
            parties.append(ImportedState.Party(id: id, host: nil, blueprint: nil))
        }
    }

    private mutating func writeFederation(_ drafts: [PartyDraft]) {
        var entries = [
            ConfigEntry("apiVersion", .string(FileHeader.version)),
            ConfigEntry("kind", .string("Federation")),
            ConfigEntry("name", .string("imported")),
        ]
        let exchanges = drafts.compactMap { routes[$0.id]?.exchange }
        if let exchange = exchanges.first {
            entries.append(
                ConfigEntry(
                    "exchange",
                    .map(["address": .string(exchange.address), "port": .integer(Int64(exchange.port))])))
        }
        tree[FederationFile.path] = StateText.yaml(.map(entries), comment: "Written by `fatesync import`.")
    }

    private func secrets(of drafts: [PartyDraft]) -> [ImportedState.Secret] {
        drafts.flatMap { draft in
            draft.variables.filter { $0.type == .secret }.map { variable in
                let place = draft.secrets[variable.name] ?? SourceLocation(file: draft.origin)
                return ImportedState.Secret(party: draft.id, name: variable.name, location: place)
            }
        }
    }
}
