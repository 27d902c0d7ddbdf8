import Foundation
import Testing

@testable import DesiredState

/// The blueprints of the example for every release, with a party of each.
struct ReleaseBlueprintTests {
    static let releases = ["fate-1.5.1", "fate-1.11.2", "fate-2.0.0"]

    /// The example with all its parties on one release.
    static func example(_ blueprint: String) throws -> Example {
        var example = try Example()
        for party in [Example.party10000, Example.party9999] where blueprint != "fate-1.5.1" {
            try example.replace(party, "fate-1.5.1", blueprint)
            if blueprint == "fate-2.0.0" { try example.replace(party, "PORT_ROLLSITE", "PORT_OSX") }
        }
        return example
    }

    @Test(arguments: releases) func aPartyIsSevenContainersWithoutADiagnostic(blueprint: String) throws {
        let state = try Self.example(blueprint).decode()
        #expect(state.diagnostics.lines == [])
        #expect(state.parties.map(\.services.count) == [7, 7])
        for party in state.parties {
            let names = Set(party.services.map(\.name))
            // Whatever reads a file, or waits for another service, is there.
            for file in party.files { #expect(names.isSuperset(of: file.services)) }
            for service in party.services {
                #expect(names.isSuperset(of: service.dependsOn))
                let addresses = service.container.networks.values.compactMap(\.ipv4Address)
                #expect(
                    addresses == (["python", "fateflow"].contains(service.name) ? [party.flowAddress] : []))
            }
            #expect(party.release?.tag.flatMap { PartyRelease.version(ofTag: $0) } == party.release?.version)
        }
    }

    @Test(arguments: releases) func jobsAndWhatMySQLTookAreGuarded(blueprint: String) throws {
        let isOld = blueprint == "fate-1.5.1"
        let server = isOld ? "python" : "fateflow"
        let proxy = blueprint == "fate-2.0.0" ? "osx" : "rollsite"
        var example = try Self.example(blueprint)
        let party = try example.decode().party("10000")
        #expect(
            party.jobs
                == JobGuard(
                    service: server, port: 9380, api: blueprint == "fate-2.0.0" ? .v2 : .v1,
                    guards: ["clustermanager", "nodemanager", proxy, server, "mysql"]))
        #expect(party.services.first { $0.name == "clustermanager" }?.stopTimeout == 120)
        #expect(party.firstStart.map(\.variable) == ["DB_PASSWORD", "DB_USER", "DB_NAME"])
        for value in party.firstStart {
            // The key is one that the file has, or a change of it would pass unseen.
            let file = try #require(party.files.first { $0.path == value.file })
            let changed = try example.changed(value.variable, to: "other").party("10000")
            let other = try #require(changed.files.first { $0.path == value.file })
            guard case .keys(let keys) = other.difference(from: file.content) else {
                Issue.record("\(value.key) does not change")
                continue
            }
            #expect(keys.contains { $0.key == value.key }, "\(value.key)")
        }

