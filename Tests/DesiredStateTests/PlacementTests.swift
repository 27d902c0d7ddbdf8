import Testing

@testable import DesiredState

/// Parties whose services run on several hosts.
struct PlacementTests {
    private static let script = "parties/10000/confs/mysql/init/insert-node.sql"
    private static let other = DecodingContext(host: "b", dataDirectory: "/srv/fate")

    /// Party 10000 with these services placed elsewhere.
    private func placing(_ services: String...) throws -> Example {
        let lines = services.map { "\n  \($0)" }.joined()
        return try Example(Example.party10000, "host: demo\n", "host: demo\nservices:\(lines)\n")
    }

    /// Party 10000 with a second nodemanager on host b, and what eggroll has to know of it.
    private func twoNodes() throws -> Example {
        var example = try placing("nodemanager2: {extends: nodemanager, host: b}")
        try example.append(
            Example.party10000,
            """
            overrides:
              confs:
                fate_flow/conf/service_conf.yaml:
                  fate_on_eggroll: {clustermanager: {nodes: 2}}

            """)
        let rows = try example.text("blueprints/fate-1.5.1/confs/mysql/init/insert-node.sql")
        let row = "  ('nodemanager', 4671, 'NODE_MANAGER', 'HEALTHY')"
        let parts = rows.components(row)
        try #require(parts.count == 2)
        let second = ",\n  ('nodemanager2', 4671, 'NODE_MANAGER', 'HEALTHY')"
        example.write(Self.script, parts[0] + row + second + parts[1])
        return example
    }

