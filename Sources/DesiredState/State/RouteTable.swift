/// The route table of one party, as rollsite of eggroll 2 reads it.
struct RouteTable: Sendable {
    struct Hop: Sendable {
        var address: String
        var port: Int
    }

    /// Path on the host and below `confs/`.
    var path: String
    var name: String
    var effect: ChangeEffect
    var own: Hop
    var fateflow: Hop
    /// Where messages for unlisted parties go; `nil`: to the party itself.
    var exchange: Hop?

    /// The table of `party` with a way to each of `routes`.
    ///
    /// Ports are integers, because rollsite casts them; `default_allow` is said although it is the default,
    /// because other readers of this format deny without it.
    func file(for party: String, routes: [PartyRoute]) -> FileSpec {
        var entries = [ConfigEntry("default", Self.entry([("default", exchange ?? own)]))]
        for route in routes.sorted(by: { String.isOrderedAsID($0.party, $1.party) }) {
            let roles =
                route.party == party
                ? [("default", own), ("fateflow", fateflow)]
                : [("default", Hop(address: route.address, port: route.port))]
            entries.append(ConfigEntry(route.party, Self.entry(roles)))
        }
        let table = ConfigValue.map([
            ConfigEntry("route_table", .map(entries)),
            ConfigEntry("permission", .map(["default_allow": .bool(true)])),
        ])
        return FileSpec(
            path: path, name: name, content: Array(table.jsonText.utf8), format: .json, onChange: effect,
            requiredMaps: ["route_table"])
    }

    private static func entry(_ roles: [(String, Hop)]) -> ConfigValue {
        .map(
            roles.map { role, hop in
                let target = ConfigValue.map(["ip": .string(hop.address), "port": .integer(Int64(hop.port))])
                return ConfigEntry(role, .list([target]))
            })
    }
}
