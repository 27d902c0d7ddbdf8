import Foundation
import Testing

@testable import DesiredState

/// The rendered config files, key by key, as Python reads them.
///
/// Values are in JSON's notation, so that a number cannot pass for a string.
struct StateRenderedFilesTests {
    private static let readers = [
        "properties": "p = configparser.ConfigParser(); p.optionxform = str; p.read_string(t)\n"
            + "    v = {s: dict(p[s]) for s in p.sections()}",
        "flat properties": "p = configparser.RawConfigParser(); p.optionxform = str\n"
            + "    p.read_string('[x]\\n' + t); v = dict(p['x'])",
        "yaml": "v = yaml.safe_load(t)", "json": "v = json.loads(t)",
    ]

    /// Every key of a file of a party with its value.
    private static func keys(_ name: String, of id: String, as reader: String) throws -> [String: String] {
        let text = try Example().decode().party(id).text(name)
        let body = """
            import yaml
            def flat(v, path, out):
                if isinstance(v, dict):
                    for k, x in v.items(): flat(x, path + [str(k)], out)
                elif isinstance(v, list):
                    for i, x in enumerate(v): flat(x, path + [str(i)], out)
                else: out["/".join(path)] = json.dumps(v)
                return out
            for t in texts:
                \(readers[reader] ?? "")
                print(json.dumps(flat(v, [], {})))

            """
        let line = try #require(try RealReader.python(body, texts: [text]).first)
        return try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    }

    private static let parties = ["10000", "9999"]

    @Test(arguments: parties) func eggrollProperties(id: String) throws {
        let manager = "eggroll.resourcemanager.clustermanager"
        let bootstrap = "eggroll.resourcemanager.bootstrap"
        let expected = [
            "\(manager).jdbc.driver.class.name": "com.mysql.cj.jdbc.Driver",
            "\(manager).jdbc.url": "jdbc:mysql://mysql:3306/fate_flow?useSSL=false&serverTimezone=UTC"
                + "&characterEncoding=utf8&allowPublicKeyRetrieval=true",
            "\(manager).jdbc.username": "fate", "\(manager).jdbc.password": "fate_dev",
            "eggroll.data.dir": "data/", "eggroll.logs.dir": "logs/",
            "\(manager).host": "clustermanager", "\(manager).port": "4670",
            "eggroll.resourcemanager.nodemanager.port": "4671",
            "eggroll.resourcemanager.process.tag": id,
            "eggroll.bootstrap.root.script": "bin/eggroll_boot.sh",
            "\(bootstrap).egg_pair.exepath": "bin/roll_pair/egg_pair_bootstrap.sh",
            "\(bootstrap).egg_pair.venv": "",
            "\(bootstrap).egg_pair.pythonpath":
                "/data/projects/fate/python:/data/projects/fate/eggroll/python",
            "\(bootstrap).egg_pair.filepath": "python/eggroll/roll_pair/egg_pair.py",
            "\(bootstrap).egg_pair.ld_library_path": "",
            "\(bootstrap).egg_frame.exepath": "bin/roll_frame/egg_frame_bootstrap.sh",
            "\(bootstrap).egg_frame.javahome": "/usr/lib/jvm/java-1.8.0-openjdk",
            "\(bootstrap).egg_frame.classpath": "conf/:lib/*",
            "\(bootstrap).egg_frame.mainclass": "com.webank.eggroll.rollframe.EggFrameBootstrap",
            "\(bootstrap).egg_frame.jvm.options": "",
            "eggroll.core.grpc.channel.keepalive.timeout.sec": "20",
            "arrow.enable_unsafe_memory_access": "true", "hadoop.fs.defaultFS": "file:///",
            "hadoop.dfs.nameservices": "", "hadoop.dfs.namenode.rpc-address.nn1": "",
            "hadoop.dfs.namenode.rpc-address.nn2": "",
            "eggroll.session.processors.per.node": "4", "eggroll.session.start.timeout.ms": "180000",
            "eggroll.rollpair.transferpair.sendbuf.size": "250000",
            "eggroll.rollsite.coordinator": "vmware", "eggroll.rollsite.host": "rollsite",
            "eggroll.rollsite.port": "9370", "eggroll.rollsite.party.id": id,
            "eggroll.rollsite.route.table.path": "conf/route_table.json",
            "eggroll.rollsite.route.table.key": "",
            "eggroll.rollsite.route.table.whitelist": "127.0.0.1",
            "eggroll.rollsite.jvm.options": "-XX:+UseG1GC -XX:+PrintGCDetails -XX:+PrintGCDateStamps "
                + "-Xloggc:logs/eggroll/rollsite.gc.log",
            "eggroll.rollsite.push.max.retry": "3", "eggroll.rollsite.push.long.retry": "2",
            "eggroll.rollsite.push.batches.per.stream": "10",
            "eggroll.rollsite.adapter.sendbuf.size": "100000",
        ]
        let keys = try Self.keys("eggroll/conf/eggroll.properties", of: id, as: "properties")
        var wanted: [String: String] = [:]
        for (key, value) in expected { wanted["eggroll/\(key)"] = "\"\(value)\"" }
        #expect(keys == wanted)
        let text = try Example().decode().party(id).text("eggroll/conf/eggroll.properties")
        let first = text.split(separator: "\n").first { !$0.hasPrefix("#") }
        #expect(first == "[eggroll]")
        #expect(!text.contains("%"))
    }