    @Test func eachHostHasItsOwnPart() throws {
        let example = try twoNodes()
        #expect(example.lines == [])
        let home = try example.decode().party("10000")
        #expect(home.services.count == 7 && home.joinedNetworks == [])
        #expect(home.networks.map(\.driver) == ["overlay"] && home.networks[0].attachable)
        #expect(home.volumes.count == 5 && home.jobs?.elsewhere == nil)

        let state = example.decode(Self.other)
        #expect(state.parties.map(\.party) == ["10000"])
        let part = try state.party("10000")
        #expect(part.services.map(\.name) == ["nodemanager2"])
        let node = try part.service("nodemanager2")
        #expect(node.name == "user_confs10000_nodemanager2")
        #expect(node.labels[Labels.host] == "b")
        #expect(node.networks.mapValues(\.aliases) == ["user_confs10000_fate-network": ["nodemanager2"]])
        #expect(part.networks == [] && part.volumes == [] && part.firstStart == [])
        #expect(part.joinedNetworks == home.networks)
        #expect(part.services[0].probe == home.services.first { $0.name == "nodemanager" }?.probe)
        #expect(
            part.directories.map(\.path) == [
                "/srv/fate/confs-10000/confs/eggroll/conf", "/srv/fate/confs-10000/confs/fate_flow/conf",
                "/srv/fate/confs-10000/shared_dir/data", "/srv/fate/confs-10000/shared_dir/data/nodemanager",
            ])
        #expect(
            part.files.map(\.name) == [
                "eggroll/conf/eggroll.properties", "eggroll/conf/log4j2.properties",
                "eggroll/conf/route_table.json", "fate_flow/conf/service_conf.yaml",
            ])
        #expect(
            try part.file("eggroll/conf/eggroll.properties").onChange == .restart(services: ["nodemanager2"]))
        #expect(part.jobs?.guards.isSuperset(of: ["nodemanager", "nodemanager2", "python"]) == true)
        #expect(part.jobs?.elsewhere == JobGuard.Place(host: "demo", address: "192.168.136.100"))
        #expect(state.placements["10000"]?.hosts == ["b", "demo"])
        #expect(state.nodes["10000"] == NodeData(directory: "/data/projects/fate/eggroll/data"))
    }

    @Test func aPartyOfOneHostIsAsItWas() throws {
        let plain = try Example().decode().party("10000")
        let named = try placing("nodemanager: {host: demo}").decode().party("10000")
        #expect(named == plain)
        #expect(try Example().decode(Self.other).parties == [])
    }

    @Test func whatTheOtherHostHasAlreadyClashes() throws {
        var example = try placing("rollsite: {host: b}")
        try example.replace(Example.party9999, "host: demo", "host: b")
        try example.replace(Example.party9999, "PORT_HTTP: 10093", "PORT_HTTP: 10083")
        #expect(example.lines == [])
        try example.replace(Example.party9999, "PORT_ROLLSITE: 10090", "PORT_ROLLSITE: 10080")
        #expect(example.lines.contains { $0.contains("error E-PORT-CLASH: host port 10080") })
        try example.replace(Example.party9999, "PORT_ROLLSITE: 10080", "PORT_ROLLSITE: 10090")
        try example.replace(Example.party9999, "192.168.137.0/24", "192.168.136.0/24")
        #expect(example.lines.contains { $0.contains("error E-OVERLAP: the subnet 192.168.136.0/24") })
    }

    @Test func mistakesAreReportedWhereTheyAreWritten() throws {
        let party = "parties/10000/party.yaml"
        #expect(
            try placing("nodemanger: {host: b}").lines == [
                "\(party):8:3: error E-REF: unknown service \"nodemanger\" (did you mean \"nodemanager\"?)"
            ])
        #expect(
            try placing("python: {extends: nodemanager, host: b}").lines.contains(
                "\(party):8:3: error E-NAME: \"python\" is a service of the blueprint; \"extends\" makes another one, "
                    + "so give it a name of its own"))
        #expect(
            try placing("nm2: {extends: nodemanager, host: demo}").lines.contains(
                "\(party):8:37: error E-HOST: service \"nodemanager\" runs on host demo already, and both have the same "
                    + "directories; each instance of \"nodemanager\" needs a host of its own"))
        #expect(
            try placing("fateboard: {host: b}").lines.contains { line in
                line.contains(
                    "warning W-HOST: services on hosts b, demo mount the volume user_confs10000_fate_flow_logs"
                )
            })
        let services = [
            "mysql", "clustermanager", "nodemanager", "rollsite", "python", "fateboard", "client",
        ]
        var all = try Example()
        let lines = services.map { "  \($0): {host: b}\n" }.joined()
        try all.replace(Example.party10000, "host: demo\n", "host: demo\nservices:\n\(lines)")
        #expect(
            all.lines == [
                "\(party):8:17: error E-HOST: no service is left on host demo, the party's own; write one of its "
                    + "services' hosts into \"host\""
            ])
    }

    @Test func everyNodeHasItsRowAndEveryRowItsNode() throws {
        let party = "parties/10000/party.yaml"
        let service = "blueprints/fate-1.5.1/confs/fate_flow/conf/service_conf.yaml"
        #expect(
            try placing("nodemanager2: {extends: nodemanager, host: b}").lines == [
                "\(service):30:12: error E-NODE: fate_on_eggroll.clustermanager.nodes of "
                    + "fate_flow/conf/service_conf.yaml is \"1\", and the party has 2 of service \"nodemanager\" "
                    + "(nodemanager, nodemanager2); both must be equal",
                "\(party):8:3: error E-NODE: service \"nodemanager2\" is a node, and mysql/init/insert-node.sql has no row "
                    + "of server_node for it, so it gets no work: add ('nodemanager2', 4671, 'NODE_MANAGER', 'HEALTHY') "
                    + "to parties/10000/confs/mysql/init/insert-node.sql",
            ])
        var example = try twoNodes()
        try example.replace(Self.script, "('nodemanager2', 4671", "('nodemanager2', 4672")
        #expect(
            example.lines == [
                "\(Self.script):11:3: error E-NODE: server_node has port 4672 for \"nodemanager2\", and "
                    + "eggroll.resourcemanager.nodemanager.port of eggroll/conf/eggroll.properties is 4671; all nodes "
                    + "listen on that one"
            ])
        example = try twoNodes()
        try example.replace(
            Self.script, "'HEALTHY');", "'HEALTHY'), ('nm3', 4671, 'NODE_MANAGER', 'HEALTHY');")
        #expect(
            example.lines == [
                "\(Self.script):11:54: error E-NODE: server_node has a row for \"nm3\", and no service of the party answers "
                    + "to that name (nodes: nodemanager, nodemanager2); every job would wait for that node and fail"
            ])
    }

    @Test func rowsAreFoundInAnyWayOfWriting() {
        let script = """
            -- INSERT INTO server_node (host) VALUES ('no');
            insert ignore into `eggroll_meta`.`server_node` (port, `node_type`, host) values
              (4671, "node_manager", 'it''s'), # a comment
              (4670, 'CLUSTER_MANAGER', 'cm') /* (1, 'x', 'y') */;
            INSERT INTO other (host) VALUES ('no');
            INSERT INTO eggroll_meta.server_node (host, port, node_type) VALUE ('last', 1, 'NODE_MANAGER')
            """
        let rows = ServerNodeRow.all(in: script, file: "x.sql")
        #expect(rows.map(\.host) == ["it's", "cm", "last"])
        #expect(rows.map(\.port) == ["4671", "4670", "1"])
        #expect(rows.map(\.kind) == ["NODE_MANAGER", "CLUSTER_MANAGER", "NODE_MANAGER"])
        #expect(rows.map(\.location.line) == [3, 4, 6])
        for end in script.indices { _ = ServerNodeRow.all(in: String(script[..<end]), file: "x.sql") }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
