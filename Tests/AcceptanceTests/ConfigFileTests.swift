import Foundation
import Testing

extension Acceptance {
    /// Config files as running containers see them: nobody is disturbed whom the file itself reaches.
    @Suite struct ConfigFileTests {
        @Test func `a change reaches every mount, and restarts only who reads it at its start`() async throws
        {
            try await withDeployed(.newer) { host, state in
                let before = try await host.containers()
                try host.replace("VALUE: one", with: "VALUE: two", in: "parties/1/party.yaml")
                try await host.push("Change a value that readers reread")
                let plan = try await host.fatesync("plan").expect(0).output
                #expect(plan.contains("value: one -> two"))
                #expect(plan.contains("written in place"))
                try await host.fatesync("sync").expect(0)
                let after = try await host.containers()
                #expect(after == before)
                for (service, path) in [
                    ("directory", "/conf/value.json"), ("single", "/etc/value.json"),
                    ("volume", "/conf/value.json"), ("nested", "/conf/nested.json"),
                ] {
                    try await expectContent(host, state.container(service), path, contains: "two")
                }
                try await expectInSync(host)
                // The mount point that the engine made for the file inside the mounted directory.
                #expect(FileManager.default.contents(atPath: state.file("directory/nested.json")) == Data())

                try host.replace("START: \"1\"", with: "START: \"2\"", in: "parties/1/party.yaml")
                try await host.push("Change a value that is read at the start")
                try await host.fatesync("sync").expect(0)
                try await expectRestarted([state.container("single")], host, since: after)
                try await expectContent(
                    host, state.container("single"), "/etc/start.properties", contains: "value=2")
                try await expectInSync(host)
            }
        }

        @Test func `drift is what readers get, not how it is written, and not what only the host sees`()
            async throws
        {
            try await withDeployed { host, state in
                try await mendsContentAndNoLayout(host, state)
                try await restartsWhoSeesWhatWasReplaced(host, state)
            }
        }

        private func mendsContentAndNoLayout(_ host: Host, _ state: MountedState) async throws {
            let before = try await host.containers()
            let table = try #require(
                FileManager.default.contents(atPath: state.file("rollsite/route_table.json")))
            let compact = try JSONSerialization.data(
                withJSONObject: JSONSerialization.jsonObject(with: table))
            #expect(compact != table)
            try compact.write(to: URL(fileURLWithPath: state.file("rollsite/route_table.json")))
            try write("# by hand\nvalue = 1\n", to: state.file("single/start.properties"))
            try await expectInSync(host)
            try await host.fatesync("sync").expect(0)
            #expect(
                FileManager.default.contents(atPath: state.file("rollsite/route_table.json")) == compact)

