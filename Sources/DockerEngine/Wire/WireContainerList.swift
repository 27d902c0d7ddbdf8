/// One line of `GET /containers/json`: enough to know whose a container is and which ports it holds.
struct WireContainerSummary: Decodable {
    var id: String
    var names: [String]?
    var labels: [String: String]?
    var ports: [Port]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case labels = "Labels"
        case ports = "Ports"
    }

    struct Port: Decodable {
        var address: String?
        var publicPort: Int?
        var proto: String?

        enum CodingKeys: String, CodingKey {
            case address = "IP"
            case publicPort = "PublicPort"
            case proto = "Type"
        }
    }

    /// The container's own name; names of links have a second slash.
    var name: String {
        let own = (names ?? []).map { $0.drop { $0 == "/" } }.first { !$0.contains("/") }
        return own.map(String.init) ?? ""
    }

    var publishedPorts: [PublishedPort] {
        (ports ?? []).compactMap { port in
            guard let number = port.publicPort, number > 0 else { return nil }
            return PublishedPort(
                hostAddress: port.address ?? "", port: number, proto: port.proto ?? "tcp",
                containerName: name,
                containerID: id)
        }
    }
}
