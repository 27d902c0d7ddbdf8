import Foundation
import Testing

extension Acceptance {
    /// Every field of the table, changed in git and changed live.
    @Suite struct FieldTests {
        /// What no file says.
        private static let elsewhere: Set<String> = [
            // No file says it; see MACAddressTests.
            "networks.mac_address",
            // Follow from other fields; see ObservedFieldTests.
            "image id", "network id",
            // Another name is another network or volume.
            "name",
        ]

        @Test func `every field of the manual has a case here`() throws {
            let rows = try FieldRow.all()
            let containers = rows.filter { ["Containers", "Endpoints"].contains($0.section) }.map(\.name)
            for version in Engine.Version.allCases {
                let cases = FieldCase.all(on: version)
                #expect(Set(containers).subtracting(Self.elsewhere) == Set(cases.map(\.field)))
            }
            let networks = rows.filter { $0.section == "Networks" }.map(\.name)
            #expect(Set(networks).subtracting(Self.elsewhere) == Set(NetworkCase.all.map(\.field)))
            let volumes = rows.filter { $0.section == "Volumes" }.map(\.name)
            #expect(Set(volumes).subtracting(["name"]) == Set(VolumeCase.all.map(\.field)))
        }

        /// Both engines at once, because most of the time they are waited for.
        @Test func `a change of a field touches what its rung says, whether made in git or live`()
            async throws
        {
            try await withThrowingTaskGroup { group in
                for version in Engine.Version.allCases {
                    group.addTask { try await Self.changeEveryField(on: version) }
                }
                try await group.waitForAll()
            }
        }

        private static func changeEveryField(on version: Engine.Version) async throws {
            let driver = try await NetworkDriver(for: Engine.shared(version))
            // Networks cannot be removed without it.
            defer { driver.stop() }
            try await Host.use(engine: version) { host in
                let specs = DeviceSpecs(host)
                defer { specs.remove() }
                if version == .newer { try specs.write() }
                let bench = try FieldBench(host)
                try bench.state.write(.old, networks: NetworkCase.all, volumes: VolumeCase.all)
                try await host.push("Old values")
                try await host.fatesync("sync").expect(0)
                let originals = try await bench.inspect()

                try bench.state.write(.new, networks: NetworkCase.all, volumes: VolumeCase.all)
                try await host.push("Change every field")
                try await bench.expectEveryFieldRepaired()

                try await bench.bringBack(originals)
                try await bench.expectEveryFieldRepaired()
            }
        }
    }
}
