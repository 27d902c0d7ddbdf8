/// A state repository whose one party uses nearly every supported key of Compose.
///
/// Engines rewrite, merge and default these values, each version differently, and a comparison must see
/// through that.
struct WideState {
    let host: Host

    var prefix: String { "\(host.name)wide" }
    var names: Set<String> { Set(["full", "limits", "joined", "alone", "plain"].map { "\(prefix)_\($0)" }) }

    func write() throws {
        try host.write(
            "federation.yaml", "apiVersion: fatesync/v1\nkind: Federation\nname: wide\nlabels: {team: a}\n")
        try host.write("blueprints/wide/blueprint.yaml", Self.blueprint)
        try host.write(
            "blueprints/wide/compose.yaml",
            "name: ${PREFIX}\n" + Self.networks + Self.volumes + "services:\n" + Self.full + Self.process
                + Self.limits + Self.others)
        try host.write("blueprints/wide/confs/app.conf", "greeting = ${GREETING}\n")
        try host.write(
            "parties/1/party.yaml",
            """
            apiVersion: fatesync/v1
            kind: Party
            id: 1
            blueprint: wide
            host: \(host.name)
            endpoint: {address: 10.10.0.1, port: \(20000 + host.number * 10)}
            variables:
              PREFIX: \(prefix)
              NET: "10.\(60 + host.number)"
              PORT: \(20000 + host.number * 10)
              UDP: \(20001 + host.number * 10)

            """)
    }

    private static let blueprint = """
        apiVersion: fatesync/v1
        kind: Blueprint
        name: wide
        project: ${PREFIX}
        confs: ${BASE_DIR}/${PREFIX}/confs
        variables:
          PREFIX: {type: string}
          NET: {type: string}
          PORT: {type: port}
          UDP: {type: port}
          GREETING: {type: string, default: "a 'b' \\"c\\" $$d # e"}
        directories:
          - {path: "${BASE_DIR}/${PREFIX}/data", mode: "0750", owner: "1000:1000"}
        files:
          - {path: app.conf, format: text, onChange: nothing}

        """

    private static let networks = """
        networks:
          front:
            name: ${PREFIX}_front
            attachable: true
            labels: {tier: front}
            driver_opts: {com.docker.network.bridge.enable_icc: "true"}
            ipam:
              config:
                - subnet: ${NET}.1.0/24
                  ip_range: ${NET}.1.128/25
                  gateway: ${NET}.1.1
          back:
            name: ${PREFIX}_back
            internal: true
            ipam:
              config:
                - subnet: ${NET}.2.0/24

        """

    private static let volumes = """
        volumes:
          named:
            name: ${PREFIX}_named
            labels: {kind: plain}
          bound:
            name: ${PREFIX}_bound
            driver: local
            driver_opts: {type: none, o: bind, device: "${BASE_DIR}/${PREFIX}/data"}

        """

    private static let full = """
          full:
            container_name: ${PREFIX}_full
            image: federatedai/eggroll:1.5.1-release
            entrypoint: [sh, "-c"]
            command: ["sleep 100000"]
            hostname: full.example
            user: "0:0"
            working_dir: /tmp
            stop_signal: SIGKILL
            stop_grace_period: 1m30s
            restart: on-failure:3
            init: true
            ipc: shareable
            expose: ["7000", "7001-7002/udp"]
            ports:
              - "127.0.0.1:${PORT}:80/tcp"
              - "${UDP}:53/udp"
            networks:
              front:
                ipv4_address: ${NET}.1.20
                aliases: [one, two]
              back:
                aliases: [three]
            volumes:
              - named:/named
              - bound:/bound:ro
              - /anonymous
              - ${BASE_DIR}/${PREFIX}/confs/app.conf:/etc/app.conf:ro
              - {type: volume, source: named, target: /again, read_only: true}
              - {type: tmpfs, target: /scratch, tmpfs: {size: 1m}}
            extra_hosts: ["peer:10.0.0.9", "other:10.0.0.8"]
            labels:
              owner: me
              empty: ""

        """

    private static let process = """
            environment:
              SET: "a=b c"
              EMPTY: ""
              GREETING: ${GREETING}
            healthcheck:
              test: ["CMD-SHELL", "test -d /tmp"]
              interval: 1s
              timeout: 2s
              retries: 4
              start_period: 3s
            logging:
              driver: json-file
              options: {max-size: 1m, max-file: "2"}

        """

    private static let limits = """
          limits:
            container_name: ${PREFIX}_limits
            image: federatedai/client:1.5.1-release
            command: sh -c 'sleep 100000'
            stop_signal: KILL
            read_only: true
            mem_limit: 64m
            memswap_limit: 128m
            cpus: 0.5
            pids_limit: 50
            shm_size: 8m
            ulimits: {nofile: {soft: 1024, hard: 2048}, core: 0}
            cap_drop: [ALL]
            cap_add: [CHOWN, NET_BIND_SERVICE]
            security_opt: ["no-new-privileges:true"]
            devices: ["/dev/null:/dev/nothing:r"]
            tmpfs: ["/run:size=1m,mode=0755", /tmp]
            sysctls: {net.core.somaxconn: 1024, net.ipv4.tcp_syncookies: "0"}
            networks: [back]

        """

    private static let others = """
          joined:
            container_name: ${PREFIX}_joined
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "sleep 100000"]
            stop_signal: "9"
            network_mode: service:full
            ipc: service:full
            depends_on: {full: {condition: service_started}}
            healthcheck: {disable: true}
            deploy: {resources: {limits: {cpus: "0.25", memory: 32M, pids: 20}}}
          alone:
            container_name: ${PREFIX}_alone
            image: federatedai/client:1.5.1-release
            command: [sh, "-c", "sleep 100000"]
            stop_signal: SIGKILL
            network_mode: none
            restart: unless-stopped
            memswap_limit: -1
            mem_limit: 16m
          plain:
            container_name: ${PREFIX}_plain
            image: mysql:8
            stop_signal: SIGKILL
            environment: [MYSQL_ALLOW_EMPTY_PASSWORD=yes]
            networks: {front: , back: {ipv4_address: "${NET}.2.9"}}

        """
}
