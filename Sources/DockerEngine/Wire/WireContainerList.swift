import Planning

/// One line of `GET /containers/json`: enough to know whose a container is and which ports it holds.
struct WireContainerSummary: Decodable, Sendable, Equatable {
    var id: String
    var names: [String]?
    /// The reference that the container was created from, or the image's id once that has another image.
    var image: String?
    var labels: [String: String]?
    var ports: [Port]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case image = "Image"
        case labels = "Labels"
        case ports = "Ports"
    }

    struct Port: Decodable, Sendable, Equatable {
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
