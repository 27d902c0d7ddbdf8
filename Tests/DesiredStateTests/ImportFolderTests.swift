import Testing

@testable import DesiredState

@Suite struct ImportFolderTests {
    @Test func `parties of KubeFATE 1.5.1 share a blueprint that makes what they had`() throws {
        let folder = try KubeFATEFolder.version151("10000", "9999")
        let state = try folder.imported()
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        #expect(state.dataDirectory == KubeFATEFolder.directory)
        #expect(
            state.parties == [
                .init(id: "9999", host: "192.168.1.2", blueprint: "imported-1.5.1"),
                .init(id: "10000", host: "192.168.1.1", blueprint: "imported-1.5.1"),
            ])
        let blueprint = "blueprints/imported-1.5.1/"
        #expect(try !state.text("parties/9999/party.yaml").contains("overrides"))
        #expect(!state.tree.files.keys.contains { $0.hasPrefix("parties/") && $0.contains("/confs/") })
        let properties = try state.text(blueprint + "confs/eggroll/conf/eggroll.properties")
        #expect(properties.contains("eggroll.rollsite.party.id=${PARTY_ID}"))
        let service = try state.text(blueprint + "confs/fate_flow/conf/service_conf.yaml")
        #expect(service.contains("${FLOW_IP}") && service.contains("${SERVING_HOST}:8000"))
        // Known by everybody, so it stays.
        #expect(properties.contains("fate_dev"))

