import Foundation

/// One service per field of a container, with a value before and a value after.
struct FieldCase: Sendable {
    /// The field's name in the manual.
    let field: String
    /// Keys of the service in compose.yaml with their values in one line; those that are not named are those of `keys`.
    let old: [String: String]
    let new: [String: String]
    /// Fields that change with it.
    var others: Set<String> = []

    init(
        _ field: String, key: String? = nil, _ old: String?, _ new: String, with rest: [String: String] = [:]
    ) {
        self.field = field
        let key = key ?? field
        self.old = old.map { rest.merging([key: $0]) { $1 } } ?? rest
        self.new = rest.merging([key: new]) { $1 }
    }

    /// The service and the end of the container's name.
    var name: String { field.replacingOccurrences(of: ".", with: "-") }

    static let keys = [
        "image": "federatedai/client:1.5.1-release", "command": "[sh, -c, \"sleep 100000\"]",
        "stop_signal": "SIGKILL", "network_mode": "none",
    ]

    private static let onNetwork = ["network_mode": "", "networks": "[net]"]

    /// A driver for devices is another one on each engine: a stand-in for NVIDIA's hook, and CDI.
    static func all(on version: Engine.Version) -> [FieldCase] {
        switch version {
        case .oldest: common + [FieldCase("gpus", "[{count: 1}]", "[{count: 2}]")]
        case .newer: common + [FieldCase("gpus", key: "devices", "[\"${CDI}=a\"]", "[\"${CDI}=b\"]")]
        }
    }

    private static let common: [FieldCase] =
        process + resources + [
            FieldCase("expose", "[\"7000\"]", "[\"7001\"]"),
            FieldCase("ports", "[\"${PORT}:80\"]", "[\"${OTHER}:80\"]", with: onNetwork),
            FieldCase("network_mode", "none", "host"),
            FieldCase("hostname", "one", "two"),
            FieldCase("extra_hosts", "[\"peer:10.0.0.9\"]", "[\"peer:10.0.0.8\"]"),
            FieldCase("mounts", key: "volumes", "[\"named:/data\"]", "[\"named:/data:ro\"]"),
            FieldCase("tmpfs", "[\"/run:size=1m\"]", "[\"/run:size=2m\"]"),
            FieldCase("read_only", nil, "true"),
            FieldCase("ipc", nil, "shareable"),
            FieldCase("cap_add", "[CHOWN]", "[KILL]"),
            FieldCase("cap_drop", "[MKNOD]", "[CHOWN]"),
            FieldCase("security_opt", nil, "[\"no-new-privileges:true\"]"),
            FieldCase("sysctls", "{net.core.somaxconn: 512}", "{net.core.somaxconn: 1024}"),
            FieldCase(
                "logging", "{driver: json-file, options: {max-size: 1m}}",
                "{driver: json-file, options: {max-size: 2m}}"),
            FieldCase("networks", "{net: {}}", "{net: {}, side: {}}", with: ["network_mode": ""]),
            FieldCase(
                "networks.aliases", key: "networks", "{net: {aliases: [one]}}", "{net: {aliases: [two]}}",
                with: ["network_mode": ""]),
            FieldCase(
                "networks.ipv4_address", key: "networks", "{net: {ipv4_address: \"${NET}.1.20\"}}",
                "{net: {ipv4_address: \"${NET}.1.21\"}}", with: ["network_mode": ""]),
        ]

    private static let process: [FieldCase] = {
        var image = FieldCase("image", "federatedai/client:1.5.1-release", "federatedai/python:1.5.1-release")
        // The other image has other defaults.
        image.others = ["environment", "working_dir"]
        return [
            image,
            FieldCase("container_name", "${PREFIX}_container_name", "${PREFIX}_renamed"),
            FieldCase("command", "[sh, -c, \"sleep 100000\"]", "[sh, -c, \"sleep 200000\"]"),
            FieldCase("entrypoint", nil, "[env]"),
            FieldCase("environment", "{A: \"1\"}", "{A: \"2\"}"),
            FieldCase("labels", "{key: old}", "{key: new}"),
            FieldCase("user", "\"0:0\"", "\"0\""),
            FieldCase("working_dir", "/tmp", "/var"),
            FieldCase(
                "healthcheck", "{test: [CMD, \"true\"], interval: 1s, retries: 3}",
                "{test: [CMD, \"true\"], interval: 1s, retries: 4}"),
            FieldCase("stop_grace_period", "20s", "30s"),
            FieldCase("stop_signal", "SIGKILL", "\"9\""),
            FieldCase("init", nil, "true"),
            FieldCase("restart", nil, "always"),
        ]
    }()

    private static let resources = [
        FieldCase("mem_limit", "64m", "80m", with: ["memswap_limit": "256m"]),
        FieldCase("memswap_limit", "128m", "256m", with: ["mem_limit": "64m"]),
        FieldCase("cpus", "0.5", "0.6"),
        FieldCase("pids_limit", "50", "60"),
        FieldCase("shm_size", "8m", "9m"),
        FieldCase("ulimits", "{nofile: 1024}", "{nofile: 2048}"),
        FieldCase("devices", "[\"/dev/null:/dev/one\"]", "[\"/dev/null:/dev/two\"]"),
    ]
}

/// A row of the manual's page of fields, which is made from the table that comparisons use.
struct FieldRow {
    let section: String
    let name: String
    /// The rung of a change.
    let needs: String

    static func all() throws -> [FieldRow] {
        let path = Program.support("../../Sources/fatesync/Documentation.docc/Fields.md")
        var section = ""
        var rows: [FieldRow] = []
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("## ") { section = String(line.dropFirst(3).prefix { $0 != ":" }) }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 6, cells[0] != "field", !cells[0].hasPrefix("-") else { continue }
            rows.append(FieldRow(section: section, name: cells[0], needs: cells[5]))
        }
        return rows
    }
}
