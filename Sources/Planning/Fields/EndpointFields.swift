import DesiredState

/// How a container sits on one network; `nil` where it is not on it.
typealias EndpointField = Field<ComparedEndpoint?>

extension EndpointField {
    /// Every field of an endpoint, compared one by one and shown in one line per network.
    static let all = [
        EndpointField(
            "networks", .networkConnect, .value { $0 == nil ? nil : "connected" },
            sent: ["HostConfig.NetworkMode", "NetworkingConfig.EndpointsConfig.*"],
            inPlace: ["?network"], shown: ["NetworkSettings.Networks.*"],
            rule: """
                The networks that the container is on, by name; absent is the project's `default`. Before API 1.44 a \
                create takes one network and the others follow by `connect`.
                """),
        EndpointField(
            "networks.aliases", .networkConnect, .set { Array($0?.spec.aliases ?? []) },
            compose: "networks.NAME.aliases",
            sent: ["NetworkingConfig.EndpointsConfig.*.Aliases[]"], inPlace: ["EndpointConfig.Aliases[]"],
            shown: ["NetworkSettings.Networks.*.Aliases"],
            rule: """
                The name of the service is one of them; the short id and the host name, which some engines add, do \
                not count.
                """),
        EndpointField(
            "networks.ipv4_address", .networkConnect, .value { $0?.spec.ipv4Address },
            compose: "networks.NAME.ipv4_address",
            sent: ["NetworkingConfig.EndpointsConfig.*.IPAMConfig.IPv4Address"],
            inPlace: ["EndpointConfig.IPAMConfig.IPv4Address"],
            shown: ["NetworkSettings.Networks.*.IPAMConfig.IPv4Address"],
            rule: """
                Absent lets the engine choose, and then nothing is shown; on overlay networks nothing tells a fixed \
                address from a chosen one, so it does not count there.
                """),
        EndpointField(
            "networks.mac_address", nil, .handover { $0?.spec.macAddress }, compose: "",
            sent: ["NetworkingConfig.EndpointsConfig.*.MacAddress"],
            shown: ["Config.MacAddress", "NetworkSettings.Networks.*.MacAddress"],
            rule: """
                One that somebody chose is sent for the new container, before API 1.44 as `MacAddress`; one that the \
                engine made up is not.
                """),
        EndpointField(
            "network id", .networkConnect, .value { $0?.networkID }, compose: "",
            sent: ["NetworkingConfig.EndpointsConfig.*"], inPlace: ["?network"],
            shown: ["NetworkSettings.Networks.*.NetworkID"],
            rule: """
                The very network that the container joined must be the one that has the name now; before the first \
                start it is not known and counts as equal.
                """),
    ]

    /// The first field that differs; `nil` when the endpoint is right.
    static func first(where live: ComparedEndpoint?, differsFrom desired: ComparedEndpoint?) -> Self? {
        all.first { !$0.changes(from: live, to: desired).isEmpty }
    }
}

/// An endpoint as one side of a comparison.
struct ComparedEndpoint: Sendable, Equatable {
    /// Normalised.
    var spec: EndpointSpec
    /// Empty on both sides where it says nothing.
    var networkID: String
}

extension EndpointSpec {
    var text: String {
        (ipv4Address.map { "\($0) " } ?? "") + "[" + aliases.sorted().joined(separator: ", ") + "]"
    }
}
