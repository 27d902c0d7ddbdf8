import Foundation
import Testing

extension Acceptance {
    /// What would end running jobs waits until FATE Flow says that none runs.
    @Suite struct JobTests {
        @Test func `jobs hold what would end them and nothing else, and their end lets it go on`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let (web, job) = (state.prefix(1) + "_web", state.prefix(1) + "_job")
                let table = "\(host.dataDirectory)/\(state.prefix(1))/confs/db/route_table.json"
                try write(state)
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await jobs("202611240001\n202611240002\n", state)
                let before = try await host.containers()
                let oldTable = FileManager.default.contents(atPath: table)

                try state.add(2)
                try state.override(
                    1, "web", "environment: {ROUND: \"1\"}\n    job:\n      environment: {ROUND: \"1\"}")
                let commit = try await host.push("Change what jobs need, and more")
                let text = "party 1: 2 jobs run (202611240001, 202611240002), until 20"
                let sync = try await host.fatesync("sync").expect(6)
                #expect(sync.output.contains(text), "\(sync)")
                let after = try await host.containers()
                #expect(Set(before.filter { after[$0.key] != $0.value }.keys) == [job])
                #expect(after.keys.contains(state.prefix(2) + "_web"))
                #expect(FileManager.default.contents(atPath: table) != oldTable)

                let plan = try await host.fatesync("plan").expect(6)
                #expect(plan.output.contains(text), "\(plan)")
                #expect(plan.output.contains("1 recreate \(web): environment.ROUND changed"), "\(plan)")
                let status = try await host.fatesync("status").expect(6)
                #expect(status.output.contains("held: \(text)"), "\(status)")
                #expect(
                    try host.journal().contains {
                        $0.kind == "source.held" && $0.err?.hasPrefix(text) == true
                    })

                let watcher = try await host.watch("--interval", "1s")
                #expect(try await host.containers()[web] == before[web])
                try await jobs("", state)
                let isApplied = try await eventually(within: .seconds(20)) {
                    let status = try await host.status()
                    return status?.wanted?.commit == commit && status?.result == "in sync"
                }
                #expect(isApplied, "\(watcher.errors)")
                let last = try await host.containers()
                #expect(Set(after.filter { last[$0.key] != $0.value }.keys) == [web])
                try await host.fatesync("audit", "verify").expect(0)
            }
        }

        @Test func `no FATE Flow means no jobs, one that hangs holds, and maxHold or a person lets it go on`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let web = state.prefix(1) + "_web"
                try write(state, command: "[sleep, \"1000\"]")
                try state.override(1, "web", "environment: {ROUND: \"0\"}")
                try await host.push()
                try await host.fatesync("sync").expect(0)
                // Nobody listens where FATE Flow should.
                try await change(host, state, to: 1).expect(0)

                try host.replace("[sleep, \"1000\"]", with: Self.server, in: "blueprints/small/compose.yaml")
                try await host.push("Start FATE Flow")
                try await host.fatesync("sync").expect(0)
                try await jobs("202611240001\n", state)
                let before = try await host.containers()
                let held = try await change(host, state, to: 2).expect(6)
                #expect(try await host.containers() == before)
                let digest = try #require(held.output.firstMatch(of: /fatesync confirm ([0-9a-f]{12})/)?.1)
                try await host.fatesync("confirm", String(digest)).expect(0)
                try await host.fatesync("sync").expect(0)
                #expect(try await host.containers()[web] != before[web])

                try await jobs("hang", state)
                let unknown = try await change(host, state, to: 3).expect(6)
                #expect(unknown.output.contains("party 1: jobs may run: no answer from "), "\(unknown)")
                #expect(unknown.output.contains(" within 5 s, until 20"), "\(unknown)")
                try host.append("maxHold: 0s\n", to: state.path(1))
                try await host.push("Do not wait")
                try await host.fatesync("sync").expect(0)
                let word = try #require(try host.journal().last { $0.kind == "source.held" })
                #expect(word.party == "1" && word.err?.hasPrefix("goes on: jobs may run: ") == true)
                #expect(word.err?.hasSuffix("and maxHold (0 s) is over") == true)
            }
        }

        private static let server = "[python, /data/projects/fate/python/fate_flow/fate_flow_server.py]"

        /// The small state with FATE Flow, whose jobs depend on it and on `web`.
        private func write(_ state: SmallState, command: String = Self.server) throws {
            let host = state.host
            try state.write(parties: [1])
            try host.append(
                """
                  python:
                    container_name: ${PREFIX}_python
                    image: federatedai/python:1.5.1-release
                    command: \(command)
                    stop_signal: SIGKILL
                    volumes:
                      - ${BASE_DIR}/${PREFIX}/confs/flow:/data/projects/fate/conf
                    networks:
                      net:
                        ipv4_address: ${FLOW_IP}

                """, to: "blueprints/small/compose.yaml")
            try host.replace(
                "  SIZE:", with: "  FLOW_IP: {type: address, default: \(state.subnet(2)).20}\n  SIZE:",
                in: "blueprints/small/blueprint.yaml")
            try host.append(
                """
                jobs: {service: python, port: 9380, api: v1, guards: [web, python]}
                addresses:
                  - {service: python, file: flow/service_conf.yaml, key: fateflow.host}

                """, to: "blueprints/small/blueprint.yaml")
            try host.replace(
                "files:\n",
                with:
                    "files:\n  - {path: flow/service_conf.yaml, format: yaml, onChange: restart, services: [python]}\n",
                in: "blueprints/small/blueprint.yaml")
            try host.write(
                "blueprints/small/confs/flow/service_conf.yaml",
                "fateflow:\n  host: ${FLOW_IP}\n  http_port: 9380\n  grpc_port: 9360\n")
            try host.replace(
                "variables:\n", with: "variables:\n  FLOW_IP: \(state.subnet(1)).20\n", in: state.path(1))
        }

        /// Tells FATE Flow's stand-in which jobs run.
        private func jobs(_ text: String, _ state: SmallState) async throws {
            try await state.host.engine.docker(
                "exec", state.prefix(1) + "_python", "busybox", "sh", "-c",
                "printf '\(text)' > /tmp/running-jobs")
        }

        private func change(_ host: Host, _ state: SmallState, to round: Int) async throws -> Exit {
            try host.replace("ROUND: \"\(round - 1)\"", with: "ROUND: \"\(round)\"", in: state.path(1))
            try await host.push("Round \(round)")
            return try await host.fatesync("sync")
        }
    }
}