            try write("{\"fixed\": 1, \"value\": \"hand\"}", to: state.file("directory/value.json"))
            let plan = try await host.fatesync("plan").expect(0).output
            #expect(plan.contains("value: hand -> one"))
            try await host.fatesync("sync").expect(0)
            try await expectContent(
                host, state.container("directory"), "/conf/value.json", contains: "one")
            let after = try await host.containers()
            #expect(after == before)
            try await expectInSync(host)
        }

        private func restartsWhoSeesWhatWasReplaced(_ host: Host, _ state: MountedState) async throws {
            let before = try await host.containers()
            // As an editor or git does it: the container keeps the old file.
            let file = state.file("single/value.json")
            try write("{\"value\": \"hand\", \"fixed\": 1}", to: file)
            let copy = file + ".copy"
            try write("{\"value\": \"one\", \"fixed\": 1}", to: copy)
            try #require(rename(copy, file) == 0)
            let directory = state.file("directory")
            try #require(rename(directory, directory + ".away") == 0)
            try await host.fatesync("sync").expect(0)
            try await expectContent(host, state.container("single"), "/etc/value.json", contains: "one")
            try await expectContent(
                host, state.container("directory"), "/conf/value.json", contains: "one")
            try await expectRestarted(
                ["single", "directory", "nested"].map(state.container), host, since: before)
            try await expectInSync(host)
        }

        @Test func `a signalled process rereads its file, and its container is not disturbed in any way`()
            async throws
        {
            try await withDeployed { host, state in
                let before = try await host.containers()
                let container = state.container("signalled")
                try host.replace("VALUE: one", with: "VALUE: two", in: "parties/1/party.yaml")
                try await host.push("Change a value that is reread on a signal")
                try await host.fatesync("sync").expect(0)
                try await expectSeen(host, container, "two", count: 1)
                let after = try await host.containers()
                #expect(after == before)
                try await expectInSync(host)
                let records = try host.journal().filter { $0.act == "container.signal" }
                #expect(records.map(\.kind) == ["step.intent", "step.result"])
                #expect(records.allSatisfy { $0.obj?.id == before[container]?.id && $0.req == nil })

                // What nobody remembers is told once more.
                try FileManager.default.removeItem(atPath: host.stateDirectory + "/parties.json")
                try await host.fatesync("sync").expect(0)
                try await expectSeen(host, container, "two", count: 2)
                try await expectInSync(host)

                let script = Program.support("engine")
                try await Program.output(of: [script, "restart", host.engine.name])
                let isBack = try await eventually(within: .seconds(20)) {
                    try await host.containers()[container]?.status == "running"
                }
                #expect(isBack, "unless-stopped is disarmed")
            }
        }

        @Test func `a rollsite that met a broken route table routes again after a repair`() async throws {
            try await withDeployed { host, state in
                let before = try await host.containers()
                try await expectRoute(host, state, to: 9998, is: "rollsite:9370")
                try write("{\"route_table\": {", to: state.file("rollsite/route_table.json"))
                try await expectReloadsEnd(host, state)
                try host.write(
                    "parties/9998/party.yaml",
                    """
                    apiVersion: fatesync/v1
                    kind: Party
                    id: 9998
                    external: true
                    endpoint: {address: 10.10.0.8, port: 9370}

                    """)
                try await host.push("Add a party elsewhere")
                try await host.fatesync("sync").expect(0)
                try await expectRoute(host, state, to: 9998, is: "10.10.0.8:9370")
                try await expectRestarted([state.container("rollsite")], host, since: before)
                try await expectInSync(host)
            }
        }

        // MARK: Support

        private func withDeployed(
            _ version: Engine.Version = .oldest, _ body: (Host, MountedState) async throws -> Void
        ) async throws {
            try await Host.use(engine: version) { host in
                let state = MountedState(host: host)
                try state.write()
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await body(host, state)
            }
        }

        /// Writes into the file that stands there.
        private func write(_ text: String, to path: String) throws {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
        }

        private func expectInSync(_ host: Host) async throws {
            try await host.fatesync("plan", "--exit-code").expect(0)
        }

        private func expectContent(
            _ host: Host, _ container: String, _ path: String, contains text: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let content = try await host.engine.docker("exec", container, "cat", path)
            #expect(content.contains(text), "\(container) \(path)", sourceLocation: sourceLocation)
        }

        private func expectRestarted(
            _ names: [String], _ host: Host, since before: [String: Host.Standing]
        ) async throws {
            let after = try await host.containers()
            #expect(after.mapValues(\.id) == before.mapValues(\.id))
            let restarted = after.filter { $0.value.startedAt != before[$0.key]?.startedAt }
            #expect(restarted.keys.sorted() == names.sorted())
        }

        private func expectSeen(_ host: Host, _ container: String, _ text: String, count: Int) async throws {
            let isSeen = try await eventually(within: .seconds(10)) {
                let seen = try await Program.run([
                    "docker", "-H", host.engine.endpoint, "exec", container, "cat", "/tmp/seen",
                ]).output
                return seen.components(separatedBy: text).count == count + 1
            }
            #expect(isSeen, "\(container) was not signalled \(count) times")
        }

        private func ask(_ host: Host, _ state: MountedState, _ question: String) async throws -> String {
            try await Program.run([
                Program.support("rollsite-ask"), host.engine.name, "10.10.0.1", "\(state.port)", question,
            ]).output
        }

        private func expectRoute(
            _ host: Host, _ state: MountedState, to party: Int, is address: String
        ) async throws {
            let answers = try await eventually(within: .seconds(10)) {
                try await self.ask(host, state, "route \(party)") == address + "\n"
            }
            #expect(answers, "rollsite does not dial \(party) at \(address)")
        }

        /// Waits until the rollsite has met the file and does not reread any more.
        private func expectReloadsEnd(_ host: Host, _ state: MountedState) async throws {
            var last = ""
            let isOver = try await eventually(within: .seconds(15), every: .milliseconds(1500)) {
                let count = try await self.ask(host, state, "reloads")
                defer { last = count }
                return count == last
            }
            #expect(isOver, "rollsite still rereads")
        }
    }
}