        let decoded = state.decode("192.168.1.1")
        #expect(decoded.diagnostics.filter { $0.severity == .error }.map(\.description) == [])
        let party = try decoded.party("10000")
        #expect(party.adoptsExisting)
        #expect(party.project == "confs-10000")
        let python = try party.service("python")
        #expect(python.name == "confs-10000-python-1")
        #expect(python.image == "federatedai/python:1.5.1-release")
        #expect(python.networks["confs-10000_fate-network"]?.ipv4Address == "192.167.0.100")
        #expect(
            python.mounts.contains(
                Mount(
                    .bind, from: "/data/projects/fate/confs-10000/confs/eggroll/conf",
                    to: "/data/projects/fate/eggroll/conf")))
        #expect(try party.service("rollsite").command?.last?.contains("${EGGROLL_HOME}/lib/*") == true)
        #expect(try party.service("client").environment["FATE_SERVING_HOST"] == "192.168.1.1:8059")
        #expect(party.services.first { $0.name == "python" }?.data.count == 2)
        let effect = try party.file("fate_flow/conf/service_conf.yaml").onChange
        #expect(effect == .restart(services: ["nodemanager", "python"]))
        for file in party.files where file.name != "eggroll/conf/route_table.json" {
            let original = try #require(folder.files["confs-10000/confs/\(file.name)"])
            #expect(file.difference(from: original) == .none, "\(file.name)")
        }
    }

    @Test func `the only difference is the port that rollsite cannot read`() throws {
        let state = try KubeFATEFolder.version151("10000", "9999").imported()
        #expect(
            state.lines(.changed)
                == ["10000", "9999"].map { party in
                    "confs-\(party)/confs/eggroll/conf/route_table.json:1:1: "
                        + "route_table.default.default[0].port: \"9370\" -> 9370 "
                        + "(a correction: rollsite reads no port that is a string)"
                })
    }

    @Test func `a party of KubeFATE 2.0.0 is written with its health check and images`() throws {
        let state = try KubeFATEFolder.version200().imported()
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        #expect(state.lines(.changed) == [])
        #expect(state.parties.map(\.id) == ["9999", "10000"])
        #expect(state.parties.map(\.host) == [nil, "demo"])
        let party = try state.decode(secrets: ["NOTEBOOK_HASHED_PASSWORD": "argon2:f3a9c1"]).party("10000")
        let flow = try party.service("fateflow")
        #expect(flow.image == "federatedai/fateflow:2.0.0-release")
        #expect(flow.healthcheck?.test.last == "http://192.167.0.100:9380/v2/server/fateflow")
        #expect(
            flow.command?.last
                == "set -x\nsleep 5 && python fate_flow/python/fate_flow/fate_flow_server.py --debug\n")
        #expect(
            try party.service("osx").mounts.contains(
                Mount(.bind, from: "/etc/localtime", to: "/etc/localtime", readOnly: true)))
        #expect(try party.text("osx/conf/broker.properties").contains("self.party=10000"))
        #expect(try party.text("fate_flow/conf/service_conf.yaml").contains("party_id: \"10000\""))
        #expect(state.secrets.map(\.name) == ["NOTEBOOK_HASHED_PASSWORD"])
        // Derived, and the same as it was.
        #expect(!state.tree.files.keys.contains { $0.hasSuffix("route_table.json") })
        #expect(try party.text("osx/conf/route_table.json").contains("192.168.1.2"))
        let compose = try state.text("blueprints/imported-2.0.0/compose.yaml")
        #expect(compose.contains("http://${FLOW_IP}:9380"))
        #expect(compose.contains("${OSX_IMAGE}:${OSX_IMAGE_TAG}"))
        let service = try state.text("blueprints/imported-2.0.0/confs/fate_flow/conf/service_conf.yaml")
        #expect(service.contains("# its own address"))
    }

    @Test func `what one party has of its own becomes its overrides`() throws {
        var folder = try KubeFATEFolder.version151("10000", "9999")
        try folder.replace("confs-10000/docker-compose.yml", "\"8080:8080\"", "\"18080:8080\"")
        try folder.replace("confs-10000/docker-compose.yml", "sleep 5 &&", "sleep 9 &&")
        try folder.replace(
            "confs-10000/confs/fate_flow/conf/service_conf.yaml", "cores_per_node: 16", "cores_per_node: 4")
        folder["confs-10000/confs/mysql/init/insert-node.sql"] += "-- of party 10000 alone\n"
        let state = try folder.imported()
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        #expect(Set(state.parties.compactMap(\.blueprint)) == ["imported-1.5.1"])
        let party = try state.text("parties/10000/party.yaml")
        #expect(party.contains("PORT_FATEBOARD: 18080"))
        #expect(party.contains("cores_per_node: 4"))
        #expect(party.contains("sleep 9 && python"))
        #expect(state.tree.files["parties/10000/confs/mysql/init/insert-node.sql"] != nil)
        #expect(try !state.text("parties/9999/party.yaml").contains("overrides"))
    }

    @Test func `parties that are not alike get blueprints of their own`() throws {
        var folder = try KubeFATEFolder.version151("10000", "9999")
        try folder.replace(
            "confs-10000/docker-compose.yml", "    restart: always\n    environment:\n      MYSQL",
            "    environment:\n      MYSQL")
        let state = try folder.imported()
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        #expect(state.parties.compactMap(\.blueprint) == ["imported-1.5.1", "imported-1.5.1-10000"])
    }

    @Test func `parties on one host need other ports, and what clashes is said`() throws {
        let state = try KubeFATEFolder.version151("10000", "9999").imported(
            ImportHosts(named: ["10000": "alpha", "9999": "alpha"], machine: "demo"))
        #expect(!state.isComplete)
        #expect(state.lines(.leftOut).contains { $0.contains("not valid") && $0.contains("9370") })
        #expect(throws: ImportError.self) {
            try KubeFATEFolder.version151("10000", "9999").imported(ImportHosts(common: "a", machine: "demo"))
        }
        #expect(throws: ImportError.self) {
            try KubeFATEFolder.version151("10000").imported(ImportHosts(named: ["1": "a"], machine: "demo"))
        }
    }

    @Test func `an exchange and a listed party without a folder are written`() throws {
        var folder = try KubeFATEFolder.version151("10000", "9999", "8888")
        for path in folder.files.keys where path.hasPrefix("confs-8888/") { folder.files[path] = nil }
        for party in ["10000", "9999"] {
            try folder.replace(
                "confs-\(party)/confs/eggroll/conf/route_table.json",
                "\"ip\": \"rollsite\", \"port\": \"9370\"",
                "\"ip\": \"192.168.1.9\", \"port\": 9371")
        }
        let state = try folder.imported()
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        #expect(state.lines(.changed) == [])
        #expect(state.parties.first { $0.id == "8888" } == .init(id: "8888", host: nil, blueprint: nil))
        #expect(
            try state.text("federation.yaml").contains("exchange:\n  address: \"192.168.1.9\"\n  port: 9371"))
    }
}
