import Foundation

/// A party of three services: one on the host that makes the network, two on another.
struct SpreadState {
    /// The host that makes the network, and the other one.
    let home: Host
    let other: Host

    var prefix: String { "\(home.name)p1" }
    var manager: String { "\(prefix)_clustermanager" }
    var node: String { "\(prefix)_nodemanager" }
    var network: String { "\(prefix)_net" }
    var job: String { "\(prefix)_job" }

    /// What a host's config file says.
    func properties(on host: Host) throws -> String {
        try String(
            contentsOfFile: "\(host.dataDirectory)/\(prefix)/confs/node/node.properties", encoding: .utf8)
    }

    /// Writes federation, blueprint and the party into the clone.
    ///
    /// - Parameter place: The host of nodemanager.
    func write(nodeOn place: Host) throws {
        try home.write("federation.yaml", "apiVersion: fatesync/v1\nkind: Federation\nname: spread\n")
        try home.write("blueprints/spread/blueprint.yaml", Self.blueprint)
        try home.write("blueprints/spread/compose.yaml", Self.compose)
        try home.write("blueprints/spread/confs/node/node.properties", "size=${SIZE}\n")
        try home.write(
            "parties/1/party.yaml",
            """
            apiVersion: fatesync/v1
            kind: Party
            id: 1
            blueprint: spread
            host: \(home.name)
            endpoint:
              address: 10.10.0.1
            services:
              nodemanager: {host: \(place.name)}
              job: {host: \(other.name)}
            variables:
              PREFIX: \(prefix)
              SUBNET: 10.\(60 + home.number).0.0/24
              NODE_IP: 10.\(60 + home.number).0.50
              PORT: \(20000 + home.number * 10)

            """)
    }

    private static let blueprint = """
        apiVersion: fatesync/v1
        kind: Blueprint
        name: spread
        project: ${PREFIX}
        confs: ${BASE_DIR}/${PREFIX}/confs
        endpoint:
          port: ${PORT}
        variables:
          PREFIX: {type: string}
          SUBNET: {type: subnet}
          NODE_IP: {type: address}
          PORT: {type: port}
          SIZE: {type: integer, default: 1}
        directories:
          - path: ${BASE_DIR}/${PREFIX}/confs/node
          - path: ${BASE_DIR}/${PREFIX}/data
        files:
          - path: node/node.properties
            format: properties
            onChange: restart
            services: [clustermanager, nodemanager]
        nodes:
          service: nodemanager
          directory: /data

        """

    /// SIGKILL, because a shell as first process ignores SIGTERM and would take ten seconds to stop.
    private static let compose = """
        name: ${PREFIX}
        networks:
          net:
            name: ${PREFIX}_net
            ipam:
              config:
                - subnet: ${SUBNET}
        services:
          clustermanager:
            container_name: ${PREFIX}_clustermanager
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "while true; do echo eggroll | nc -l -p 4670; done"]
            stop_signal: SIGKILL
            ports: ["${PORT}:4670"]
            volumes:
              - ${BASE_DIR}/${PREFIX}/confs/node:/conf:ro
            networks: [net]
          nodemanager:
            container_name: ${PREFIX}_nodemanager
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "sleep 100000"]
            stop_signal: SIGKILL
            volumes:
              - ${BASE_DIR}/${PREFIX}/confs/node:/conf:ro
              - ${BASE_DIR}/${PREFIX}/data:/data
            networks:
              net:
                ipv4_address: ${NODE_IP}
          job:
            container_name: ${PREFIX}_job
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "sleep 100000"]
            stop_signal: SIGKILL
            networks: [net]

        """
}

/// Two engines that a Swarm joins, for as long as a test takes.
enum Swarm {
    /// Links the engines, makes a Swarm of them, and takes both back afterwards, whatever happens.
    static func use(manager: Engine, worker: Engine, _ body: () async throws -> Void) async throws {
        let script = Program.support("engine")
        try await Program.output(of: [script, "join", manager.name, worker.name])
        do {
            try await body()
        } catch {
            try await leave(manager, worker)
            throw error
        }
        try await leave(manager, worker)
    }

    /// Makes the Swarm: the first engine is its only manager.
    static func form(_ manager: Engine, _ worker: Engine) async throws {
        try await manager.docker(
            "swarm", "init", "--advertise-addr", "10.11.0.1", "--listen-addr", "10.11.0.1")
        let token = try await manager.docker("swarm", "join-token", "-q", "worker")
        try await worker.docker(
            "swarm", "join", "--token", token, "--advertise-addr", "10.11.0.2", "--listen-addr", "10.11.0.2",
            "10.11.0.1:2377")
    }

    private static func leave(_ manager: Engine, _ worker: Engine) async throws {
        for engine in [worker, manager] {
            let state = try await engine.docker("info", "--format", "{{.Swarm.LocalNodeState}}")
            guard state != "inactive" else { continue }
            try await engine.docker("swarm", "leave", "--force")
            // A Swarm leaves this one behind, and its subnet is one that other tests may get.
            _ = try await Program.run(["docker", "-H", engine.endpoint, "network", "rm", "docker_gwbridge"])
        }
        try await Program.output(of: [Program.support("engine"), "part", manager.name])
    }
}
