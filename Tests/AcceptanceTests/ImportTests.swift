import Foundation
import Glibc
import Testing

extension Acceptance {
    /// What somebody else deployed comes into git and under fatesync, and nothing of it is restarted.
    @Suite struct ImportTests {
        private struct Report: Decodable {
            struct Finding: Decodable {
                var kind: String
                var message: String
            }

            var schemaVersion: Int
            var complete: Bool
            var dataDirectory: String
            var findings: [Finding]
        }

        @Test func `a project of KubeFATE 1.5.1 is imported and adopted without a restart`() async throws {
            try await Host.use(name: "demo", isRecorded: true) { host in
                try await HandMade.use("confs-10000", on: host) { made in
                    try await deploy(host, made)
                    let before = try await made.containers()
                    #expect(before.count == 7)
                    let report = try await runImport(host, host.dataDirectory)
                    #expect(report.complete && report.dataDirectory == host.dataDirectory)
                    let changed = report.findings.filter { $0.kind == "changed" }.map(\.message)
                    #expect(
                        changed.count == 1 && changed[0].contains("default.default[0].port"), "\(changed)")
                    try await Program.run(validation(host)).expect(0)
                    try await host.push("Import what KubeFATE made")

                    let plan = try await host.fatesync("plan", "-o", "json").expect(0).decode(
                        PlanSummary.self)
                    #expect(plan.adopted.count == 7 + 1 + 4)
                    #expect(plan.steps.map(\.action) == ["file.write"], "\(plan.steps)")
                    #expect(plan.steps.first?.object.hasSuffix("route_table.json") == true)
                    try await host.fatesync("sync").expect(0)
                    let after = try await made.containers()
                    #expect(after == before)
                    try await host.fatesync("plan", "--exit-code").expect(0)

                    // The containers alone tell the same.
                    let live = try await runImport(host, "--live", "--docker", host.engine.endpoint)
                    #expect(live.complete && !live.findings.contains { $0.kind == "changed" })
                    try await host.push("Import the containers")
                    try await host.fatesync("plan", "--exit-code").expect(0)
                    let proxy = try #require(host.proxy)
                    #expect(proxy.requests().filter(\.isMutation) == [])
                }
            }
        }

        @Test func `the note's deployment is imported from its containers, and a plan is empty`() async throws
        {
            try await Host.use(name: "demo", isRecorded: true) { host in
                try await HandMade.use("user_confs10000_", on: host) { made in
                    try host.copyExample()
                    try await made.writeFiles(of: 10000, to: "\(host.dataDirectory)/confs-10000/confs")
                    try await Program.output(
                        of: [Program.support("note"), host.engine.endpoint, host.dataDirectory])
                    let before = try await made.containers()
                    let report = try await runImport(host, "--live", "--docker", host.engine.endpoint)
                    #expect(report.complete && report.dataDirectory == host.dataDirectory)
                    #expect(report.findings.filter { $0.kind == "changed" }.map(\.message) == [])
                    try await Program.run(validation(host)).expect(0)
                    try await host.push("Import what was typed")
                    try await host.fatesync("adopt").expect(0)
                    try await host.fatesync("plan", "--exit-code").expect(0)
                    let after = try await made.containers()
                    #expect(after == before && before.count == 7)
                    let proxy = try #require(host.proxy)
                    #expect(proxy.requests().filter(\.isMutation) == [])
                }
            }
        }

