import Foundation
import Testing

extension Acceptance {
    /// What a change needs: of a key its readers and nobody else, of a release a person.
    @Suite struct UpgradeTests {
        private struct PlanDocument: Decodable {
            struct Part: Decodable {
                var plan: String
                var party: String?
                var reasons: [String]
            }

            struct Step: Decodable {
                var object: String
                var cause: String
            }

            var held: [Part]
            var steps: [Step]
        }

        @Test func `a key of a config file disturbs those that read it`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let prefix = state.prefix(1)
                try state.write(parties: [1])
                try host.replace(
                    "SIZE: {type", with: "NOTE: {type: string, default: one}\n  SIZE: {type",
                    in: Self.blueprint)
                try host.append("note=${NOTE}\n", to: "blueprints/small/confs/db/db.properties")
                try host.replace(
                    "    services: [db]\n",
                    with: """
                            services: [db, job]
                            keys:
                              - {match: size, onChange: restart, services: [job]}
                              - {match: note, onChange: nothing}
                              - {match: name, onChange: restart, services: [db], confirm: ask somebody}

                        """, in: Self.blueprint)
                try await host.push()
                try await host.fatesync("sync").expect(0)

                let before = try await host.containers()
                try host.append("  SIZE: 2\n", to: state.path(1))
                try await host.push("Change the size")
                let plan = try await host.fatesync("plan", "-o", "json").expect(0).decode(PlanDocument.self)
                #expect(
                    plan.steps.map(\.cause) == [
                        "content differs, restart of job", "db/db.properties (size) changed",
                    ])
                try await host.fatesync("sync").expect(0)
                let sized = try await host.containers()
                #expect(changed(before, sized) == [prefix + "_job"])
                #expect(sized.mapValues(\.id) == before.mapValues(\.id))
                try await host.fatesync("plan", "--exit-code").expect(0)

                try host.append("  NOTE: two\n", to: state.path(1))
                try await host.push("Change the note")
                try await host.fatesync("sync").expect(0)
                #expect(try await host.containers() == sized)
                let record = try #require(
                    try host.journal().last { $0.act == "file.write" && $0.kind == "step.intent" })
                #expect(record.data?.why == "content differs, needs nothing")

                try host.replace("NOTE: two", with: "NOTE: three", in: state.path(1))
                try host.replace(
                    "name=${PREFIX}", with: "name=${PREFIX}x", in: "blueprints/small/confs/db/db.properties")
                try await host.push("Change the name")
                try await host.fatesync("sync").expect(6)
                #expect(try await host.containers() == sized)
                let part = try await held(host)
                #expect(part.reasons == ["db/db.properties (name) changes: ask somebody"])
                try await host.fatesync("confirm", part.plan).expect(0)
                try await host.fatesync("sync").expect(0)
                #expect(changed(sized, try await host.containers()) == [prefix + "_db"])
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        @Test func `a new tag or blueprint waits for a person who has done the steps of the upgrade`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let image = "federatedai/client"
                try await host.engine.docker("tag", "\(image):1.5.1-release", "\(image):1.6.0-release")
                try state.write(parties: [1])
                try host.replace(
                    "  SIZE:", with: "  TAG: {type: string, default: 1.5.1-release}\n  SIZE:",
                    in: Self.blueprint)
                try host.replace("\(image):1.5.1-release", with: "\(image):${TAG}", in: Self.compose)
                try host.append("release: {version: 1.5.1, tag: \"${TAG}\"}\n", to: Self.blueprint)
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()

                try host.append("  TAG: 1.6.0-release\n", to: state.path(1))
                try await host.push("Bump the tag")
                try await host.fatesync("sync").expect(6)
                let bump = try await held(host)
                #expect(bump.reasons.first?.hasPrefix("it would go from FATE 1.5.1 to FATE 1.6.0,") == true)
                #expect(bump.reasons.last?.contains("give the party a blueprint of that version") == true)
                #expect(try await host.containers() == before)

                for path in ["blueprint.yaml", "compose.yaml", "confs/db/db.properties"] {
                    try host.write("blueprints/next/\(path)", try host.read("blueprints/small/\(path)"))
                }
                let next = "blueprints/next/blueprint.yaml"
                try host.replace("name: small", with: "name: next", in: next)
                try host.replace(
                    "version: 1.5.1, tag: \"${TAG}\"",
                    with: "version: 1.6.0, tag: \"${TAG}\", upgrades: [{from: 1.5.1, steps: [dump MySQL]}]",
                    in: next)
                try host.replace("blueprint: small", with: "blueprint: next", in: state.path(1))
                try await host.push("Give it the blueprint of 1.6.0")
                try await host.fatesync("sync").expect(6)
                let part = try await held(host)
                #expect(part.reasons.first?.contains("blueprint small to FATE 1.6.0, blueprint next") == true)
                #expect(part.reasons.last == "step 1: dump MySQL")
                #expect(try await host.containers() == before)

                try await host.fatesync("confirm", part.plan).expect(0)
                try await host.fatesync("sync").expect(0)
                let after = try await host.containers()
                #expect(changed(before, after) == state.names(1).sorted())
                try await host.fatesync("plan", "--exit-code").expect(0)
                let word = try #require(try host.journal().last { $0.kind == "manual" })
                #expect(word.act == "confirm" && word.plan == part.plan)
            }
        }

        private static let blueprint = "blueprints/small/blueprint.yaml"
        private static let compose = "blueprints/small/compose.yaml"

        private func changed(
            _ before: [String: Host.Standing], _ after: [String: Host.Standing]
        ) -> [String] {
            before.filter { after[$0.key] != $0.value }.keys.sorted()
        }

        private func held(_ host: Host) async throws -> PlanDocument.Part {
            let plan = try await host.fatesync("plan", "-o", "json").expect(6)
            let parts = try plan.decode(PlanDocument.self).held
            #expect(parts.count == 1)
            return try #require(parts.first)
        }
    }
}
