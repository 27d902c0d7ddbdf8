import Foundation
import Testing

@testable import DesiredState

/// The config files of each release, key by key as their readers read them, against those that KubeFATE's generator
/// of that release writes for the same two parties.
///
/// Each golden file is that generator's output; `PARTY` and `SERVING` stand for what differs between the two.
struct ReleaseGoldenTests {
    /// A release, and in which lines its files are different on purpose.
    struct Release: CustomTestStringConvertible, Sendable {
        let version: String
        /// Lines of the reference, or their beginnings, that ours have not.
        let missing: [String]
        /// Lines that only ours have.
        let added: [String]
        /// The same for the services.
        let services: (missing: [String], added: [String])

        var testDescription: String { version }
    }

    private static let log = "eggroll/conf/log4j2.properties:"
    private static let nodes = "mysql/init/insert-node.sql:"
    /// Loggers that no class logs under, and one appender that does not exist.
    private static let loggers = ["\(log) logger.errorlog.", "\(log) logger.file.", "\(log) loggers = "]
    private static let order = "\(log) rootLogger.appenderRefs = \"stdout, file, errorlog\""

    static let releases = [
        Release(
            version: "1.5.1",
            missing: loggers + [
                "\(log) rootLogger.appenderRefs", "\(nodes) INSERT INTO server_node", "\(nodes) select *",
                "\(nodes) show tables",
            ],
            added: [
                "\(log) loggers = \"netty\"", order,
                "\(nodes) INSERT INTO server_node (host, port, node_type, status) VALUES "
                    + "('clustermanager', 4670, 'CLUSTER_MANAGER', 'HEALTHY'), "
                    + "('nodemanager', 4671, 'NODE_MANAGER', 'HEALTHY') = true",
            ],
            services: (
                missing: ["python command"],
                added: [
                    "python command /bin/bash -c sleep 5 && python "
                        + "/data/projects/fate/python/fate_flow/fate_flow_server.py"
                ]
            )),
        Release(
            version: "1.11.2",
            missing: loggers + [
                "\(log) rootLogger.appenderRefs", "\(nodes) USE fate_flow", "\(nodes) show tables",
            ],
            added: [
                "\(log) loggers = \"netty, audit, httpclient, httpclientwire\"", order,
                "\(log) rootLogger.appenderRef.stdout.ref = \"STDOUT\"",
            ],
            services: (
                missing: ["client command", "fateflow command"] + otherRouteTables,
                added: [
                    notebook,
                    "fateflow command /bin/bash -c sleep 5 && python "
                        + "fateflow/python/fate_flow/fate_flow_server.py",
                ]
            )),
        Release(
            version: "2.0.0",
            missing: loggers + [
                "\(log) rootLogger.appenderRefs", "\(nodes) USE fate_flow", "\(nodes) show tables",
                "fate_flow/conf/service_conf.yaml: federation.rabbitmq.route_table = \"conf/pulsar",
            ],
            added: [
                "\(log) loggers = \"netty, audit, httpclient, httpclientwire\"", order,
                "\(log) rootLogger.appenderRef.stdout.ref = \"STDOUT\"",
                "fate_flow/conf/service_conf.yaml: federation.rabbitmq.route_table = "
                    + "\"conf/rabbitmq_route_table.yaml\"",
            ],
            services: (
                missing: [
                    "client command", "clustermanager command", "fateflow command", "nodemanager command",
                ] + otherRouteTables,
                added: [
                    notebook,
                    "fateflow command /bin/bash -c { python -c 'import cryptography' || pip install cryptography; } "
                        + "&& sleep 5 && python fate_flow/python/fate_flow/fate_flow_server.py --debug",
                ]
                    + ["clustermanager 4670", "nodemanager 4671"].map { manager in
                        let (name, port) = (
                            manager.split(separator: " ")[0], manager.split(separator: " ")[1]
                        )
                        return
                            "\(name) command bash -c java -server "
                            + "-Dlog4j.configurationFile=${EGGROLL_HOME}/conf/log4j2.properties -Dmodule=\(name) "
                            + "-cp ${EGGROLL_HOME}/lib/*: org.fedai.eggroll.\(name).Bootstrap -p \(port) "
                            + "-s EGGROLL_DAEMON"
                    }
            )),
    ]

