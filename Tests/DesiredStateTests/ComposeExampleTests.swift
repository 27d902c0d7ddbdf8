import Testing

@testable import DesiredState

/// What the example's compose.yaml means for party 10000, field by field.
struct ComposeExampleTests {
    private static let network = "user_confs10000_fate-network"
    private static let base = "/srv/fate/confs-10000"
    private static let eggrollConf = Mount(
        .bind, from: base + "/confs/eggroll/conf", to: "/data/projects/fate/eggroll/conf")
    private static let flowConf = Mount(
        .bind, from: base + "/confs/fate_flow/conf", to: "/data/projects/fate/conf")

    private func decoded() throws -> ComposeProject {
        let variables: [String: VariableValue] = [
            "PREFIX": .string("user_confs10000"), "SUBNET": .string("192.168.136.0/24"),
            "FLOW_IP": .string("192.168.136.100"), "BASE_DIR": .string("/srv/fate"),
            "PARTY_ID": .integer(10000),
            "PORT_ROLLSITE": .integer(10080), "PORT_FATEBOARD": .integer(10081), "PORT_GRPC": .integer(10082),
            "PORT_HTTP": .integer(10083), "PORT_CLIENT": .integer(10084), "REGISTRY": .string("federatedai"),
            "TAG": .string("1.5.1-release"), "MYSQL_IMAGE": .string("mysql:8"),
            "SERVING_HOST": .string("127.0.0.1"),
        ]
        return try project(try Example().text(Example.compose), variables)
    }

    private func spec(_ service: String, _ image: String, container: String? = nil) -> ContainerSpec {
        var spec = ContainerSpec(name: "user_confs10000_\(container ?? service)", image: image)
        spec.ipcMode = "shareable"
        spec.networks = [Self.network: EndpointSpec(aliases: [service])]
        return spec
    }

    private func eggroll(_ service: String, _ arguments: String, port: String) -> ContainerSpec {
        var spec = spec(service, "federatedai/eggroll:1.5.1-release")
        spec.command = [
            "bash", "-c",
            "java -Dlog4j.configurationFile=${EGGROLL_HOME}/conf/log4j2.properties " + arguments,
        ]
        spec.exposedPorts = port.isEmpty ? [] : ["\(port)/tcp"]
        spec.mounts = [Self.eggrollConf]
        spec.environment = ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"]
        return spec
    }

    private func manager(_ name: String, _ class: String, port: String) -> ContainerSpec {
        eggroll(
            name,
            "-cp ${EGGROLL_HOME}/lib/*: com.webank.eggroll.core.Bootstrap --bootstraps "
                + "com.webank.eggroll.core.resourcemanager.\(`class`) -c "
                + "${EGGROLL_HOME}/conf/eggroll.properties "
                + "-p \(port) -s 'EGGROLL_DEAMON'",
            port: port)
    }

