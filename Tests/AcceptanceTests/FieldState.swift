import Foundation

/// A state repository with one service, network or volume per field, and one service that never changes.
struct FieldState {
    let host: Host

    enum Values { case old, new }

    var prefix: String { "\(host.name)field" }

    var cases: [FieldCase] { FieldCase.all(on: host.engine.version) }

    func name(_ name: String) -> String { "\(prefix)_\(name)" }

    func write(_ values: Values, networks: [NetworkCase], volumes: [VolumeCase]) throws {
        try host.write("federation.yaml", "apiVersion: fatesync/v1\nkind: Federation\nname: fields\n")
        try host.write("blueprints/fields/blueprint.yaml", Self.blueprint)
        let isNew = values == .new
        let services =
            cases.map { service($0.name, isNew ? $0.new : $0.old) } + [service("still", [:])]
        let lines = networks.map { "  \($0.name): \(isNew ? $0.new : $0.old)\n" }
        let attached = networks.map { network in
            service("on-\(network.name)", ["network_mode": "", "networks": "[\(network.name)]"])
        }
        try host.write(
            "blueprints/fields/compose.yaml",
            "name: ${PREFIX}\nnetworks:\n" + Self.networks + lines.joined() + "volumes:\n  named: {}\n"
                + volumes.map { "  \($0.name): \(isNew ? $0.new : $0.old)\n" }.joined() + "services:\n"
                + services.joined() + attached.joined())
        let port = 20000 + host.number * 10
        try host.write(
            "parties/1/party.yaml",
            """
            apiVersion: fatesync/v1
            kind: Party
            id: 1
            blueprint: fields
            host: \(host.name)
            endpoint: {address: 10.10.0.1, port: \(port)}
            variables:
              PREFIX: \(prefix)
              NET: "10.\(60 + host.number)"
              PORT: \(port)
              OTHER: \(port + 1)
              CDI: \(DeviceSpecs(host).kind)
              DRIVER: \(NetworkDriver.name(for: host.engine))

            """)
    }

    private func service(_ name: String, _ keys: [String: String]) -> String {
        var keys = FieldCase.keys.merging(keys) { $1 }
        keys["container_name"] = keys["container_name"] ?? "${PREFIX}_\(name)"
        // A key with an empty value is taken back.
        let lines = keys.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
        return "  \(name):\n" + lines.map { "    \($0.key): \($0.value)\n" }.joined()
    }

    private static let networks = """
          net: {ipam: {config: [{subnet: "${NET}.1.0/24"}]}}
          side: {ipam: {config: [{subnet: "${NET}.2.0/24"}]}}

        """

    private static let blueprint = """
        apiVersion: fatesync/v1
        kind: Blueprint
        name: fields
        project: ${PREFIX}
        confs: ${BASE_DIR}/${PREFIX}/confs
        variables:
          PREFIX: {type: string}
          NET: {type: string}
          PORT: {type: port}
          OTHER: {type: port}
          CDI: {type: string}
          DRIVER: {type: string}

        """
}

/// A network of its own for a field of networks.
struct NetworkCase: Sendable {
    let field: String
    let old: String
    let new: String
    /// Options of `docker network create` that make it as `old` says.
    let byHand: [String]

    var name: String { "n-" + field.replacingOccurrences(of: "_", with: "-") }

    /// The third number of its subnet tells it from others.
    static let all = [
        NetworkCase(field: "ipam", old: pool(3), new: pool(13), byHand: ["--subnet", "NET.3.0/24"]),
        NetworkCase(
            field: "attachable", old: pool(4), new: pool(4, "attachable: true"),
            byHand: ["--subnet", "NET.4.0/24"]),
        NetworkCase(
            field: "internal", old: pool(5), new: pool(5, "internal: true"),
            byHand: ["--subnet", "NET.5.0/24"]),
        NetworkCase(
            field: "driver_opts", old: pool(6),
            new: pool(6, "driver_opts: {com.docker.network.bridge.enable_icc: \"false\"}"),
            byHand: ["--subnet", "NET.6.0/24"]),
        NetworkCase(
            field: "labels", old: pool(7), new: pool(7, "labels: {key: new}"),
            byHand: ["--subnet", "NET.7.0/24"]),
        NetworkCase(
            field: "driver", old: pool(8), new: pool(8, "driver: \"${DRIVER}\""),
            byHand: ["--subnet", "NET.8.0/24"]),
    ]

    private static func pool(_ number: Int, _ rest: String = "attachable: false") -> String {
        "{ipam: {config: [{subnet: \"${NET}.\(number).0/24\"}]}, \(rest)}"
    }
}

/// A volume of its own for a field of volumes.
struct VolumeCase: Sendable {
    let field: String
    let old: String
    let new: String

    var name: String { "v-" + field.replacingOccurrences(of: "_", with: "-") }

    static let all = [
        VolumeCase(field: "driver", old: "{}", new: "{driver: other}"),
        VolumeCase(field: "driver_opts", old: "{}", new: "{driver_opts: {type: tmpfs, device: tmpfs}}"),
        VolumeCase(field: "labels", old: "{labels: {key: old}}", new: "{labels: {key: new}}"),
    ]
}
