import Foundation
import Testing

extension Acceptance {
    /// The map of ways: what `fatesync routes` says of a directory and of a host, and what rollsite makes of it.
    @Suite struct RoutesTests {
        private func routes(_ words: String...) async throws -> Exit {
            try await Program.run([Program.fatesync, "routes"] + words)
        }

        // MARK: A directory

        @Test func `the map of a directory`() async throws {
            let exit = try await routes(Program.exampleState).expect(0)
            #expect(
                exit.output == """
                    demo
                    PARTY  HOST  DIALLED AT
                    8888   -     10.10.0.8:9370   of another organisation
                    9999   demo  10.10.0.1:10090
                    10000  demo  10.10.0.1:10080

                    eggroll/conf/route_table.json (rollsite)
                    from \\ to  8888  9999  10000  others
                    9999          D     .      D       -
                    10000         D     D      .       -
                      D directly, - not at all

                    """)
        }

        @Test func `the map as JSON says how, where and why not`() async throws {
            struct Document: Decodable {
                struct Way: Decodable {
                    var from, to, how: String
                    var reason: String?
                    var at: Address?
                }
                struct Address: Decodable {
                    var address: String
                    var ports: [String: Int]
                }
                struct Table: Decodable {
                    var party, format: String
                    var exchange: Address?
                    var disk: String?
                }
                var schemaVersion: Int
                var ways: [Way]
                var tables: [Table]
            }
            let folder = try example()
            try
                "apiVersion: fatesync/v1\nkind: Federation\nname: x\nexchange: {address: 10.9.9.9, port: 9371}\n"
                .write(toFile: folder.path + "/federation.yaml", atomically: true, encoding: .utf8)
            let external = folder.path + "/parties/8888/party.yaml"
            try String(contentsOfFile: external, encoding: .utf8)
                .replacingOccurrences(of: "  port: 9370", with: "  port: 9370\n  via: exchange")
                .write(toFile: external, atomically: true, encoding: .utf8)
            let map = try await routes(folder.path, "-o", "json").expect(0).decode(Document.self)
            #expect(map.schemaVersion == 1)
            #expect(
                map.ways.map { "\($0.from) \($0.to) \($0.how) \($0.at?.address ?? "-")" } == [
                    "9999 8888 exchange 10.9.9.9", "9999 10000 direct 10.10.0.1",
                    "10000 8888 exchange 10.9.9.9", "10000 9999 direct 10.10.0.1",
                ])
            #expect(map.tables.map(\.party) == ["9999", "10000"])
            #expect(map.tables.allSatisfy { $0.exchange?.ports == ["port": 9371] && $0.disk == nil })
        }

        @Test func `mistakes show beside the map, with exit code 3`() async throws {
            let folder = try example()
            try "kind: Party\n".write(
                toFile: folder.path + "/parties/9999/party.yaml", atomically: true, encoding: .utf8)
            let exit = try await routes(folder.path).expect(3)
            #expect(exit.errors.contains("parties/9999/party.yaml:1:1: error"))
            #expect(exit.output.contains("10000  demo  10.10.0.1:10080"))
        }

        @Test func `the picture is XML whatever names it shows, and always the same`() async throws {
            let folder = try example()
            try
                "apiVersion: fatesync/v1\nkind: Federation\nname: \"<script>&'\\\"]]>\"\nexchange: {address: 10.9.9.9, port: 9371}\n"
                .write(toFile: folder.path + "/federation.yaml", atomically: true, encoding: .utf8)
            for id in 1...18 {
                let path = folder.path + "/parties/\(id)"
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                try
                    "apiVersion: fatesync/v1\nkind: Party\nid: \(id)\nexternal: true\nendpoint: {address: 10.8.0.\(id), port: 1}\n"
                    .write(toFile: path + "/party.yaml", atomically: true, encoding: .utf8)
            }
            let picture = try await routes(folder.path, "-o", "svg").expect(0).output
            #expect(try await routes(folder.path, "-o", "svg").expect(0).output == picture)
            let file = folder.path + "/picture.svg"
            try picture.write(toFile: file, atomically: true, encoding: .utf8)
            let script = """
                import sys, xml.etree.ElementTree as tree
                texts = [e for e in tree.parse(sys.argv[1]).iter() if e.tag.endswith('}text')]
                print(len([e for e in texts if e.get('class') == 'id']))
                print(len({(e.get('x'), e.get('y')) for e in texts}) == len(texts))
                print([e.text for e in texts if e.get('class') == 'name'][0])
                """
            let seen = try await Program.output(of: ["python3", "-c", script, file])
            #expect(seen == "22\nTrue\n<script>&'\"]]>")
        }

        private func example() throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            for item in try FileManager.default.contentsOfDirectory(atPath: Program.exampleState) {
                try FileManager.default.copyItem(
                    atPath: "\(Program.exampleState)/\(item)", toPath: "\(folder.path)/\(item)")
            }
            return folder
        }

        // MARK: A host

        @Test func `rollsite follows sync after sync, and starts again after its table was gone`()
            async throws
        {
            try await Host.use { host in
                let state = MountedState(host: host)
                try state.write()
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                for change in 1...8 {
                    try host.write(
                        "parties/9998/party.yaml",
                        """
                        apiVersion: fatesync/v1
                        kind: Party
                        id: 9998
                        external: true
                        endpoint: {address: 10.10.0.8, port: \(9370 + change)}

                        """)
                    try await host.push("Move a party")
                    try await host.fatesync("sync").expect(0)
                }
                try await expectRoute(host, state, "10.10.0.8:9378")
                let after = try await host.containers()
                #expect(after == before)
                try await expectDisk(host, "as desired", exitCode: 0)

                let table = state.file("rollsite/route_table.json")
                let text = try String(contentsOfFile: table, encoding: .utf8)
                try text.replacingOccurrences(of: "9378", with: "1").write(
                    toFile: table, atomically: true, encoding: .utf8)
                try await expectDisk(
                    host, "differs: route_table.9998.default[0].port 1 -> 9378", exitCode: 2)
                try "{".write(toFile: table, atomically: true, encoding: .utf8)
                try await expectDisk(host, "cannot be read", exitCode: 2)
                try FileManager.default.removeItem(atPath: table)
                try await expectDisk(host, "missing", exitCode: 2)
                try await host.fatesync("sync").expect(0)
                try await expectRoute(host, state, "10.10.0.8:9378")
                let repaired = try await host.containers()
                #expect(repaired.mapValues(\.id) == before.mapValues(\.id))
                let restarted = repaired.filter { $0.value.startedAt != before[$0.key]?.startedAt }.map(\.key)
                #expect(restarted == [state.container("rollsite")])
            }
        }

        /// Looks at the disk without an engine.
        private func expectDisk(_ host: Host, _ text: String, exitCode: Int32) async throws {
            let exit = try await host.fatesync("routes", "--exit-code", "--docker", "unix:///nowhere")
                .expect(exitCode)
            let line = exit.output.split(separator: "\n").last ?? ""
            #expect(line.contains(text), "\(exit)")
        }

        private func expectRoute(_ host: Host, _ state: MountedState, _ address: String) async throws {
            let isRouted = try await eventually(within: .seconds(10)) {
                let words = [Program.support("rollsite-ask"), host.engine.name, "10.10.0.1"]
                return try await Program.run(words + ["\(state.port)", "route 9998"]).output == address + "\n"
            }
            #expect(isRouted, "rollsite does not dial \(address)")
        }
    }
}
