import Foundation
import Testing

extension Acceptance {
    /// Every field of the table, changed in git and changed live.
    @Suite struct FieldTests {
        /// What no file says or no engine of these tests can run.
        private static let elsewhere: Set<String> = [
            // Needs a driver for devices; see DeviceTests.
            "gpus",
            // Follow from other fields; see DriftTests and NetworkTests of the planner.
            "image id", "network id",
            // The engines of the tests have no other driver for networks.
            "driver",
            // Another name is another network or volume.
            "name",
        ]

        @Test func `every field of the manual has a case here`() throws {
            let rows = try FieldRow.all()
            let containers = rows.filter { ["Containers", "Endpoints"].contains($0.section) }.map(\.name)
            #expect(Set(containers).subtracting(Self.elsewhere) == Set(FieldCase.all.map(\.field)))
            let networks = rows.filter { $0.section == "Networks" }.map(\.name)
            #expect(Set(networks).subtracting(Self.elsewhere) == Set(NetworkCase.all.map(\.field)))
            let volumes = rows.filter { $0.section == "Volumes" }.map(\.name)
            #expect(Set(volumes).subtracting(["name"]) == Set(VolumeCase.all.map(\.field)))
        }

        @Test(arguments: Engine.Version.allCases)
        func `a change of a field touches what its rung says, whether made in git or live`(
            _ version: Engine.Version
        ) async throws {
            try await Host.use(engine: version) { host in
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
