import Testing

extension Acceptance {
    /// A device that goes from one party to another in one commit: never do both have it.
    @Suite struct DeviceMoveTests {
        @Test func `a device is taken only when the party that gives it up has a container without it`()
            async throws
        {
            try await Host.use(engine: .newer) { host in
                let state = SmallState(host: host)
                let specs = DeviceSpecs(host)
                defer { specs.remove() }
                try specs.write()
                let device = "devices: [\(specs.kind)=a]"
                let nothing = "environment: {NO: device}"
                let (one, two) = (state.prefix(1) + "_job", state.prefix(2) + "_job")
                try state.write(parties: [1, 2])
                // The second party is planned first where the order is that of names.
                try state.override(2, "job", device)
                try state.override(1, "job", nothing)
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()

                try host.replace(nothing, with: device, in: state.path(1))
                try host.replace(device, with: "command: [busybox, sh, -c, exit 3]", in: state.path(2))
                try await host.push("Move the device, with a mistake")
                let failed = try await host.fatesync("sync").expect(1)
                #expect(failed.output.contains("exit code 3"), "\(failed)")
                let kept = try await host.containers()
                #expect(kept.mapValues(\.id) == before.mapValues(\.id))
                #expect(kept[one] == before[one])
                try await expectDevice(in: two, not: one, host)

                try host.replace("command: [busybox, sh, -c, exit 3]", with: nothing, in: state.path(2))
                try await host.push("Move the device")
                try await host.fatesync("sync").expect(0)
                let moved = try await host.containers()
                #expect(Set(before.filter { moved[$0.key] != $0.value }.keys) == [one, two])
                try await expectDevice(in: one, not: two, host)
                // What takes the device was not stopped before the other one had gone for good.
                let results = try host.journal().filter { $0.out == "ok" && $0.act != nil }
                    .map { "\($0.act ?? "") \($0.obj?.name ?? "")" }
                let removal = try #require(results.lastIndex(of: "container.remove \(two)"))
                let stop = try #require(results.lastIndex(of: "container.stop \(one)"))
                #expect(removal < stop, "\(results)")
                try await host.fatesync("plan", "--exit-code").expect(0)
            }
        }

        private func expectDevice(in one: String, not other: String, _ host: Host) async throws {
            try await host.engine.docker("exec", one, "test", "-c", "/dev/fakegpu0")
            try await host.engine.docker("exec", other, "test", "!", "-e", "/dev/fakegpu0")
        }
    }
}
