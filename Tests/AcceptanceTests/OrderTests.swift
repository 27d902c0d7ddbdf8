import Testing

extension Acceptance {
    /// Who else is restarted when a service gets a new container: only whom the blueprint names.
    @Suite struct OrderTests {
        @Test func `a dependant restarts with what it depends on only where the blueprint says so`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1, 2])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let (db, web) = (state.prefix(1) + "_db", state.prefix(1) + "_web")
                let first = try await host.containers()

                try state.override(1, "db", "environment: {MODE: one}")
                try await host.push("Change the database")
                try await host.fatesync("sync").expect(0)
                let second = try await host.containers()
                #expect(second[db]?.id != first[db]?.id)
                #expect(second.filter { $0.key != db } == first.filter { $0.key != db })

                try host.replace(
                    "depends_on: [db]", with: "depends_on: {db: {condition: service_started, restart: true}}",
                    in: "blueprints/small/compose.yaml")
                try host.replace("MODE: one", with: "MODE: two", in: state.path(1))
                try await host.push("Let web follow the database")
                try await host.fatesync("sync").expect(0)
                let third = try await host.containers()
                #expect(third[db]?.id != second[db]?.id)
                #expect(third[web]?.id == second[web]?.id)
                #expect(third[web]?.startedAt != second[web]?.startedAt)
                #expect(
                    third.filter { ![db, web].contains($0.key) }
                        == second.filter { ![db, web].contains($0.key) })
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }
    }
}
