/// A state repository of one small blueprint: three services per party that start and stop at once.
///
/// `web` has a fixed address and a published port and waits for `db`, which has a volume and a config file.
struct SmallState {
    let host: Host

    /// The prefix of every name of a party.
    func prefix(_ party: Int) -> String { "\(host.name)p\(party)" }

    /// The names of a party's containers.
    func names(_ parties: Int...) -> Set<String> {
        Set(parties.flatMap { party in ["web", "db", "job"].map { "\(prefix(party))_\($0)" } })
    }

    func subnet(_ party: Int) -> String { "10.\(60 + host.number).\(party)" }

    func port(_ party: Int) -> Int { 20000 + host.number * 10 + party }

    func path(_ party: Int) -> String { "parties/\(party)/party.yaml" }

    /// Writes federation, blueprint and these parties into the clone.
    func write(parties: [Int]) throws {
        try host.write("federation.yaml", "apiVersion: fatesync/v1\nkind: Federation\nname: small\n")
        try host.write("blueprints/small/blueprint.yaml", Self.blueprint)
        try host.write("blueprints/small/compose.yaml", Self.compose)
        try host.write("blueprints/small/confs/db/db.properties", "name=${PREFIX}\nsize=${SIZE}\n")
        for party in parties { try add(party) }
    }

    func add(_ party: Int) throws {
        try host.write(
            path(party),
            """
            apiVersion: fatesync/v1
            kind: Party
            id: \(party)
            blueprint: small
            host: \(host.name)
            endpoint:
              address: 10.10.0.1
            variables:
              PREFIX: \(prefix(party))
              SUBNET: \(subnet(party)).0/24
              WEB_IP: \(subnet(party)).10
              PORT: \(port(party))

            """)
    }

    /// Sets a key of one of the party's services; once per party.
    func override(_ party: Int, _ service: String, _ keys: String) throws {
        try host.append("overrides:\n  services:\n    \(service):\n      \(keys)\n", to: path(party))
    }

    static let blueprint = """
        apiVersion: fatesync/v1
        kind: Blueprint
        name: small
        project: ${PREFIX}
        confs: ${BASE_DIR}/${PREFIX}/confs
        endpoint:
          port: ${PORT}
        variables:
          PREFIX: {type: string}
          SUBNET: {type: subnet}
          WEB_IP: {type: address}
          PORT: {type: port}
          SIZE: {type: integer, default: 1}
        directories:
          - path: ${BASE_DIR}/${PREFIX}/confs/db
        files:
          - path: db/db.properties
            format: properties
            onChange: restart
            services: [db]
          - path: db/route_table.json
            format: json
            onChange: reload
            within: 60s
        routeTable:
          path: db/route_table.json
          format: rollsite
          self: {address: web, port: 9370}
          fateflow: {address: web, port: 9360}

        """

    /// SIGKILL, because a shell as first process ignores SIGTERM and would take ten seconds to stop.
    static let compose = """
        name: ${PREFIX}
        networks:
          net:
            name: ${PREFIX}_net
            ipam:
              config:
                - subnet: ${SUBNET}
        volumes:
          data:
            name: ${PREFIX}_data
        services:
          db:
            container_name: ${PREFIX}_db
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "sleep 100000"]
            stop_signal: SIGKILL
            volumes:
              - data:/data
              - ${BASE_DIR}/${PREFIX}/confs/db:/conf:ro
            networks: [net]
          web:
            container_name: ${PREFIX}_web
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "sleep 100000"]
            stop_signal: SIGKILL
            depends_on: [db]
            ports: ["${PORT}:9370"]
            networks:
              net:
                ipv4_address: ${WEB_IP}
                aliases: [www]
          job:
            container_name: ${PREFIX}_job
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "sleep 100000"]
            stop_signal: SIGKILL
            restart: always
            networks: [net]

        """
}
