import Foundation
import Testing

extension Acceptance {
    /// The deployment of the note, typed by hand, comes under fatesync without a restart.
    @Suite struct NoteTests {
        private static let prefix = "user_confs10000_"
        private let party = "parties/10000/party.yaml"

        @Test func `the note's deployment is adopted untouched, and a plan shows exactly its mistakes`()
            async throws
        {
            try await Host.use(name: "demo", isRecorded: true) { host in
                try await HandMade.use(Self.prefix, on: host) { made in
                    try host.copyExample()
                    // The other party is another host's, so that the plan is about the note's alone.
                    try host.replace("host: demo", with: "host: other", in: "parties/9999/party.yaml")
                    // MySQL has run the note's rows, so their correction would wait for a person.
                    let blueprint = "blueprints/fate-1.5.1/blueprint.yaml"
                    let lines = try host.read(blueprint).split(
                        separator: "\n", omittingEmptySubsequences: false)
                    try host.write(
                        blueprint, lines.filter { !$0.contains("confirm: MySQL") }.joined(separator: "\n"))
                    try await host.push("Describe the deployment without the note's mistakes")
                    try keepTheNote(host)
                    try await made.writeFiles(
                        of: 10000, to: "\(host.dataDirectory)/confs-10000/confs")
                    try await Program.output(
                        of: [Program.support("note"), host.engine.endpoint, host.dataDirectory])
                    try await isAdoptedUntouched(host, made)
                    try await differsOnlyInTheMistakes(host)
                    try await host.push("Describe the note as it is")
                    try await isInSyncWithTheNote(host, made)
                    try await recreatesOnlyWhatChanges(host, made)
                    try await isForeignWithoutTheMemory(host, made)
                }
            }
        }

        /// Makes the state in the clone what the note does, its mistakes included.
        private func keepTheNote(_ host: Host) throws {
            let (old, new) = ("\(host.clone)/blueprints/fate-1.5.1", "\(host.clone)/blueprints/note")
            try FileManager.default.copyItem(atPath: old, toPath: new)
            let blueprint = "blueprints/note/blueprint.yaml"
            try host.replace("name: fate-1.5.1", with: "name: note", in: blueprint)
            let text = try host.read(blueprint)
            let start = try #require(text.range(of: "routeTable:"))
            try host.write(blueprint, String(text[..<start.lowerBound]))
            let insert = "blueprints/note/confs/mysql/init/insert-node.sql"
            try host.replace("4670", with: "9460", in: insert)
            try host.replace("4671", with: "9461", in: insert)
            try host.replace("blueprint: fate-1.5.1", with: "blueprint: note", in: party)
            try host.append("  SERVING_HOST: 172.16.0.160\n", to: party)
            try host.append(
                "overrides:\n  services:\n    client:\n      ports: [\"${PORT_CLIENT}:15000/tcp\"]\n",
                to: party)
            try host.write("parties/10000/confs/eggroll/conf/route_table.json", Self.routeTable)
        }

        /// As KubeFATE 1.5.1 writes it, with the addresses of the other parties put in by hand.
        private static let routeTable = """
            {
              "route_table": {
                "default": {"default": [{"ip": "rollsite", "port": "9370"}]},
                "8888": {"default": [{"ip": "10.10.0.8", "port": 9370}]},
                "9999": {"default": [{"ip": "10.10.0.1", "port": 9370}]},
                "10000": {
                  "default": [{"ip": "rollsite", "port": 9370}],
                  "fateflow": [{"ip": "python", "port": 9360}]
                }
              },
              "permission": {"default_allow": true}
            }

            """

        private func isAdoptedUntouched(_ host: Host, _ made: HandMade) async throws {
            let proxy = try #require(host.proxy)
            let before = try await made.containers()
            #expect(before.count == 7)
            try await host.fatesync("plan", "-o", "json").expect(6)
            let adoption = try await host.fatesync("adopt", "-o", "json").expect(0).decode(
                PlanSummary.Adoption.self)
            #expect(adoption.refused.isEmpty)
            #expect(adoption.plan.adopted.count == 7 + 1 + 5)
            #expect(
                adoption.plan.adopted.prefix(7).map(\.standsFor) == [
                    "client", "clustermanager", "fateboard", "mysql", "nodemanager", "python", "rollsite",
                ])
            let after = try await made.containers()
            #expect(after == before)
            #expect(proxy.requests().filter(\.isMutation) == [])
            let records = try host.journal().filter { $0.kind == "object.adopted" }
            #expect(records.count == 13)
            let ids = records.compactMap(\.obj?.id)
            #expect(Set(ids).isSuperset(of: before.values.map(\.id)))
            let again = try await host.fatesync("adopt").expect(0)
            #expect(again.output.contains("nothing to adopt"))
        }

