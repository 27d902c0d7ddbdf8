/// A state repository of one party whose services see config files through mounts of every kind.
///
/// `directory` mounts a directory, `single` two single files, `volume` a bind volume, `nested` a single file
/// inside a mounted directory; `signalled` rereads its file on a signal; `rollsite` is the stand-in that stops
/// rereading for good after one bad file.
struct MountedState {
    let host: Host

    static let services = ["directory", "single", "volume", "nested", "signalled", "rollsite"]

    var prefix: String { "\(host.name)m" }
    var port: Int { 20000 + host.number * 10 }
    func container(_ service: String) -> String { "\(prefix)_\(service)" }
    /// Path of a config file on the host.
    func file(_ name: String) -> String { "\(host.dataDirectory)/\(prefix)/confs/\(name)" }

    func write() throws {
        try host.write("federation.yaml", "apiVersion: fatesync/v1\nkind: Federation\nname: mounted\n")
        try host.write("blueprints/mounted/blueprint.yaml", Self.blueprint)
        try host.write("blueprints/mounted/compose.yaml", Self.compose)
        for name in ["directory/value", "single/value", "volume/value", "nested/value", "signal/value"] {
            try host.write(
                "blueprints/mounted/confs/\(name).json", "{\"value\": \"${VALUE}\", \"fixed\": 1}\n")
        }
        try host.write("blueprints/mounted/confs/single/start.properties", "value=${START}\n")
        try host.write(
            "blueprints/mounted/confs/rollsite/eggroll.properties",
            """
            [eggroll]
            eggroll.rollsite.host=rollsite
            eggroll.rollsite.port=9370
            eggroll.rollsite.party.id=1
            eggroll.rollsite.route.table.path=conf/route_table.json

            """)
        try host.write(
            "parties/1/party.yaml",
            """
            apiVersion: fatesync/v1
            kind: Party
            id: 1
            blueprint: mounted
            host: \(host.name)
            endpoint: {address: 10.10.0.1}
            variables:
              PREFIX: \(prefix)
              PORT: \(port)
              VALUE: one
              START: "1"

            """)
    }

    private static let blueprint = """
        apiVersion: fatesync/v1
        kind: Blueprint
        name: mounted
        project: ${PREFIX}
        confs: ${BASE_DIR}/${PREFIX}/confs
        endpoint:
          port: ${PORT}
        variables:
          PREFIX: {type: string}
          PORT: {type: port}
          VALUE: {type: string}
          START: {type: string}
        directories:
          - path: ${BASE_DIR}/${PREFIX}/confs/volume
        files:
          - {path: directory/value.json, format: json, onChange: reload, within: 60s}
          - {path: single/value.json, format: json, onChange: reload, within: 60s}
          - {path: single/start.properties, format: properties, onChange: restart, services: [single]}
          - {path: volume/value.json, format: json, onChange: nothing}
          - {path: nested/value.json, format: json, onChange: nothing}
          - {path: signal/value.json, format: json, onChange: signal, signal: HUP, services: [signalled]}
          - {path: rollsite/eggroll.properties, format: properties, onChange: restart, services: [rollsite]}
          - path: rollsite/route_table.json
            onChange: reload
            within: 60s
            restartIfUnreadable: [rollsite]
        routeTable:
          path: rollsite/route_table.json
          format: rollsite
          self: {address: rollsite, port: 9370}
          fateflow: {address: python, port: 9360}

        """

    /// SIGKILL, because a shell as first process ignores SIGTERM and would take ten seconds to stop.
    private static let compose =
        """
        name: ${PREFIX}
        networks:
          net: {name: "${PREFIX}_net"}
        volumes:
          confs:
            name: ${PREFIX}_confs
            driver_opts: {type: none, o: bind, device: "${BASE_DIR}/${PREFIX}/confs/volume"}
        services:

        """
        + service("directory", ["directory:/conf"])
        + service(
            "single",
            ["single/value.json:/etc/value.json", "single/start.properties:/etc/start.properties"])
        + service("volume", [], more: "volumes: [\"confs:/conf\"]")
        + service("nested", ["directory:/conf", "nested/value.json:/conf/nested.json"])
        + service(
            "signalled", ["signal:/conf"],
            command: "trap 'cat /conf/value.json >> /tmp/seen' HUP; while :; do sleep 0.1; done",
            more: "restart: unless-stopped")
            + """
              rollsite:
                container_name: ${PREFIX}_rollsite
                image: federatedai/eggroll:1.5.1-release
                command:
                  - bash
                  - "-c"
                  - >-
                    java -cp $${EGGROLL_HOME}/lib/*:$${EGGROLL_HOME}/conf/
                    com.webank.eggroll.rollsite.EggSiteBootstrap -c $${EGGROLL_HOME}/conf/eggroll.properties
                ports: ["${PORT}:9370"]
                networks: {net: {aliases: [rollsite]}}
                volumes:
                  - ${BASE_DIR}/${PREFIX}/confs/rollsite:/data/projects/fate/eggroll/conf

            """

    private static func service(
        _ name: String, _ mounts: [String], command: String = "sleep 100000", more: String? = nil
    ) -> String {
        let volumes = mounts.map { "\"${BASE_DIR}/${PREFIX}/confs/\($0)\"" }.joined(separator: ", ")
        let keys = [mounts.isEmpty ? nil : "volumes: [\(volumes)]", more].compactMap { $0 }
        return """
              \(name):
                container_name: ${PREFIX}_\(name)
                image: federatedai/client:1.5.1-release
                command: [sh, "-c", "\(command)"]
                stop_signal: SIGKILL
                networks: [net]

            """ + keys.map { "    \($0)\n" }.joined()
    }
}
