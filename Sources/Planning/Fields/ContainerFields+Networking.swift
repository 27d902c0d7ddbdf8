import DesiredState

extension ContainerField {
    /// Ports and names.
    static let networking = [
        ContainerField(
            "expose", .recreate, .set { Array($0.exposedPorts) },
            sent: ["ExposedPorts.*"], shown: ["Config.ExposedPorts.*"],
            rule: """
                Ports of the image are added, and those of `ports`, without which engines before 29 publish \
                nothing; a port that only one side publishes is left to `ports`.
                """),
        ContainerField(
            "ports", .recreate, .set { $0.ports.map(\.text) },
            sent: [
                "ExposedPorts.*", "HostConfig.PortBindings.*[].HostIp",
                "HostConfig.PortBindings.*[].HostPort",
            ], shown: ["Config.ExposedPorts.*", "HostConfig.PortBindings.*"],
            rule: """
                A range is one binding per port; no protocol is tcp; a host port that is absent, 0 or a range is \
                chosen by the engine; no address is every address, which `0.0.0.0` is not.
                """),
        ContainerField(
            "network_mode", .recreate, .value { $0.networkMode },
            sent: ["HostConfig.NetworkMode"],
            shown: ["HostConfig.NetworkMode", "NetworkSettings.Networks.*"],
            rule: """
                Only `host`, `none` and `container:NAME` count, the last by the container's present name; `bridge` \
                is a network like any other.
                """),
        ContainerField(
            "hostname", .recreate, .value { $0.hostname },
            sent: ["Hostname"], shown: ["Config.Hostname"],
            rule: """
                Absent is the short id, which the live side shows; where the container shares a network namespace \
                and none is asked for, any is right.
                """),
        ContainerField(
            "extra_hosts", .recreate, .set { Array($0.extraHosts) },
            sent: ["HostConfig.ExtraHosts[]"], shown: ["HostConfig.ExtraHosts"],
            rule: "Pairs `host:address`, compared letter by letter."),
    ]
}

extension PortBinding {
    /// Compose's short form, `address:host:container/proto`.
    var text: String {
        let address = hostAddress.isEmpty ? "" : "\(hostAddress):"
        let host = hostPort == 0 ? "" : "\(hostPort):"
        return "\(address)\(host)\(containerPort)/\(proto)"
    }

    /// The port of the container as `expose` writes it.
    var exposed: String { "\(containerPort)/\(proto)" }
}