    @Test func networkAndVolumes() throws {
        let project = try decoded()
        #expect(project.name == "user_confs10000")
        #expect(
            project.networks.map(\.spec) == [
                NetworkSpec(
                    name: Self.network, pools: [AddressPool(subnet: "192.168.136.0/24")], attachable: true)
            ])
        let folders = [
            ("fate_flow_logs", "fate_flow_logs"), ("download_dir", "download_dir"),
            ("shared_dir_examples", "examples"), ("shared_dir_federatedml", "federatedml"),
            ("shared_dir_data", "data"),
        ]
        let expected = folders.map { name, folder in
            VolumeSpec(
                name: "user_confs10000_\(name)",
                driverOptions: ["type": "none", "o": "bind", "device": "\(Self.base)/shared_dir/\(folder)"])
        }
        #expect(project.volumes.map(\.spec) == expected)
        #expect(
            project.volumes.allSatisfy {
                $0.device?.value == $0.spec.driverOptions["device"] && !$0.isExternal
            })
    }

    @Test func theFourServicesOfEggrollAndTheDatabase() throws {
        let services = try decoded().services.map(\.spec)
        var mysql = spec("mysql", "mysql:8", container: "sql")
        mysql.exposedPorts = ["3306/tcp"]
        mysql.mounts = [
            Mount(.bind, from: Self.base + "/confs/mysql/init", to: "/docker-entrypoint-initdb.d"),
            Mount(.bind, from: Self.base + "/shared_dir/data/mysql", to: "/var/lib/mysql"),
        ]
        mysql.environment = ["MYSQL_ALLOW_EMPTY_PASSWORD": "yes"]
        mysql.restart = RestartPolicy(name: "always")
        var nodemanager = manager("nodemanager", "NodeManagerBootstrap", port: "4671")
        nodemanager.environment = [:]
        nodemanager.mounts.formUnion([
            Mount(
                .bind, from: Self.base + "/confs/fate_flow/conf/service_conf.yaml",
                to: "/data/projects/fate/conf/service_conf.yaml"),
            Mount(
                .bind, from: Self.base + "/shared_dir/data/nodemanager",
                to: "/data/projects/fate/eggroll/data"),
        ])
        var rollsite = eggroll(
            "rollsite",
            "-cp ${EGGROLL_HOME}/lib/*:${EGGROLL_HOME}/conf/ com.webank.eggroll.rollsite.EggSiteBootstrap "
                + "-c ${EGGROLL_HOME}/conf/eggroll.properties",
            port: "")
        rollsite.ports = [PortBinding(containerPort: 9370, hostPort: 10080)]
        let clustermanager = manager("clustermanager", "ClusterManagerBootstrap", port: "4670")
        let expected = [mysql, clustermanager, nodemanager, rollsite]
        #expect(
            services.prefix(4)
                == expected.enumerated().map { index, spec in
                    ServiceSpec(
                        name: ["mysql", "clustermanager", "nodemanager", "rollsite"][index], container: spec)
                }[...])
    }

    private func volume(_ name: String, _ target: String) -> Mount {
        Mount(.volume, from: "user_confs10000_\(name)", to: target)
    }

    private func python() -> ContainerSpec {
        var spec = spec("python", "federatedai/python:1.5.1-release")
        spec.command = [
            "/bin/bash", "-c", "sleep 5 && python /data/projects/fate/python/fate_flow/fate_flow_server.py",
        ]
        spec.ports = [
            PortBinding(containerPort: 9360, hostPort: 10082),
            PortBinding(containerPort: 9380, hostPort: 10083),
        ]
        spec.mounts = [
            Self.eggrollConf, Self.flowConf, volume("fate_flow_logs", "/data/projects/fate/logs"),
            volume("shared_dir_federatedml", "/data/projects/fate/python/federatedml"),
            volume("shared_dir_examples", "/data/projects/fate/examples"),
            volume("download_dir", "/data/projects/fate/python/download_dir"),
        ]
        spec.restart = RestartPolicy(name: "always")
        spec.networks = [Self.network: EndpointSpec(aliases: ["python"], ipv4Address: "192.168.136.100")]
        return spec
    }

    @Test func theThreeServicesOfFATE() throws {
        let services = try decoded().services.map(\.spec)
        let python = python()
        var fateboard = spec("fateboard", "federatedai/fateboard:1.5.1-release")
        fateboard.ports = [PortBinding(containerPort: 8080, hostPort: 10081)]
        fateboard.mounts = [
            Mount(.bind, from: Self.base + "/confs/fateboard/conf", to: "/data/projects/fate/fateboard/conf"),
            volume("fate_flow_logs", "/data/projects/fate/logs"),
        ]
        var client = spec("client", "federatedai/client:1.5.1-release")
        client.ports = [PortBinding(containerPort: 20000, hostPort: 10084)]
        client.mounts = [
            Self.flowConf, volume("shared_dir_examples", "/data/projects/fate/examples"),
            volume("download_dir", "/fml_manager/Examples/download_dir"),
            Mount(
                .bind, from: Self.base + "/confs/client/pipeline_conf.yaml",
                to: "/data/projects/fate/conf/pipeline_conf.yaml"),
        ]
        client.environment = ["FATE_FLOW_HOST": "python:9380", "FATE_SERVING_HOST": "127.0.0.1:8059"]
        client.restart = RestartPolicy(name: "always")
        #expect(
            services.suffix(3) == [
                ServiceSpec(
                    name: "python", container: python,
                    dependsOn: ["mysql", "rollsite", "clustermanager", "nodemanager"]),
                ServiceSpec(name: "fateboard", container: fateboard, dependsOn: ["python"]),
                ServiceSpec(name: "client", container: client, dependsOn: ["python"]),
            ])
    }

    @Test func whatIsClaimedIsReportedWhereItIsWritten() throws {
        let project = try decoded()
        let text = try Example().text(Example.compose).split(
            separator: "\n", omittingEmptySubsequences: false)
        let python = try #require(project.services.first { $0.spec.name == "python" })
        #expect(text[python.location.line - 1] == "  python:")
        #expect(text[python.containerName.location.line - 1].contains("container_name: ${PREFIX}_python"))
        #expect(python.addresses.map { text[$0.address.location.line - 1].contains("${FLOW_IP}") } == [true])
        #expect(python.ports.map { text[$0.location.line - 1].contains("${PORT_") } == [true, true])
        let subnet = try #require(project.networks.first?.subnets.first)
        #expect(text[subnet.location.line - 1].contains("${SUBNET}"))
    }
}