    @Test(arguments: [("10000", "192.168.136.100"), ("9999", "192.168.137.100")])
    func serviceConfiguration(id: String, address: String) throws {
        #expect(
            try Self.keys("fate_flow/conf/service_conf.yaml", of: id, as: "yaml") == [
                "work_mode": "1", "use_registry": "false", "use_deserialize_safe_module": "false",
                "fateflow/host": "\"\(address)\"", "fateflow/http_port": "9380", "fateflow/grpc_port": "9360",
                "fateflow/proxy": "\"rollsite\"", "fateflow/protocol": "\"default\"",
                "fateflow/default_federated_status_collect_type": "\"PULL\"",
                "fateboard/host": "\"fateboard\"", "fateboard/port": "8080",
                "database/name": "\"fate_flow\"", "database/user": "\"fate\"",
                "database/passwd": "\"fate_dev\"", "database/host": "\"mysql\"", "database/port": "3306",
                "database/max_connections": "100", "database/stale_timeout": "30",
                "fate_on_eggroll/clustermanager/cores_per_node": "16",
                "fate_on_eggroll/clustermanager/nodes": "1",
                "fate_on_eggroll/rollsite/host": "\"rollsite\"", "fate_on_eggroll/rollsite/port": "9370",
                "fate_on_spark/spark/cores_per_node": "20", "fate_on_spark/spark/nodes": "2",
                "fate_on_spark/hdfs/name_node": "\"hdfs://namenode:9000\"",
                "fate_on_spark/rabbitmq/host": "\"rabbitmq\"", "fate_on_spark/rabbitmq/mng_port": "15672",
                "fate_on_spark/rabbitmq/port": "5672", "fate_on_spark/rabbitmq/user": "\"fate\"",
                "fate_on_spark/rabbitmq/password": "\"fate\"", "fate_on_spark/nginx/host": "\"nginx\"",
                "fate_on_spark/nginx/http_port": "9300", "fate_on_spark/nginx/grpc_port": "9310",
                "model_store_address/storage": "\"mysql\"", "model_store_address/name": "\"fate_flow\"",
                "model_store_address/host": "\"mysql\"", "model_store_address/port": "3306",
                "model_store_address/user": "\"fate\"", "model_store_address/passwd": "\"fate_dev\"",
                "model_store_address/max_connections": "10", "model_store_address/stale_timeout": "10",
                "servings/hosts/0": "\"127.0.0.1:8000\"",
            ])
    }

    @Test func fateboardProperties() throws {
        let expected = [
            "server.port": "8080", "server.tomcat.uri-encoding": "UTF-8",
            "server.tomcat.max-threads": "1000", "server.tomcat.max-connections": "20000",
            "server.compression.enabled": "true",
            "server.compression.mime-types": "application/json,application/xml,text/html,text/xml,text/plain",
            "fateflow.url": "http://python:9380",
            "fateboard.datasource.jdbc-url": "jdbc:mysql://mysql:3306/fate_flow?characterEncoding=utf8"
                + "&characterSetResults=utf8&autoReconnect=true&failOverReadOnly=false&serverTimezone=GMT%2B8",
            "fateboard.datasource.username": "fate", "fateboard.datasource.password": "fate_dev",
            "spring.datasource.driver-Class-Name": "com.mysql.cj.jdbc.Driver",
            "spring.datasource.druid.filter.config.enabled": "false",
            "spring.datasource.druid.web-stat-filter.enabled": "false",
            "spring.datasource.druid.stat-view-servlet.enabled": "false",
            "spring.http.encoding.charset": "UTF-8", "spring.http.encoding.enabled": "true",
            "spring.servlet.multipart.max-file-size": "10MB",
            "spring.servlet.multipart.max-request-size": "100MB",
        ].mapValues { "\"\($0)\"" }
        let keys = try Self.keys("fateboard/conf/application.properties", of: "10000", as: "flat properties")
        #expect(keys == expected)
        #expect(try Self.keys("fateboard/conf/ssh.properties", of: "10000", as: "flat properties") == [:])
    }

    @Test func smallYAMLFiles() throws {
        #expect(
            try Self.keys("client/pipeline_conf.yaml", of: "10000", as: "yaml") == [
                "ip": "\"python\"", "port": "9380",
                "log_directory": "\"/fml_manager/Examples/Pipeline/logs\"",
            ])
        #expect(
            try Self.keys("fate_flow/conf/transfer_conf.yaml", of: "10000", as: "yaml")
                == ["paths/0": "\"python/federatedml/transfer_variable/auth_conf\""])
    }

    @Test func routeTableHasIntegerPortsAndPublishedOnes() throws {
        let shared = [
            "route_table/default/default/0/ip": "\"rollsite\"", "route_table/default/default/0/port": "9370",
            "route_table/8888/default/0/ip": "\"10.10.0.8\"", "route_table/8888/default/0/port": "9370",
            "permission/default_allow": "true",
        ]
        for (id, other, port) in [("10000", "9999", "10090"), ("9999", "10000", "10080")] {
            let own = [
                "route_table/\(id)/default/0/ip": "\"rollsite\"", "route_table/\(id)/default/0/port": "9370",
                "route_table/\(id)/fateflow/0/ip": "\"python\"", "route_table/\(id)/fateflow/0/port": "9360",
                "route_table/\(other)/default/0/ip": "\"10.10.0.1\"",
                "route_table/\(other)/default/0/port": port,
            ]
            let keys = try Self.keys("eggroll/conf/route_table.json", of: id, as: "json")
            #expect(keys == shared.merging(own) { first, _ in first })
        }
    }

    @Test func databaseStatements() throws {
        let party = try Example().decode().party("10000")
        let nodes = try party.text("mysql/init/insert-node.sql")
        let statements = [
            "CREATE DATABASE IF NOT EXISTS `fate_flow`;", "CREATE USER 'fate'@'%' IDENTIFIED BY 'fate_dev';",
            "GRANT ALL ON *.* TO 'fate'@'%';", "USE `fate_flow`;",
            "('clustermanager', 4670, 'CLUSTER_MANAGER', 'HEALTHY')",
            "('nodemanager', 4671, 'NODE_MANAGER', 'HEALTHY')",
        ]
        for statement in statements { #expect(nodes.contains(statement)) }
        let tables = try party.text("mysql/init/create-eggroll-meta-tables.sql")
        let names = [
            "store_locator", "store_option", "store_partition", "server_node", "session_main",
            "session_option",
            "session_processor",
        ]
        for name in names { #expect(tables.contains("CREATE TABLE IF NOT EXISTS `\(name)`")) }
        #expect(tables.contains("USE `fate_flow`;"))
        #expect(!tables.contains("eggroll_meta"))
    }
}