    private static let otherRouteTables = [
        "fateflow mounts /data/projects/fate/conf/pulsar",
        "fateflow mounts /data/projects/fate/conf/rabbitmq",
        "fateflow mounts /data/projects/fate/fate_flow/conf/pulsar",
        "fateflow mounts /data/projects/fate/fate_flow/conf/rabbitmq",
    ]

    private static let notebook =
        "client command bash -c pipeline init --ip ${FATE_FLOW_IP} --port ${FATE_FLOW_PORT} && flow init --ip "
        + "${FATE_FLOW_IP} --port ${FATE_FLOW_PORT} && jupyter notebook --ip=0.0.0.0 --port=20000 --allow-root "
        + "--debug --NotebookApp.notebook_dir='/data/projects/fate/' --no-browser --NotebookApp.token='' "
        + "--NotebookApp.password=\"${NOTEBOOK_HASHED_PASSWORD}\""

    /// Names, networks and volumes are the note's, and so not compared.
    @Test(arguments: releases, ["10000", "9999"])
    func servicesAreTheReferences(release: Release, id: String) throws {
        let ours = Set(try party(id, release, exchange: false).services.flatMap(lines))
        let golden = Set(
            try Golden.lines("fate-\(release.version)-services").map {
                $0.replacingOccurrences(
                    of: "SERVING:", with: (id == "10000" ? "192.168.1.1" : "192.168.1.2") + ":")
            })
        let lost = golden.subtracting(ours).filter { line in
            !release.services.missing.contains { line.hasPrefix($0) }
        }
        #expect(lost.sorted() == [])
        #expect(ours.subtracting(golden).sorted() == release.services.added.sorted())
    }

    // MARK: Exchanges

    private static let exchangeMissing =
        loggers + ["\(log) rootLogger.appenderRefs"]
        + [
            "jdbc.", "host = \"<", "port = \"<",
        ].map { "eggroll/conf/eggroll.properties: eggroll.resourcemanager.clustermanager.\($0)" }
        + [
            "nodemanager.port = \"<", "bootstrap.egg_frame.javahome = \"<",
            "bootstrap.egg_frame.classpath = \"<",
            "bootstrap.egg_pair.pythonpath = \"<",
        ].map { "eggroll/conf/eggroll.properties: eggroll.resourcemanager.\($0)" }

    @Test(arguments: ["1.5.1", "1.11.2"]) func anExchangeSaysWhatTheReferenceSaysAndHasNoPlaceholder(
        version: String
    ) throws {
        let release = try #require(Self.releases.first { $0.version == version })
        var example = try Example()
        example.remove(below: "parties/")
        for party in ["10000", "9999"] {
            example.write("parties/\(party)/party.yaml", Self.party(party, release))
        }
        example.write(
            "parties/9000/party.yaml",
            """
            apiVersion: fatesync/v1
            kind: Party
            id: 9000
            blueprint: exchange-\(version)
            host: host9000
            endpoint: {address: 192.168.1.3}

            """)
        try example.append("federation.yaml", "exchange: {party: 9000}\n")
        let state = example.decode(DecodingContext(host: "host9000", dataDirectory: "/srv/fate"))
        #expect(state.diagnostics.filter { $0.severity == .error }.lines == [])
        let party = try state.party("9000")
        #expect(party.services.map(\.name) == ["exchange"])
        let files = party.files.filter { !$0.name.hasSuffix("route_table.json") }
        let ours = try flatten(Dictionary(files.map { ($0.name, $0.content) }) { first, _ in first })
        let golden = Set(try Golden.lines("exchange-\(version)"))
        let lost = golden.subtracting(ours).filter { line in
            !Self.exchangeMissing.contains { line.hasPrefix($0) }
        }
        #expect(lost.sorted() == [])
        #expect(ours.subtracting(golden).subtracting(release.added).sorted() == [])
        #expect(!ours.contains { $0.contains("<") })
        let table = try party.text("eggroll/conf/route_table.json")
        #expect(table.contains("\"10000\"") && table.contains("\"9999\"") && !table.contains("9000"))
    }