        let address =
            "overrides:\n  confs:\n    fate_flow/conf/service_conf.yaml: {fateflow: {host: 0.0.0.0}}\n"
        try example.append(Example.party10000, address)
        #expect(
            example.lines.contains { line in
                line.contains(
                    "error E-ADDRESS: fateflow.host of fate_flow/conf/service_conf.yaml is \"0.0.0.0\"")
            })
    }

    /// Where a config file is mounted is decided by the container; it must be one that the party has.
    @Test(arguments: releases) func everyMountedDirectoryIsMadeFirst(blueprint: String) throws {
        let party = try Self.example(blueprint).decode().party("10000")
        let made = Set(party.directories.map(\.path))
        let files = Set(party.files.map(\.path))
        for mount in party.services.flatMap(\.container.mounts) where mount.kind == .bind {
            let isKnown = made.contains(mount.source) || files.contains(mount.source)
            #expect(isKnown || mount.source == "/etc/localtime", "\(mount.source)")
        }
        for volume in party.volumes {
            #expect(made.contains(volume.driverOptions["device"] ?? "-"), "\(volume.name)")
        }
        for file in party.files {
            #expect(
                made.contains(
                    String(file.path.prefix(upTo: file.path.lastIndex(of: "/") ?? file.path.startIndex))))
        }
    }

    @Test(arguments: releases) func composeAcceptsTheFileWithoutAWarning(blueprint: String) throws {
        let example = try Self.example(blueprint)
        try expectComposeAccepts(blueprint, of: try example.decode().party("10000"), example)
    }

    @Test(arguments: ["exchange-1.5.1", "exchange-1.11.2"]) func anExchangeIsOneRollsite(
        blueprint: String
    ) throws {
        var example = try Example()
        example.write(
            "parties/9000/party.yaml",
            """
            apiVersion: fatesync/v1
            kind: Party
            id: 9000
            blueprint: \(blueprint)
            host: demo
            endpoint: {address: 10.10.0.1}

            """)
        try example.append("federation.yaml", "exchange: {party: 9000}\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        let exchange = try state.party("9000")
        #expect(exchange.services.map(\.name) == ["exchange"])
        #expect(exchange.services.allSatisfy { $0.probe != nil })
        try expectComposeAccepts(blueprint, of: exchange, example)
    }

    private func expectComposeAccepts(
        _ blueprint: String, of party: PartyResources, _ example: Example
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "release-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // Left for the system to clean up.
        let file = folder.appending(path: "compose.yaml")
        try Data(try example.text("blueprints/\(blueprint)/compose.yaml").utf8).write(to: file)
        let variables = party.variables.map { "\($0.key)='\($0.value)'\n" }.joined()
        try Data(variables.utf8).write(to: folder.appending(path: ".env"))
        let process = Process()
        process.executableURL = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Support/compose")
        process.arguments = [
            "--env-file", folder.appending(path: ".env").path(), "-f", file.path(), "config", "--quiet",
        ]
        let output = Pipe()
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(said == "")
    }

    @Test(arguments: ["fate-1.11.2", "fate-2.0.0"]) func imagesAndDevicesForGPUsAreTheParty(blueprint: String)
        throws
    {
        var example = try Self.example(blueprint)
        try example.replace(Example.party10000, "variables:\n", "variables:\n  IMAGE_SUFFIX: -nn-gpu\n")
        try example.append(
            Example.party10000,
            """
            sharedDevices: ["0"]
            overrides:
              services:
                fateflow: {gpus: [{driver: nvidia, device_ids: ["0"]}]}
                nodemanager: {gpus: [{driver: nvidia, device_ids: ["0"]}]}

            """)
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        let party = try state.party("10000")
        let tag = try #require(party.release?.tag)
        #expect(try party.service("fateflow").image == "federatedai/fateflow-nn-gpu:\(tag)")
        #expect(try party.service("nodemanager").image == "federatedai/eggroll-nn-gpu:\(tag)")
        #expect(try party.service("fateboard").image == "federatedai/fateboard:\(tag)")
        let withDevices = party.services.filter { !$0.container.deviceRequests.isEmpty }.map(\.name)
        #expect(withDevices.sorted() == ["fateflow", "nodemanager"])
    }

    @Test func anUpgradeStatesItsSteps() throws {
        for (blueprint, from) in [("fate-1.11.2", "1.5.1"), ("fate-2.0.0", "1.11.2")] {
            let release = try #require(Self.example(blueprint).decode().party("9999").release)
            let upgrade = try #require(release.upgrades.first { $0.from == from })
            #expect(upgrade.steps.count >= 4)
            #expect(upgrade.steps.contains { $0.contains("dump MySQL") })
        }
    }
}

extension PartyResources {
    /// The address that FATE Flow binds to.
    fileprivate var flowAddress: String { variables["FLOW_IP"] ?? "" }
}

extension Example {
    /// The state with another value of a variable of party 10000.
    fileprivate func changed(_ variable: String, to value: String) throws -> DesiredState {
        var example = self
        try example.replace(Self.party10000, "variables:\n", "variables:\n  \(variable): \(value)\n")
        return example.decode()
    }
}