        /// The rows of "What the note says and what is here" in state/README.md that show on a host.
        private func differsOnlyInTheMistakes(_ host: Host) async throws {
            let plan = try await host.fatesync("plan", "-o", "json").expect(0).decode(PlanSummary.self)
            #expect(plan.warnings.isEmpty)
            let containers = plan.steps.filter { $0.action != "file.write" }.flatMap { step in
                step.changes.map { change in
                    "\(Self.short(step.object)) \(change.field): \(change.old) -> \(change.new)"
                }
            }
            #expect(
                Set(containers) == [
                    "client ports: [10084:15000/tcp] -> [10084:20000/tcp]",
                    "client environment.FATE_SERVING_HOST: 172.16.0.160:8059 -> 127.0.0.1:8059",
                ])
            let files = plan.steps.filter { $0.action == "file.write" }.flatMap { step in
                step.changes.map { change in
                    "\(Self.short(step.object)): \(Self.value(change.old)) -> \(Self.value(change.new))"
                }
            }
            let manager = "'CLUSTER_MANAGER', 'HEALTHY')"
            let mistakes: Set = [
                // The default route's port is a string, and the peer's is not the published one.
                #"route_table.json: "9370" -> 9370"#, "route_table.json: 9370 -> 10090",
                #"route_table.json: "9370" -> 10090"#,
                "service_conf.yaml: 172.16.0.160:8000 -> 127.0.0.1:8000",
                "insert-node.sql: ('clustermanager', 9460, \(manager) -> ('clustermanager', 4670, \(manager)",
                "insert-node.sql: ('nodemanager', 9461, 'NODE_MANAGER', 'HEALTHY') -> "
                    + "('nodemanager', 4671, 'NODE_MANAGER', 'HEALTHY')",
            ]
            #expect(Set(files).subtracting(mistakes) == [])
            #expect(files.contains { $0.hasPrefix("route_table.json") && $0.hasSuffix("-> 10090") })
            #expect(files.count { $0.hasPrefix("insert-node.sql") } == 2)
            #expect(files.count { $0.hasPrefix("service_conf.yaml") } == 1)
            // FATE Flow looks up the hosts of FATE-Serving with every call, and nodemanager never.
            let restarts = plan.steps.filter { $0.action == "container.restart" }.map {
                Self.short($0.object)
            }
            #expect(restarts == [])
            let made = Set(plan.steps.map(\.action))
            #expect(made.isDisjoint(with: ["network.create", "volume.create", "directory.create"]))
        }

        /// The value alone, of a key as well as of a whole line.
        private static func value(_ text: String) -> String {
            if text.hasPrefix("(") { return text.trimmingCharacters(in: .init(charactersIn: ",;")) }
            let value = text.hasPrefix("\"port\": ") ? String(text.dropFirst(8)) : text
            return value.contains(":") ? value.trimmingCharacters(in: .init(charactersIn: "- \"")) : value
        }

        private static func short(_ object: String) -> String {
            object.hasPrefix(prefix)
                ? String(object.dropFirst(prefix.count))
                : object.split(separator: "/").last.map(String.init) ?? object
        }

        private func isInSyncWithTheNote(_ host: Host, _ made: HandMade) async throws {
            let proxy = try #require(host.proxy)
            let before = try await made.containers()
            try await host.fatesync("plan", "--exit-code").expect(0)
            try await host.fatesync("sync").expect(0)
            #expect(proxy.requests().filter(\.isMutation) == [])
            let after = try await made.containers()
            #expect(after == before)
        }

        private func recreatesOnlyWhatChanges(_ host: Host, _ made: HandMade) async throws {
            let client = Self.prefix + "client"
            let before = try await made.containers()
            try host.append("      environment: {NOTEBOOK_TITLE: demo}\n", to: party)
            try await host.push("Name the notebook")
            try await host.fatesync("sync").expect(0)
            let after = try await made.containers()
            #expect(after.keys == before.keys)
            #expect(Set(before.filter { after[$0.key] != $0.value }.keys) == [client])
            let labelled = try await host.containers()
            #expect(Set(labelled.keys) == [client])
            let memory = try String(contentsOfFile: host.stateDirectory + "/parties.json", encoding: .utf8)
            let (replaced, kept) = (try #require(before[client]), try #require(before[Self.prefix + "sql"]))
            #expect(!memory.contains(replaced.id))
            #expect(memory.contains(kept.id))
            try await host.fatesync("plan", "--exit-code").expect(0)
        }

        private func isForeignWithoutTheMemory(_ host: Host, _ made: HandMade) async throws {
            let proxy = try #require(host.proxy)
            let count = proxy.requests().count
            let before = try await made.containers()
            try FileManager.default.removeItem(atPath: host.stateDirectory + "/parties.json")
            let plan = try await host.fatesync("plan", "-o", "json").expect(6).decode(PlanSummary.self)
            #expect(plan.steps.isEmpty)
            // The network and every container but the one that was made anew.
            #expect(plan.warnings.count == 7)
            #expect(plan.warnings.allSatisfy { $0.message.contains("`fatesync adopt`") })
            try await host.fatesync("sync").expect(6)
            try await host.fatesync("adopt").expect(0)
            try await host.fatesync("plan", "--exit-code").expect(0)
            let after = try await made.containers()
            #expect(after == before)
            #expect(proxy.requests(after: count).filter(\.isMutation) == [])
        }
    }
}
