// What the readers make of these tables, and where a table differs from KubeFATE's on purpose, stands in the
// manual, chapter *Desired state*. Ports are integers and flags are booleans in every format, because readers cast
// them.

extension RouteTable {
    /// The table for its reader.
    func content(routes: [PartyRoute]) -> ConfigValue {
        let exchange = exchange(among: routes)
        var entries: [(party: String, value: ConfigValue)] = []
        for route in routes where route.party != party && !route.isExchange {
            switch way(to: route, among: routes) {
            case .direct(let endpoint): entries.append((route.party, entry(endpoint)))
            case .polled:
                let hop = ConfigValue.map(["is_polling": .bool(true)])
                entries.append((route.party, Self.roles([("default", hop)])))
            // What no entry is for goes where `default` says.
            case .exchange, .unreachable: continue
            }
        }
        if role == .party, let own = ownEntry { entries.append((party, own)) }
        entries.sort { String.isOrderedAsID($0.party, $1.party) }
        let isNumber = format.fileFormat == .yaml
        var table = entries.map { ConfigEntry($0.party, $0.value, keyIsInteger: isNumber) }
        if let value = defaultEntry(exchange) { table.insert(ConfigEntry("default", value), at: 0) }
        return document(.map(table))
    }

    /// The table with what its reader wants around it.
    private func document(_ table: ConfigValue) -> ConfigValue {
        // Said although rollsite allows without it: FATE-Serving denies then.
        let permission = ConfigEntry("permission", .map(["default_allow": .bool(true)]))
        switch format {
        case .rollsite, .servingProxy: return .map([ConfigEntry("route_table", table), permission])
        case .osx:
            let own = ConfigEntry("self_party", .list([.string(party)]))
            return .map([ConfigEntry("route_table", table), own, permission])
        case .nginx, .rabbitmq, .pulsar: return table
        }
    }

    /// Another party that is dialled, or the exchange.
    private func entry(_ endpoint: Endpoint) -> ConfigValue {
        switch format {
        case .rollsite, .osx: return Self.roles([("default", secured(endpoint))])
        case .servingProxy:
            return Self.roles([("default", Self.hop(endpoint.address, endpoint.ports[.serving]))])
        case .nginx:
            return Self.roles([
                ("proxy", Self.nginxHop(endpoint.address, endpoint.ports[.http], endpoint.ports[.grpc]))
            ])
        case .rabbitmq: return Self.queue(endpoint.address, endpoint.ports[.rabbitmq])
        case .pulsar:
            return Self.pulsar(endpoint.address, endpoint.ports[.pulsar], ssl: endpoint.ports[.pulsarSSL])
        }
    }

    private var ownEntry: ConfigValue? {
        let service = backend.flatMap { hop in format.backend.map { ($0, self.hop(hop)) } }
        switch format {
        case .osx: return Self.roles([service].compactMap(\.self))
        case .rollsite, .servingProxy:
            return own.map { Self.roles([("default", hop($0)), service].compactMap(\.self)) }
        case .nginx: return own.map { Self.roles([("proxy", hop($0)), service].compactMap(\.self)) }
        case .rabbitmq, .pulsar: return own.map(hop)
        }
    }

    /// Where messages for unlisted parties go; `nil` where the reader should have no such entry.
    private func defaultEntry(_ exchange: Endpoint?) -> ConfigValue? {
        switch format {
        case .rollsite:
            // The empty entry lets a message for a stranger fail at the exchange, with a reason.
            guard role == .party else { return Self.roles([("default", .map([ConfigEntry]()))]) }
            return exchange.map(entry) ?? own.map { Self.roles([("default", hop($0))]) }
        case .nginx: return exchange.map(entry) ?? own.map { Self.roles([("proxy", hop($0))]) }
        // They refuse an entry without an address, and to themselves they would send in a circle.
        case .osx, .servingProxy: return exchange.map(entry)
        case .rabbitmq: return nil
        case .pulsar:
            guard let exchange, let domain, let port = exchange.ports[.pulsar] else { return nil }
            return .map([
                "proxy": .string("\(exchange.address):\(port)"), "domain": .string(domain),
                "brokerPort": .integer(6650), "brokerSslPort": .integer(6651),
            ])
        }
    }
}

// MARK: - One address

extension RouteTable {
    private static func roles(_ roles: [(String, ConfigValue)]) -> ConfigValue {
        .map(roles.map { ConfigEntry($0, .list([$1])) })
    }

    private func hop(_ hop: Hop) -> ConfigValue {
        switch format {
        case .rollsite, .osx, .servingProxy: Self.hop(hop.address, hop.ports["port"])
        case .nginx: Self.nginxHop(hop.address, hop.ports["http"], hop.ports["grpc"])
        case .rabbitmq: Self.queue(hop.address, hop.ports["port"])
        case .pulsar: Self.pulsar(hop.address, hop.ports["port"], ssl: hop.ports["sslPort"])
        }
    }

    private static func hop(_ address: String, _ port: Int?) -> ConfigValue {
        .map([ConfigEntry("ip", .string(address))] + number("port", port))
    }

    /// rollsite or OSX of another party, which may expect TLS.
    private func secured(_ endpoint: Endpoint) -> ConfigValue {
        var entries =
            [ConfigEntry("ip", .string(endpoint.address))] + Self.number("port", endpoint.ports[.port])
        if endpoint.isSecure {
            entries.append(ConfigEntry(format == .osx ? "useSSL" : "is_secure", .bool(true)))
            entries += Self.tlsKeys.compactMap { key in tls[key].map { ConfigEntry(key, .string($0)) } }
        }
        return .map(entries)
    }

    private static func nginxHop(_ address: String, _ http: Int?, _ grpc: Int?) -> ConfigValue {
        .map(
            [ConfigEntry("host", .string(address))] + number("http_port", http) + number("grpc_port", grpc))
    }

    private static func queue(_ address: String, _ port: Int?) -> ConfigValue {
        .map([ConfigEntry("host", .string(address))] + number("port", port))
    }

    private static func pulsar(_ address: String, _ port: Int?, ssl: Int?) -> ConfigValue {
        .map(
            [ConfigEntry("host", .string(address))] + number("port", port) + number("sslPort", ssl)
                + [ConfigEntry("proxy", .string(""))])
    }

    private static func number(_ key: String, _ value: Int?) -> [ConfigEntry] {
        value.map { [ConfigEntry(key, .integer(Int64($0)))] } ?? []
    }
}