        @Test func `what cannot be read is listed, and a directory in use is not written to`() async throws {
            let folder = try TemporaryFolder()
            let confs = folder.path + "/confs-1/confs/fate_flow/conf"
            try FileManager.default.createDirectory(atPath: confs, withIntermediateDirectories: true)
            try "services: {python: {image: 'federatedai/python:1', network_mode: none}}\n".write(
                toFile: folder.path + "/confs-1/docker-compose.yml", atomically: true, encoding: .utf8)
            try "party_list=($(touch \(folder.path)/run))\n".write(
                toFile: folder.path + "/parties.conf", atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: confs + "/link.yaml", withDestinationPath: "/etc/passwd")
            try #require(mkfifo(confs + "/pipe", 0o644) == 0)
            try Data(count: 300 << 10).write(to: URL(fileURLWithPath: confs + "/large"))
            try Data([0, 255]).write(to: URL(fileURLWithPath: confs + "/binary"))
            let output = folder.path + "/state"
            let command = [Program.fatesync, "import", folder.path, "--output", output, "-o", "json"]
            let report = try await Program.run(command).expect(2).decode(Report.self)
            #expect(!report.complete && report.schemaVersion == 1)
            let left = report.findings.filter { $0.kind == "left out" }.map(\.message).joined(separator: "\n")
            for word in ["symbolic link", "regular file", "307200 bytes", "plain assignments"] {
                #expect(left.contains(word), "\(word): \(left)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/run"))
            try await Program.run([Program.fatesync, "validate", output, "--data-dir", folder.path]).expect(0)
            let before = try FileManager.default.subpathsOfDirectory(atPath: output).sorted()
            #expect(before.contains("blueprints/imported/confs/fate_flow/conf/binary"))
            try await Program.run(command).expect(1)
            let after = try FileManager.default.subpathsOfDirectory(atPath: output).sorted()
            #expect(after == before)
            try await Program.run([Program.fatesync, "import", output]).expect(1)
            try await Program.run([Program.fatesync, "import", output, "--live"]).expect(64)
        }

        /// Replaces the state in the clone.
        private func runImport(_ host: Host, _ words: String...) async throws -> Report {
            let command = [Program.fatesync, "import"] + words
            let options = ["--output", host.clone, "--host", host.name, "-o", "json"]
            try await Program.run(command + options).expect(1)
            let exit = try await Program.run(command + options + ["--force"]).expect(0)
            return try exit.decode(Report.self)
        }

        private func validation(_ host: Host) -> [String] {
            [Program.fatesync, "validate", host.clone, "--data-dir", host.dataDirectory]
        }

        /// What KubeFATE's packages hold, unpacked and started by Compose itself.
        private func deploy(_ host: Host, _ made: HandMade) async throws {
            let party = "parties/10000/party.yaml"
            let folder = host.dataDirectory + "/confs-10000"
            try host.copyExample()
            try host.replace("192.168.136.0/24", with: "192.167.0.0/16", in: party)
            try host.replace("192.168.136.100", with: "192.167.0.100", in: party)
            try await made.writeFiles(of: 10000, to: folder + "/confs")
            try Self.routeTable.write(
                toFile: folder + "/confs/eggroll/conf/route_table.json", atomically: true, encoding: .utf8)
            for name in ["examples", "federatedml", "data"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/shared_dir/\(name)", withIntermediateDirectories: true)
            }
            let template = try String(
                contentsOfFile: Program.support("kubefate/docker-compose-1.5.1.yml"), encoding: .utf8)
            try template.replacingOccurrences(of: "@PARTY@", with: "10000")
                .replacingOccurrences(of: "@DIR@", with: host.dataDirectory)
                .replacingOccurrences(of: "@SERVING@", with: "127.0.0.1")
                .write(toFile: folder + "/docker-compose.yml", atomically: true, encoding: .utf8)
            try "RegistryURI=\nTAG=1.5.1-release\n".write(
                toFile: folder + "/.env", atomically: true, encoding: .utf8)
            try "party_list=(10000)\nparty_ip_list=(10.10.0.1)\n".write(
                toFile: host.dataDirectory + "/parties.conf", atomically: true, encoding: .utf8)
            try await Program.output(
                of: [
                    Program.support("compose"), "--project-directory", folder, "-f",
                    folder + "/docker-compose.yml",
                    "up", "-d", "--pull", "never",
                ], environment: ["DOCKER_HOST": host.engine.endpoint])
        }

        /// As KubeFATE writes it: the default route has a string for its port.
        private static let routeTable = """
            {
              "route_table": {
                "default": {"default": [{"ip": "rollsite", "port": "9370"}]},
                "9999": {"default": [{"ip": "10.10.0.2", "port": 9370}]},
                "10000": {
                  "default": [{"ip": "rollsite", "port": 9370}],
                  "fateflow": [{"ip": "python", "port": 9360}]
                }
              },
              "permission": {"default_allow": true}
            }

            """
    }
}
