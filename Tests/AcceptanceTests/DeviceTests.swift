import Foundation
import Testing

extension Acceptance {
    /// GPUs and other devices, without having any: CDI devices that are harmless nodes, and a stub for NVIDIA's hook.
    @Suite struct DeviceTests {
        @Test func `a CDI device comes, changes and goes with a recreate of its container only`() async throws
        {
            try await withSpecs { host, state, specs in
                let job = state.prefix(1) + "_job"
                try state.override(1, "job", "devices: [\(specs.kind)=a]")
                try await expectRecreate(of: job, host, "Add a device")
                try await host.engine.docker("exec", job, "test", "-c", "/dev/fakegpu0")

                try host.replace("\(specs.kind)=a", with: "\(specs.kind)=b", in: state.path(1))
                try await expectRecreate(of: job, host, "Change the device")
                try await host.engine.docker("exec", job, "test", "-c", "/dev/fakegpu1")
                try await host.engine.docker("exec", job, "test", "!", "-e", "/dev/fakegpu0")

                try await expectHeld(host, "An unknown device", because: "defines \(specs.kind)=c") {
                    try host.replace("\(specs.kind)=b", with: "\(specs.kind)=c", in: state.path(1))
                }
                try host.replace(
                    "devices: [\(specs.kind)=c]", with: "environment: {NO: device}", in: state.path(1))
                try await expectRecreate(of: job, host, "Remove the device")
                try await host.engine.docker("exec", job, "test", "!", "-e", "/dev/fakegpu1")
            }
        }

        @Test func `a lost device is seen and comes back with a restart, unless the host lost it too`()
            async throws
        {
            try await withSpecs { host, state, specs in
                let job = state.prefix(1) + "_job"
                try state.override(1, "job", "devices: [\(specs.kind)=a]")
                try await expectRecreate(of: job, host, "Add a device")

                try await host.engine.docker("exec", job, "rm", "/dev/fakegpu0")
                try await expectRestart(of: job, host)
                try await host.engine.docker("exec", job, "test", "-c", "/dev/fakegpu0")
                // Not the same device: c 1:5 is /dev/zero.
                try await host.engine.docker(
                    "exec", job, "sh", "-c", "rm /dev/fakegpu0; mv /dev/zero /dev/fakegpu0")
                try await expectRestart(of: job, host)
                if try await deny("c 1:3 rwm", to: job, host) { try await expectRestart(of: job, host) }

                let standing = try await host.containers()
                try specs.write(node: host.folder + "/no-such-node")
                let gone = try await host.fatesync("sync").expect(6)
                #expect("\(gone)".contains("does not have any more"))
                specs.remove()
                // Nobody starts it anew meanwhile, so nothing is wrong yet; but it would not come back.
                try await host.fatesync("plan", "--exit-code").expect(0)
                try await expectHeld(host, "Another reason to recreate", because: "defines \(specs.kind)=a") {
                    try host.append("      environment: {NEW: value}\n", to: state.path(1))
                }
                let after = try await host.containers()
                #expect(after == standing)
                try specs.write()
                try await expectRecreate(of: job, host)
            }
        }

        @Test func `a container that runs without its device gives way to the old one`() async throws {
            try await withSpecs { host, state, specs in
                let before = try await host.containers()
                let command = "command: [sh, \"-c\", \"rm /dev/fakegpu0; sleep 100000\"]"
                try state.override(1, "job", "devices: [\(specs.kind)=a]\n      \(command)")
                try await host.push("A program that loses its device")
                let sync = try await host.fatesync("sync").expect(1)
                #expect(sync.output.contains("without its devices: /dev/fakegpu0 is missing"), "\(sync)")
                try await expectBack(before, state.prefix(1) + "_job", host)
            }
        }

        @Test func `GPUs by count and by id, through the hook, which fails once`() async throws {
            try await withDeployed(on: .oldest) { host, state in
                let job = state.prefix(1) + "_job"
                let before = try await host.containers()
                let refusal = host.engine.folder + "/hook/refuse"
                try "no device was found\n".write(toFile: refusal, atomically: true, encoding: .utf8)
                defer { unlink(refusal) }
                try state.override(1, "job", "gpus: [{count: 2}]")
                try await host.push("GPUs that fail")
                let failed = try await host.fatesync("sync").expect(1)
                #expect(failed.output.contains("no device was found"), "\(failed)")
                try await expectBack(before, job, host)

                unlink(refusal)
                try host.replace("count: 2", with: "count: 3", in: state.path(1))
                try await expectRecreate(of: job, host, "Three GPUs")
                try await expectVisible("0,1,2", in: job, host)
                try host.replace("count: 3", with: "device_ids: ['4', GPU-1]", in: state.path(1))
                try await expectRecreate(of: job, host, "GPUs by id")
                try await expectVisible("4,GPU-1", in: job, host)
                try await expectHeld(host, "A CDI device", because: "knows no CDI devices") {
                    try host.replace(
                        "gpus: [{device_ids: ['4', GPU-1]}]", with: "devices: [v.com/c=a]", in: state.path(1))
                }
                try host.replace("devices: [v.com/c=a]", with: "environment: {NO: gpu}", in: state.path(1))
                try await expectRecreate(of: job, host, "No GPU")
            }
        }

        @Test func `GPUs are held before anything stops where the engine has no driver for them`()
            async throws
        {
            try await withDeployed(on: .newer) { host, state in
                try await expectHeld(
                    host, "GPUs", because: "nvidia-container-runtime-hook is not in its search path"
                ) {
                    try state.override(1, "job", "gpus: all")
                }
            }
        }