    private func lines(_ service: ServiceSpec) -> [String] {
        let container = service.container
        var lines = ["image \(container.image)"]
        lines += container.environment.map { "env \($0.key)=\($0.value ?? "")" }
        lines += container.ports.map { "publishes \($0.containerPort)" }
        lines += container.mounts.map { "mounts \($0.target)" }
        lines += container.capAdd.map { "capability \($0)" }
        lines += service.dependsOn.map { "depends on \($0)" }
        lines += container.networks.values.compactMap(\.ipv4Address).map { "address \($0)" }
        if container.restart.name != "no" { lines.append("restart \(container.restart.name)") }
        if let command = container.command {
            let words = command.joined(separator: " ").split(whereSeparator: \.isWhitespace)
            lines.append("command " + words.joined(separator: " "))
        }
        return lines.map { "\(service.name) \($0)" }
    }

    @Test(arguments: releases, ["10000", "9999"])
    func filesSayWhatTheReferenceSays(release: Release, id: String) throws {
        let files = try files(of: id, release, exchange: false)
        #expect(try files == self.files(of: id, release, exchange: true))
        let ours = try flatten(files)
        let golden = try Golden.lines("fate-\(release.version)").map {
            $0.replacingOccurrences(of: "PARTY", with: id)
                .replacingOccurrences(
                    of: "SERVING:", with: (id == "10000" ? "192.168.1.1" : "192.168.1.2") + ":")
        }
        let lost = Set(golden).subtracting(ours).filter { line in
            !release.missing.contains { line.hasPrefix($0) }
        }
        #expect(lost.sorted() == [])
        let surplus = Set(ours).subtracting(golden).subtracting(release.added)
        #expect(surplus.sorted() == [])
        // A difference that is none any more is not to be listed.
        for missing in release.missing {
            #expect(golden.contains { $0.hasPrefix(missing) && !ours.contains($0) }, "\(missing)")
        }
        #expect(Set(release.added).isSubset(of: ours))
    }

    /// The config files without the derived route table.
    private func files(of id: String, _ release: Release, exchange: Bool) throws -> [String: [UInt8]] {
        let files = try party(id, release, exchange: exchange).files.filter {
            !$0.name.hasSuffix("route_table.json")
        }
        return Dictionary(files.map { ($0.name, $0.content) }) { first, _ in first }
    }

    /// The reference's two parties, each on a host of its own.
    private func party(_ id: String, _ release: Release, exchange: Bool) throws -> PartyResources {
        var example = try Example()
        example.remove(below: "parties/")
        if exchange {
            try example.append("federation.yaml", "exchange: {address: 192.168.1.3, port: 9371}\n")
        }
        for party in ["10000", "9999"] {
            example.write("parties/\(party)/party.yaml", Self.party(party, release))
        }
        let state = example.decode(DecodingContext(host: "host\(id)", dataDirectory: "/srv/fate"))
        #expect(state.diagnostics.filter { $0.severity == .error }.lines == [])
        return try state.party(id)
    }

    private static func party(_ id: String, _ release: Release) -> String {
        let address = id == "10000" ? "192.168.1.1" : "192.168.1.2"
        let port = release.version == "2.0.0" ? "PORT_OSX" : "PORT_ROLLSITE"
        return """
            apiVersion: fatesync/v1
            kind: Party
            id: \(id)
            blueprint: fate-\(release.version)
            host: host\(id)
            endpoint: {address: \(address)}
            variables:
              SUBNET: 192.167.0.0/16
              FLOW_IP: 192.167.0.100
              SERVING_HOST: \(address)
              \(port): 9370
              PORT_FATEBOARD: 8080
              PORT_GRPC: 9360
              PORT_HTTP: 9380
              PORT_CLIENT: 20000

            """
    }

    private func flatten(_ files: [String: [UInt8]]) throws -> Set<String> {
        let folder = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }  // Left for the system to clean up.
        for (name, content) in files {
            let url = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content).write(to: url)
        }
        return Set(try Golden.flatten(folder))
    }
}

/// The files below `Tests/Support/golden`.
enum Golden {
    private static var folder: URL {
        URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Support/golden")
    }

    static func lines(_ name: String) throws -> [String] {
        try String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// What the config files below a directory say.
    static func flatten(_ directory: URL) throws -> [String] {
        let process = Process()
        process.executableURL = folder.appending(path: "flatten")
        process.arguments = [directory.path()]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
