import DesiredState

/// Changes of every field of networks and volumes.
enum ResourceCases {
    static var network: NetworkSpec {
        NetworkSpec(name: "n", pools: [AddressPool(subnet: "10.251.8.0/24")], labels: [Labels.host: "lab"])
    }

    static let networks = [
        FieldCase("name", of: network) { $0.name = "other" },
        FieldCase("driver", of: network) { $0.driver = "overlay" },
        FieldCase("ipam", of: network) { $0.pools = [AddressPool(subnet: "10.251.9.0/24")] },
        FieldCase("ipam", of: network) { $0.pools[0].gateway = "10.251.8.9" },
        FieldCase("ipam", of: network) { $0.pools[0].range = "10.251.8.128/25" },
        FieldCase("attachable", of: network) { $0.attachable = true },
        FieldCase("internal", of: network) { $0.isInternal = true },
        FieldCase("driver_opts", of: network) {
            $0.driverOptions = ["com.docker.network.bridge.enable_icc": "false"]
        },
        FieldCase("labels", of: network) { $0.labels["key"] = "value" },
        FieldCase("labels", of: network, from: { $0.labels["key"] = "old" }, to: { $0.labels["key"] = nil }),
    ]

    static var volume: VolumeSpec { VolumeSpec(name: "v", labels: [Labels.host: "lab"]) }

    static let volumes = [
        FieldCase("name", of: volume) { $0.name = "other" },
        FieldCase("driver", of: volume) { $0.driver = "plugin" },
        FieldCase("driver_opts", of: volume) {
            $0.driverOptions = ["type": "none", "o": "bind", "device": "/tmp"]
        },
        FieldCase("labels", of: volume) { $0.labels["key"] = "value" },
    ]
}
