/// A route table as it was found: what it says of the party itself, and of others.
struct RouteReading {
    struct Hop: Equatable {
        var address: String
        var port: Int
        var location: SourceLocation
    }

    /// Path below `confs/`.
    var path: String
    var own: Hop?
    var fateflow: Hop?
    /// Other parties by id.
    var peers: [String: Hop] = [:]
    /// Where messages for unlisted parties go.
    var fallback: Hop?
    /// The kind of table that fatesync derives; `nil`: it can only be copied.
    var format: RouteTableFormat?

    var isDerivable: Bool { format != nil }

    /// Reads the table that the party's gate reads; `nil` when there is none.
    init?(of party: PartyDraft, into findings: inout [ImportFinding]) {
        let path = party.has("osx") ? "osx/conf/route_table.json" : "eggroll/conf/route_table.json"
        guard party.has("osx") || party.has("rollsite"), let bytes = party.confs[path] else { return nil }
        self.path = path
        let place = party.location(path)
        var mistakes: [Diagnostic] = []
        let root = YAMLNode.parseJSON(bytes, file: place.file, into: &mistakes)
        guard let table = root?["route_table"], let entries = table.entries else {
            let reason = mistakes.first.map { ": \($0.message)" } ?? ": it has no \"route_table\""
            findings.append(
                ImportFinding(
                    .leftOut, at: mistakes.first?.location ?? place, "the table cannot be read\(reason)"))
            return
        }
        for entry in entries {
            if entry.key == "default" {
                fallback = Self.hop(entry.value["default"])
            } else if entry.key == party.id {
                own = Self.hop(entry.value["default"])
                fateflow = Self.hop(entry.value["fateflow"])
            } else if !PartyFile.isID(entry.key) {
                let message = "\(entry.key.inQuotes) is no party id, so nothing is routed there"
                findings.append(ImportFinding(.leftOut, at: entry.keyLocation, message))
            } else if let hop = Self.hop(entry.value["default"]) {
                peers[entry.key] = hop
            } else {
                let message = "party \(entry.key) has no address and port under \"default\""
                findings.append(ImportFinding(.leftOut, at: entry.keyLocation, message))
            }
        }
        guard fateflow != nil else { return }
        if party.has("osx") {
            format = .osx
        } else if own != nil {
            format = .rollsite
        }
    }

    /// The first target of a list, the only one that rollsite uses; its port may be a string by mistake.
    private static func hop(_ node: YAMLNode?) -> Hop? {
        guard let target = node?.elements?.first, let address = target["ip"]?.raw, !address.isEmpty,
            let port = target["port"].flatMap({ Int($0.raw) }), 1...65535 ~= port
        else { return nil }
        return Hop(address: address, port: port, location: target.location)
    }

    /// The exchange that unlisted parties are reached through; `nil` when that is the party itself.
    var exchange: Hop? {
        guard let fallback, fallback.address != own?.address || fallback.port != own?.port else { return nil }
        return fallback
    }
}
