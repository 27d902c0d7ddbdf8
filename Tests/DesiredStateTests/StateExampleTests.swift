import Testing

@testable import DesiredState

/// What the example state repository means, container by container.
struct StateExampleTests {
    private static let ids = ["9999", "10000"]

    @Test func decodesWithNothingToSayButOfTheNotesFloatingTag() throws {
        let state = try Example().decode()
        #expect(
            state.diagnostics.map(\.description) == [
                "blueprints/fate-1.5.1/compose.yaml:56:12: \(Example.mysqlWarning)"
            ])
        #expect(state.invalidUnits == [])
        #expect(state.parties.map(\.party) == Self.ids)
        #expect(state.partyHosts == ["10000": "demo", "9999": "demo", "8888": nil])
        #expect(
            state.routes == [
                PartyRoute(party: "8888", endpoint: Endpoint("10.10.0.8", [.port: 9370]), host: nil),
                PartyRoute(party: "9999", endpoint: Endpoint("10.10.0.1", [.port: 10090]), host: "demo"),
                PartyRoute(party: "10000", endpoint: Endpoint("10.10.0.1", [.port: 10080]), host: "demo"),
            ])
    }

    @Test func makesFourteenContainersTwoNetworksAndTenVolumes() throws {
        let parties = try Example().decode().parties
        #expect(parties.flatMap(\.services).count == 14)
        #expect(parties.flatMap(\.networks).count == 2)
        #expect(parties.flatMap(\.volumes).count == 10)
        #expect(parties.map(\.project) == ["user_confs9999", "user_confs10000"])
    }

    @Test func namesContainersAsTheNoteDoes() throws {
        let state = try Example().decode()
        for id in Self.ids {
            let party = try state.party(id)
            let names = party.services.map { "\($0.name) \($0.container.name)" }.sorted()
            #expect(
                names == [
                    "client user_confs\(id)_client", "clustermanager user_confs\(id)_clustermanager",
                    "fateboard user_confs\(id)_fateboard", "mysql user_confs\(id)_sql",
                    "nodemanager user_confs\(id)_nodemanager", "python user_confs\(id)_python",
                    "rollsite user_confs\(id)_rollsite",
                ])
            for service in party.services {
                let network = service.container.networks["user_confs\(id)_fate-network"]
                #expect(network?.aliases.contains(service.name) == true)
                #expect(service.container.networks.count == 1)
                #expect(service.container.ipcMode == "shareable")
            }
        }
    }

    @Test(arguments: [("10000", 136, 10080), ("9999", 137, 10090)])
    func givesEachPartyItsNetworkAddressAndPorts(id: String, network: Int, first: Int) throws {
        let party = try Example().decode().party(id)
        let spec = try #require(party.networks.first)
        #expect(spec.name == "user_confs\(id)_fate-network")
        #expect(spec.driver == "bridge" && spec.attachable && !spec.isInternal)
        #expect(spec.pools.map(\.subnet) == ["192.168.\(network).0/24"])
        let ports = try party.services.flatMap { service in
            try party.service(service.name).ports.map { "\(service.name) \($0.hostPort):\($0.containerPort)" }
        }
        #expect(
            ports.sorted() == [
                "client \(first + 4):20000", "fateboard \(first + 1):8080", "python \(first + 2):9360",
                "python \(first + 3):9380", "rollsite \(first):9370",
            ])
        let addresses = party.services.compactMap { service in
            service.container.networks[spec.name]?.ipv4Address.map { "\(service.name) \($0)" }
        }
        #expect(addresses == ["python 192.168.\(network).100"])
    }

    @Test(arguments: ids) func mountsWhatFATEReads(id: String) throws {
        let party = try Example().decode().party(id)
        let base = "/srv/fate/confs-\(id)"
        func mounts(_ service: String) throws -> [String] {
            try party.service(service).mounts.map { "\($0.kind) \($0.source) \($0.target)" }.sorted()
        }
        let eggroll = "bind \(base)/confs/eggroll/conf /data/projects/fate/eggroll/conf"
        let conf = "bind \(base)/confs/fate_flow/conf /data/projects/fate/conf"
        let volume = "volume user_confs\(id)"
        #expect(try mounts("rollsite") == [eggroll])
        #expect(try mounts("clustermanager") == [eggroll])
        #expect(
            try mounts("nodemanager") == [
                eggroll,
                "bind \(base)/confs/fate_flow/conf/service_conf.yaml /data/projects/fate/conf/service_conf.yaml",
                "bind \(base)/shared_dir/data/nodemanager /data/projects/fate/eggroll/data",
            ])
        #expect(
            try mounts("python") == [
                eggroll, conf, "\(volume)_download_dir /data/projects/fate/python/download_dir",
                "\(volume)_fate_flow_logs /data/projects/fate/logs",
                "\(volume)_shared_dir_examples /data/projects/fate/examples",
                "\(volume)_shared_dir_federatedml /data/projects/fate/python/federatedml",
            ])
        #expect(
            try mounts("fateboard") == [
                "bind \(base)/confs/fateboard/conf /data/projects/fate/fateboard/conf",
                "\(volume)_fate_flow_logs /data/projects/fate/logs",
            ])
        #expect(
            try mounts("client") == [
                "bind \(base)/confs/client/pipeline_conf.yaml /data/projects/fate/conf/pipeline_conf.yaml",
                conf, "\(volume)_download_dir /fml_manager/Examples/download_dir",
                "\(volume)_shared_dir_examples /data/projects/fate/examples",
            ])
        #expect(
            try mounts("mysql") == [
                "bind \(base)/confs/mysql/init /docker-entrypoint-initdb.d",
                "bind \(base)/shared_dir/data/mysql /var/lib/mysql",
            ])
    }

    @Test func startsFATEWithTheRealCommands() throws {
        let party = try Example().decode().party("10000")
        #expect(
            try party.service("rollsite").command == [
                "bash", "-c",
                "java -Dlog4j.configurationFile=${EGGROLL_HOME}/conf/log4j2.properties "
                    + "-cp ${EGGROLL_HOME}/lib/*:${EGGROLL_HOME}/conf/ "
                    + "com.webank.eggroll.rollsite.EggSiteBootstrap -c ${EGGROLL_HOME}/conf/eggroll.properties",
            ])
        #expect(
            try party.service("python").command == [
                "/bin/bash", "-c",
                "sleep 5 && python /data/projects/fate/python/fate_flow/fate_flow_server.py",
            ])
        #expect(try party.service("mysql").command == nil)
        #expect(try party.service("fateboard").image == "federatedai/fateboard:1.5.1-release")
        #expect(try party.service("mysql").image == "mysql:8")
        #expect(
            try party.service("client").environment == [
                "FATE_FLOW_HOST": "python:9380", "FATE_SERVING_HOST": "127.0.0.1:8059",
            ])
        let restarting = party.services.filter { $0.container.restart.name == "always" }.map(\.name)
        #expect(restarting.sorted() == ["client", "mysql", "python"])
        let python = try #require(party.services.first { $0.name == "python" })
        #expect(Set(python.dependsOn) == ["mysql", "rollsite", "clustermanager", "nodemanager"])
    }

    @Test func makesTheDirectoriesOfBindVolumes() throws {
        let party = try Example().decode().party("10000")
        let directories = Set(party.directories.map(\.path))
        let devices = party.volumes.compactMap { $0.driverOptions["device"] }
        #expect(devices.count == 5)
        #expect(directories.isSuperset(of: devices))
        #expect(party.directories.allSatisfy { $0.mode == 0o755 })
        #expect(
            party.volumes.allSatisfy {
                $0.driver == "local" && $0.driverOptions["type"] == "none" && $0.driverOptions["o"] == "bind"
            })
    }

    @Test func saysWhatAChangeOfEachFileNeeds() throws {
        let party = try Example().decode().party("10000")
        #expect(party.files.map(\.name) == party.files.map(\.name).sorted())
        #expect(party.files.count == 10)
        #expect(party.files.allSatisfy { $0.mode == 0o644 && !$0.isSecret })
        #expect(party.files.allSatisfy { $0.path == "/srv/fate/confs-10000/confs/\($0.name)" })
        #expect(
            try party.file("eggroll/conf/eggroll.properties").onChange
                == .restart(services: ["clustermanager", "nodemanager", "rollsite", "python"]))
        #expect(
            try party.file("eggroll/conf/route_table.json").onChange
                == .reload(withinSeconds: 60, restartIfUnreadable: ["rollsite"]))
        #expect(try party.file("mysql/init/insert-node.sql").onChange == .nothing)
    }

    @Test func copiesUnlistedAndVerbatimFilesAsTheyAre() throws {
        var example = try Example()
        example.write("parties/10000/confs/extra/notes.txt", "costs $5 and ${NOTHING}\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        let party = try state.party("10000")
        #expect(try party.text("extra/notes.txt") == "costs $5 and ${NOTHING}\n")
        #expect(try party.file("extra/notes.txt").onChange == .nothing)
        let log4j = try example.text("blueprints/fate-1.5.1/confs/eggroll/conf/log4j2.properties")
        #expect(try party.text("eggroll/conf/log4j2.properties") == log4j)
        #expect(try state.party("9999").files.count == 10)
    }

    @Test func writesEveryVariableForCompose() throws {
        let variables = try Example().decode().party("10000").variables
        #expect(variables["PARTY_ID"] == "10000")
        #expect(variables["BASE_DIR"] == "/srv/fate")
        #expect(variables["PREFIX"] == "user_confs10000")
        #expect(variables["PORT_ROLLSITE"] == "10080")
        #expect(variables.count == 17)
    }

    @Test func doesNotDependOnTheOrderOfFiles() throws {
        let example = try Example()
        let expected = example.decode()
        for seed in 0..<20 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var files: [String: [UInt8]] = [:]
            for (path, bytes) in example.tree.files.shuffled(using: &generator) { files[path] = bytes }
            let state = DesiredState.decode(SourceTree(files: files), context: Example.context)
            #expect(state.parties == expected.parties)
            #expect(state.routes == expected.routes)
        }
    }

    @Test func anotherHostHasNothing() throws {
        let context = DecodingContext(host: "other", dataDirectory: "/srv/fate")
        let state = try Example().decode(context)
        #expect(state.parties == [])
        #expect(state.diagnostics.lines == [])
        #expect(state.routes.count == 3)
    }
}