        @Test func `two parties that claim one GPU keep what they have`() async throws {
            try await withDeployed([1, 2], on: .oldest) { host, state in
                let before = try await host.containers()
                for party in [1, 2] { try state.override(party, "job", "gpus: [{device_ids: ['0']}]") }
                try await host.push("One GPU for two")
                let sync = try await host.fatesync("sync").expect(3)
                for (party, other) in [(1, 2), (2, 1)] {
                    let line =
                        "parties/\(party)/party.yaml:16:28: error E-GPU-CLASH: GPU 0 is also claimed by party \(other) "
                        + "(parties/\(other)/party.yaml:16:28)"
                    #expect(sync.errors.contains(line), "\(sync)")
                }
                let after = try await host.containers()
                #expect(after == before)
            }
        }

        // MARK: - Steps

        private func withDeployed(
            _ parties: [Int] = [1], on version: Engine.Version,
            _ body: (Host, SmallState) async throws -> Void
        ) async throws {
            try await Host.use(engine: version) { host in
                let state = SmallState(host: host)
                try state.write(parties: parties)
                try await host.push()
                try await host.fatesync("sync").expect(0)
                try await body(host, state)
            }
        }

        /// The same where the engine has CDI devices of the host.
        private func withSpecs(_ body: (Host, SmallState, DeviceSpecs) async throws -> Void) async throws {
            try await withDeployed(on: .newer) { host, state in
                let specs = DeviceSpecs(host)
                defer { specs.remove() }
                try specs.write()
                try await body(host, state, specs)
            }
        }

        /// Syncs, after a push if there is something to push; one container is another one then, and no other.
        private func expectRecreate(
            of name: String, _ host: Host, _ subject: String? = nil,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let before = try await host.containers()
            if let subject { try await host.push(subject) }
            try await host.fatesync("sync").expect(0, sourceLocation: sourceLocation)
            let after = try await host.containers()
            #expect(after[name]?.id != before[name]?.id, sourceLocation: sourceLocation)
            #expect(
                after.filter { $0.key != name } == before.filter { $0.key != name },
                sourceLocation: sourceLocation)
            try await host.fatesync("plan", "--exit-code").expect(0, sourceLocation: sourceLocation)
        }

        private func expectRestart(
            of name: String, _ host: Host, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let before = try await host.containers()
            let plan = try await host.fatesync("plan", "--exit-code").expect(
                2, sourceLocation: sourceLocation)
            #expect(plan.output.contains("/dev/fakegpu0"), "\(plan)", sourceLocation: sourceLocation)
            try await host.fatesync("sync").expect(0, sourceLocation: sourceLocation)
            let after = try await host.containers()
            #expect(after[name]?.id == before[name]?.id, sourceLocation: sourceLocation)
            #expect(after[name]?.startedAt != before[name]?.startedAt, sourceLocation: sourceLocation)
            #expect(
                after.filter { $0.key != name } == before.filter { $0.key != name },
                sourceLocation: sourceLocation)
            try await host.fatesync("plan", "--exit-code").expect(0, sourceLocation: sourceLocation)
        }

        private func expectHeld(
            _ host: Host, _ subject: String, because reason: String,
            sourceLocation: SourceLocation = #_sourceLocation, _ change: () throws -> Void
        ) async throws {
            let before = try await host.containers()
            let steps = try host.journal().filter { $0.kind == "step.intent" }.count
            try change()
            try await host.push(subject)
            let sync = try await host.fatesync("sync").expect(6, sourceLocation: sourceLocation)
            #expect("\(sync)".contains(reason), "\(sync)", sourceLocation: sourceLocation)
            let after = try await host.containers()
            #expect(after == before, sourceLocation: sourceLocation)
            let more = try host.journal().filter { $0.kind == "step.intent" }.count
            #expect(more == steps, sourceLocation: sourceLocation)
        }

        /// The old container serves again, and no other was touched.
        private func expectBack(_ before: [String: Host.Standing], _ name: String, _ host: Host) async throws
        {
            let after = try await host.containers()
            #expect(after[name]?.id == before[name]?.id)
            #expect(after[name]?.status == "running")
            #expect(after.filter { $0.key != name } == before.filter { $0.key != name })
        }

        private func expectVisible(_ devices: String, in name: String, _ host: Host) async throws {
            let variables = try await host.engine.docker("exec", name, "cat", "/proc/1/environ")
            #expect(variables.split(separator: "\0").contains("NVIDIA_VISIBLE_DEVICES=\(devices)"))
        }

        /// Takes a device away as `systemctl daemon-reload` can; `false` where only the kernel could.
        private func deny(_ rule: String, to name: String, _ host: Host) async throws -> Bool {
            let pid = try await host.engine.field(name, "{{.State.Pid}}")
            let groups = try String(contentsOfFile: "/proc/\(pid)/cgroup", encoding: .utf8)
            guard let line = groups.split(separator: "\n").first(where: { $0.contains(":devices:") }),
                let path = line.split(separator: ":").last
            else { return false }
            let file = "/sys/fs/cgroup/devices\(path)/devices.deny"
            guard FileManager.default.fileExists(atPath: file) else { return false }
            try await Program.output(of: ["sh", "-c", "echo '\(rule)' > \(file)"])
            return true
        }
    }
}
