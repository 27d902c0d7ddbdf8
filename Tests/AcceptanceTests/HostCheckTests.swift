import Foundation
import Testing

extension Acceptance {
    /// What is found out before anything is touched.
    @Suite struct HostCheckTests {
        @Test func `a subnet that the engine or the host has keeps the party from being made`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                let subnet = "\(state.subnet(1)).0"
                try state.write(parties: [1, 2])
                try await host.push()
                let wide = "10.\(60 + host.number).0.0/23"
                let foreign = "foreign-net\(host.number)"
                try await host.engine.docker("network", "create", "--subnet", wide, foreign)
                let refused = try await host.fatesync("sync").expect(6)
                #expect(
                    refused.output.contains(
                        "party 1: the subnet \(subnet)/24 of network \(state.prefix(1))_net overlaps \(wide) of network "
                            + "\(foreign), which stays; choose another one"), "\(refused)")
                let made = try await host.containers()
                #expect(Set(made.keys) == state.names(2))
                try await host.engine.docker("network", "rm", foreign)

                let inside = ["nsenter", "--net=/run/netns/fs-\(host.engine.name)", "ip", "route"]
                try await Program.output(of: inside + ["add", wide, "dev", "lo"])
                let held = try await host.fatesync("sync").expect(6)
                try await Program.output(of: inside + ["del", wide, "dev", "lo"])
                #expect(held.output.contains("overlaps the host's route to \(wide) over lo"), "\(held)")
                #expect(try await host.containers() == made)
                try await host.fatesync("sync").expect(0)
                #expect(Set(try await host.containers().keys) == state.names(1, 2))
            }
        }

        @Test
        func `a password that only the first start takes is held with the SQL, and data keeps its owner`()
            async throws
        {
            try await Host.use { host in
                let state = SmallState(host: host)
                let base = "\(host.dataDirectory)/\(state.prefix(1))"
                let blueprint = "blueprints/small/blueprint.yaml"
                try state.write(parties: [1])
                try host.replace(
                    "  SIZE:", with: "  PASSWORD: {type: string, default: old}\n  SIZE:", in: blueprint)
                try host.replace(
                    "files:\n",
                    with: """
                          - {path: "${BASE_DIR}/${PREFIX}/data", owner: "999:998", mode: "0750"}
                        files:
                          - {path: db/init.sql, format: sql, onChange: nothing}

                        """, in: blueprint)
                try host.append(
                    """
                    firstStart:
                      - variable: PASSWORD
                        directory: ${BASE_DIR}/${PREFIX}/data
                        script: db/init.sql
                        file: db/db.properties
                        key: password
                        instead: ALTER USER 'fate' IDENTIFIED BY '<the new password>';

                    """, to: blueprint)
                try host.write(
                    "blueprints/small/confs/db/init.sql", "CREATE USER a IDENTIFIED BY '${PASSWORD}';\n")
                try host.append("password=${PASSWORD}\n", to: "blueprints/small/confs/db/db.properties")
                try await host.push()
                try await host.fatesync("sync").expect(0)
                var status = stat()
                #expect(stat(base + "/data", &status) == 0)
                #expect(status.st_uid == 999 && status.st_gid == 998 && status.st_mode & 0o7777 == 0o750)

                try "x".write(toFile: base + "/data/ibdata1", atomically: true, encoding: .utf8)
                let before = try await host.containers()
                try host.replace("default: old}", with: "default: brandnew}", in: blueprint)
                try await host.push("Another password")
                let held = try await host.fatesync("sync").expect(6)
                #expect(
                    held.output.contains(
                        "party 1: PASSWORD changes, which counts only while \(base)/data is empty; do this first: "
                            + "ALTER USER 'fate' IDENTIFIED BY '<the new password>';"), "\(held)")
                #expect(try await host.containers() == before)
                #expect(
                    try String(contentsOfFile: base + "/confs/db/init.sql", encoding: .utf8).contains("old"))
                let digest = try #require(held.output.firstMatch(of: /fatesync confirm ([0-9a-f]{12})/)?.1)
                try await host.fatesync("confirm", String(digest)).expect(0)
                try await host.fatesync("sync").expect(0)
                #expect(
                    try String(contentsOfFile: base + "/confs/db/init.sql", encoding: .utf8).contains(
                        "brandnew"))

                #expect(chown(base + "/data", 0, 0) == 0)
                let drift = try await host.fatesync("sync").expect(6)
                #expect(drift.output.contains("belongs to 0:0, not to 999:998"), "\(drift)")
                #expect(stat(base + "/data", &status) == 0 && status.st_uid == 0)
            }
        }
    }
}
