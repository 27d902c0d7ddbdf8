extension WireContainer {
    /// Hardware addresses that somebody chose, by network.
    ///
    /// For the network that the container was made on the engine keeps what was asked for. Of other endpoints, which
    /// take one from API 1.44 on, it only shows what they have; before API 1.48 it derives an address that nobody
    /// chose from the IPv4 address, later it takes a random one, which nothing tells from a chosen one.
    func chosenMACAddresses(apiVersion: String) -> [String: String] {
        let version = APIVersion(parsing: apiVersion) ?? .oldest
        let showsChoice =
            APIVersion(major: 1, minor: 44) <= version && version < APIVersion(major: 1, minor: 48)
        var addresses: [String: String] = [:]
        for (network, endpoint) in networkSettings.networks ?? [:] {
            guard let endpoint else { continue }
            let isMain = network == mainNetwork || endpoint.networkID == mainNetwork
            let shown = isMain ? config.macAddress : showsChoice ? endpoint.macAddress : nil
            guard let address = shown?.orNil, address.lowercased() != endpoint.derivedMACAddress else {
                continue
            }
            addresses[network] = address
        }
        return addresses
    }

    /// Name or id of the network that the container was made on.
    private var mainNetwork: String {
        let mode = hostConfig.networkMode ?? ""
        return mode.isEmpty || mode == "default" ? "bridge" : mode
    }
}

extension WireContainer.Endpoint {
    /// The hardware address that engines make of the IPv4 address.
    fileprivate var derivedMACAddress: String? {
        let bytes = (address ?? "").split(separator: ".").compactMap { UInt8($0) }
        guard bytes.count == 4 else { return nil }
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return (["02", "42"] + digits).joined(separator: ":")
    }
}
