import Testing

extension Acceptance {
    /// A new container has proved itself when its probe passes.
    @Suite struct ProbeTests {
        @Test func `a recreate waits for probes of every kind, and ends when one never passes`() async throws
        {
            try await Host.use(isRecorded: true) { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try host.append(
                    """
                    probes:
                      db: {tcp: 20000, timeout: 20s}
                      job: {http: 20000/, timeout: 20s}
                      web: {exec: [busybox, "true"], timeout: 20s}

                    """, to: "blueprints/small/blueprint.yaml")
                try host.append(
                    overrides(round: 1, job: "jupyter, notebook, --port=20000"), to: state.path(1))
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()

                try host.replace("ROUND: \"1\"", with: "ROUND: \"2\"", in: state.path(1))
                try await host.push("Recreate all")
                try await host.fatesync("sync").expect(0)
                let after = try await host.containers()
                #expect(Set(after.keys) == state.names(1))
                #expect(after.allSatisfy { before[$0.key]?.id != $0.value.id })
                let intents = try host.journal().filter { $0.kind == "step.intent" }
                let commands = intents.filter { $0.act?.hasPrefix("exec.") == true }
                #expect(commands.map(\.act) == ["exec.create", "exec.start"])
                #expect(commands.allSatisfy { $0.obj?.id == after[state.prefix(1) + "_web"]?.id })
                let proxy = try #require(host.proxy)
                let calls = proxy.requests().filter(\.isMutation).map(\.digest)
                // Files and directories are no calls to the engine.
                let toEngine = intents.filter { !["file.write", "directory.create"].contains($0.act) }
                #expect(toEngine.compactMap(\.req).sorted() == calls.sorted())

                let probes = "blueprints/small/blueprint.yaml"
                try host.replace("20s", with: "2s", in: probes)
                try host.replace("tcp: 20000", with: "tcp: 20001", in: probes)
                try host.replace("\"true\"", with: "\"false\"", in: probes)
                try host.replace("ROUND: \"2\"", with: "ROUND: \"3\"", in: state.path(1))
                try host.replace(
                    "jupyter, notebook, --port=20000]}  # job", with: "sleep, \"1000\"]}", in: state.path(1))
                try await host.push("Probes that never pass")
                let failed = try await host.fatesync("sync").expect(1)
                for probe in ["http 20000/", "tcp 20001", "exec busybox false"] {
                    #expect(
                        failed.output.contains("has not passed its probe (\(probe)) within 2 s"), "\(failed)")
                }
                let kept = try await host.containers()
                #expect(kept.mapValues(\.id) == after.mapValues(\.id))
                #expect(kept.values.allSatisfy { $0.status == "running" })
                try await host.fatesync("audit", "verify").expect(0)
            }
        }

        private func overrides(round: Int, job: String) -> String {
            """
            overrides:
              services:
                db: {environment: {ROUND: "\(round)"}, command: [jupyter, notebook, --port=20000]}
                web: {environment: {ROUND: "\(round)"}}
                job: {environment: {ROUND: "\(round)"}, command: [\(job)]}  # job

            """
        }
    }
}
