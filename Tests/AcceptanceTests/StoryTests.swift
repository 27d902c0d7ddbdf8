import Foundation
import Testing

extension Acceptance {
    /// The example deployment of `state/`, from the first push to the daily changes.
    @Suite struct StoryTests {
        private static let services = [
            "sql", "clustermanager", "nodemanager", "rollsite", "python", "fateboard", "client",
        ]

        private func names(_ party: String) -> Set<String> {
            Set(Self.services.map { "user_confs\(party)_\($0)" })
        }

        @Test func `two parties live by commits alone, and a change disturbs nothing else`() async throws {
            try await Host.use(name: "demo", isRecorded: true) { host in
                try host.copyExample()
                try await deploys(host)
                try await recordsEachCall(host)
                try await leavesAloneWhatIsRight(host)
                try await isListedByCompose(host)
                try await addsAParty(host)
                try await changesOneVariable(host)
            }
        }

        private func deploys(_ host: Host) async throws {
            try await host.push("Deploy parties 10000 and 9999")
            try await host.fatesync("sync").expect(0)
            let containers = try await host.containers()
            #expect(Set(containers.keys) == names("10000").union(names("9999")))
            #expect(containers.values.allSatisfy { $0.status == "running" }, "\(containers)")
            let networks = try await host.names(of: "network")
            #expect(networks == ["user_confs10000_fate-network", "user_confs9999_fate-network"])
            let volumes = try await host.names(of: "volume")
            #expect(volumes.count == 10)
            for (party, port, peer, address) in [
                (10000, 10080, 9999, "10.10.0.1:10090"), (9999, 10090, 10000, "10.10.0.1:10080"),
            ] {
                let confs = "\(host.dataDirectory)/confs-\(party)/confs"
                for file in [
                    "eggroll/conf/eggroll.properties", "eggroll/conf/route_table.json",
                    "fate_flow/conf/service_conf.yaml", "client/pipeline_conf.yaml",
                    "mysql/init/insert-node.sql",
                ] { #expect(FileManager.default.fileExists(atPath: "\(confs)/\(file)"), "\(file)") }
                try await expectRoute(host, at: port, to: peer, is: address)
            }
        }

        /// Law: mutating calls that Docker sees and intents in the journal are equal, one to one.
        private func recordsEachCall(_ host: Host) async throws {
            let proxy = try #require(host.proxy)
            let calls = proxy.requests().filter(\.isMutation)
            let onHost: Set = ["directory.create", "file.write", "container.signal"]
            let intents = try host.journal().filter { record in
                record.kind == "step.intent" && !onHost.contains(record.act ?? "")
            }
            #expect(calls.count >= 14 * 2 + 2 + 10)
            #expect(intents.compactMap(\.req).sorted() == calls.map(\.digest).sorted())
            let results = try host.journal().filter { $0.kind == "step.result" }
            #expect(results.allSatisfy { $0.out == "ok" })
        }

        private func leavesAloneWhatIsRight(_ host: Host) async throws {
            let proxy = try #require(host.proxy)
            let count = proxy.requests().count
            let before = try await host.containers()
            try await host.fatesync("sync").expect(0)
            try await host.fatesync("plan", "--exit-code").expect(0)
            #expect(proxy.requests(after: count).filter(\.isMutation) == [])
            #expect(proxy.requests().count > count)
            let after = try await host.containers()
            #expect(after == before)
        }

        private func isListedByCompose(_ host: Host) async throws {
            let compose = Program.support("compose")
            let docker = ["DOCKER_HOST": host.engine.endpoint]
            let projects = try await Program.output(of: [compose, "ls", "-q"], environment: docker)
            #expect(projects.split(separator: "\n").sorted() == ["user_confs10000", "user_confs9999"])
            let services = try await Program.output(
                of: [compose, "-p", "user_confs10000", "ps", "--format", "{{.Name}}"], environment: docker)
            #expect(Set(services.split(separator: "\n").map(String.init)) == names("10000"))

            let output = host.folder + "/rendered"
            let state = ["--state", host.clone, "--output", output]
            let render = try await Program.run([Program.fatesync, "render", "10000"] + state)
            try render.expect(0)
            let blueprint = "\(host.clone)/blueprints/fate-1.5.1/compose.yaml"
            let config = try await Program.run(
                [compose, "--env-file", output + "/.env", "-f", blueprint, "config"])
            try config.expect(0)
            #expect(config.errors == "")
        }

        private func addsAParty(_ host: Host) async throws {
            let before = try await host.containers()
            let party = try host.read("parties/9999/party.yaml").replacingOccurrences(
                of: "9999", with: "9998"
            )
            .replacingOccurrences(of: "192.168.137.", with: "192.168.138.")
            .replacingOccurrences(of: ": 1009", with: ": 1010")
            try host.write("parties/9998/party.yaml", party)
            try await host.push("Add party 9998")
            try await host.fatesync("sync").expect(0)
            let after = try await host.containers()
            #expect(Set(after.keys).subtracting(before.keys) == names("9998"))
            #expect(before.allSatisfy { after[$0.key] == $0.value }, "a container was disturbed")
            try await expectRoute(host, at: 10080, to: 9998, is: "10.10.0.1:10100")
            try await expectRoute(host, at: 10090, to: 9998, is: "10.10.0.1:10100")
        }

        private func changesOneVariable(_ host: Host) async throws {
            let before = try await host.containers()
            let keys = "overrides: {services: {client: {environment: {NOTEBOOK_TITLE: demo}}}}\n"
            try host.append(keys, to: "parties/10000/party.yaml")
            try await host.push("Name the notebook of party 10000")
            try await host.fatesync("sync").expect(0)
            let after = try await host.containers()
            #expect(after.keys == before.keys)
            let disturbed = before.filter { after[$0.key] != $0.value }
            #expect(Set(disturbed.keys) == ["user_confs10000_client"])
            let variables = try await host.engine.field("user_confs10000_client", "{{.Config.Env}}")
            #expect(variables.contains("NOTEBOOK_TITLE=demo"))
            try await host.fatesync("plan", "--exit-code").expect(0)
        }

        /// Asks what rollsite has loaded, which follows the file within its reload interval.
        private func expectRoute(
            _ host: Host, at port: Int, to party: Int, is address: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let ask = [
                Program.support("rollsite-ask"), host.engine.name, "10.10.0.1", "\(port)", "route \(party)",
            ]
            let answers = try await eventually(within: .seconds(10)) {
                try await Program.run(ask).output == address + "\n"
            }
            #expect(
                answers, "rollsite \(port) does not dial \(party) at \(address)",
                sourceLocation: sourceLocation)
        }
    }
}
