import Foundation
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
                try await saysWhoIsDown(host, [db, web])
                try await host.fatesync("sync").expect(0)
                let third = try await host.containers()
                #expect(third[db]?.id != second[db]?.id)
                #expect(third[web]?.id == second[web]?.id)
                #expect(third[web]?.startedAt != second[web]?.startedAt)
                #expect(
                    third.filter { ![db, web].contains($0.key) }
                        == second.filter { ![db, web].contains($0.key) })
                try await host.fatesync("plan", "--exit-code").expect(0)
                let recorded = try host.recordedDisruptions()
                #expect(recorded.last == [db, web])
            }
        }

        private struct PlanDocument: Decodable {
            struct Step: Decodable {
                var disruption: Disruption?
            }

            struct Disruption: Decodable {
                var effect, object: String
                var expectedMilliseconds, worstMilliseconds: Int
            }

            var steps: [Step]
        }

        /// The plan says whom it disturbs and for how long, for people and for programs.
        private func saysWhoIsDown(_ host: Host, _ names: [String]) async throws {
            let text = try await host.fatesync("plan").expect(0).output
            // They are stopped by SIGKILL, which is no second.
            #expect(text.components(separatedBy: "is down for less than 1 s").count == 1 + names.count)
            #expect(text.contains("\(names.count) disturbed, no other is touched"))
            let document = try await host.fatesync("plan", "-o", "json").expect(0).decode(PlanDocument.self)
            let found = document.steps.compactMap(\.disruption)
            #expect(found.map(\.object) == names)
            #expect(found.allSatisfy { $0.effect == "down" && $0.expectedMilliseconds == 600 })
        }
    }
}

extension Host {
    /// Who was to be disturbed, by plan, as the journal keeps it.
    fileprivate func recordedDisruptions() throws -> [[String]] {
        struct Line: Decodable {
            struct Details: Decodable { var disruptions: [Disruption]? }
            struct Disruption: Decodable { var object: String }

            var kind: String
            var data: Details?
        }

        let directory = stateDirectory + "/audit"
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            .filter { $0.hasSuffix(".jsonl") }
        let lines = try files.flatMap { file in
            try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8).split(separator: "\n")
        }
        return try lines.compactMap { line in
            let record = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            guard record.kind == "plan.made" else { return nil }
            return record.data?.disruptions?.map(\.object) ?? []
        }
    }
}
