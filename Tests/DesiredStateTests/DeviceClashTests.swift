import Testing

@testable import DesiredState

/// The engine keeps no account of devices, so fatesync does: two parties of a host cannot have the same one.
struct DeviceClashTests {
    /// The example whose two parties override `gpus` of their client.
    private func example(_ first: String, _ second: String, shared: String = "") throws -> Example {
        var example = try Example()
        for (path, keys) in [(Example.party10000, first), (Example.party9999, second)] {
            try example.append(path, shared + "overrides:\n  services:\n    client:\n      \(keys)\n")
        }
        return example
    }

    @Test func twoPartiesThatClaimOneGPUAreBothRefused() throws {
        let example = try example("gpus: [{device_ids: ['0']}]", "gpus: [{device_ids: ['1', '0']}]")
        let advice = "; give it to one of them, or list it under sharedDevices of both"
        #expect(
            example.lines == [
                "parties/10000/party.yaml:23:28: error E-GPU-CLASH: GPU 0 is also claimed by party 9999 "
                    + "(parties/9999/party.yaml:23:33)" + advice,
                "parties/9999/party.yaml:23:33: error E-GPU-CLASH: GPU 0 is also claimed by party 10000 "
                    + "(parties/10000/party.yaml:23:28)" + advice,
            ])
        #expect(example.decode().invalidUnits == [.party("9999"), .party("10000")])
    }

    @Test(arguments: [
        ("gpus: all", "gpus: [{device_ids: [GPU-1]}]", true),
        ("gpus: [{count: 2}]", "gpus: [{count: 1}]", true),
        ("gpus: [{count: 2}]", "gpus: [{device_ids: ['1']}]", true),
        ("gpus: [{count: 2}]", "gpus: [{device_ids: ['2']}]", false),
        ("gpus: [{count: 2}]", "gpus: [{device_ids: [GPU-1]}]", false),
        ("gpus: [{device_ids: ['0:1']}]", "gpus: [{device_ids: ['0']}]", true),
        ("gpus: [{device_ids: ['0:1']}]", "gpus: [{device_ids: ['0:2']}]", false),
        ("gpus: [{device_ids: ['1']}]", "devices: ['nvidia.com/gpu=1']", true),
        ("gpus: [{count: 1}]", "devices: ['nvidia.com/gpu=all']", true),
        ("devices: [v.com/c=a]", "gpus: [{driver: cdi, device_ids: [v.com/c=a]}]", true),
        ("devices: [v.com/c=a]", "devices: [v.com/c=b]", false),
        ("devices: [v.com/c=all]", "devices: [v.com/c=b]", true),
        ("devices: [v.com/c=a]", "devices: [v.com/d=a]", false),
        ("gpus: all", "devices: [v.com/c=all]", false),
    ])
    func clash(_ first: String, _ second: String, _ isClash: Bool) throws {
        #expect(try example(first, second).lines.count == (isClash ? 2 : 0))
        #expect(try example(second, first).lines.count == (isClash ? 2 : 0))
    }

    @Test func partiesOfOtherHostsDoNotClash() throws {
        var example = try example("gpus: all", "gpus: all")
        try example.replace(Example.party9999, "host: demo", "host: other")
        #expect(example.lines == [])
    }

    @Test func partiesShareWhatBothList() throws {
        let shared = "sharedDevices: ['0', vendor.com/class=a]\n"
        let keys = "{gpus: [{device_ids: ['0']}], devices: [vendor.com/class=a]}"
        let lines = try self.example("gpus: [{device_ids: ['0']}]", "gpus: [{count: 1}]", shared: shared)
            .lines
        #expect(lines == [])
        var example = try Example()
        for path in [Example.party10000, Example.party9999] {
            try example.append(path, "overrides:\n  services:\n    client: \(keys)\n")
        }
        #expect(example.lines.count == 4)
        try example.append(Example.party10000, shared)
        #expect(example.lines.count == 4)
        try example.append(Example.party9999, shared)
        #expect(example.lines == [])
        let more = try self.example("gpus: [{count: 2}]", "gpus: [{count: 2}]", shared: shared).lines
        #expect(more.count == 2 && more.allSatisfy { $0.contains("GPUs 0 to 1: GPU 1 is also claimed by") })
    }

    @Test func aSharedDeviceIsADevice() throws {
        var example = try Example()
        try example.append(Example.party9999, "sharedDevices: [gpu0]\n")
        #expect(
            example.lines == [
                "parties/9999/party.yaml:20:17: error E-VALUE: an element of \"sharedDevices\" must be \"all\", the index "
                    + "or the UUID of a GPU, or a CDI name such as vendor.com/class=name, found \"gpu0\""
            ])
    }

    @Test func aClashIsShownWhereThePartyWroteTheValue() throws {
        var example = try Example(
            Example.compose, "    container_name: ${PREFIX}_client\n",
            "    container_name: ${PREFIX}_client\n    gpus: [{device_ids: [\"${GPU}\"]}]\n")
        try example.replace(Example.blueprint, "variables:\n", "variables:\n  GPU: {type: integer}\n")
        for path in [Example.party10000, Example.party9999] {
            try example.replace(path, "variables:\n", "variables:\n  GPU: 3\n")
        }
        #expect(example.lines.count == 2)
        #expect(example.lines.allSatisfy { $0.contains("party.yaml:13:8: error E-GPU-CLASH: GPU 3 is also") })
        try example.replace(Example.party9999, "GPU: 3", "GPU: 4")
        #expect(example.lines == [])
        #expect(try example.decode().party("9999").service("client").deviceRequests[0].deviceIDs == ["4"])
    }

    @Test func twoServicesOfAPartyAreWarnedAbout() throws {
        var example = try Example()
        let keys = "{gpus: [{device_ids: ['0']}]}"
        try example.append(
            Example.party9999, "overrides:\n  services:\n    client: \(keys)\n    fateboard: \(keys)\n")
        try #require(example.lines.count == 1)
        #expect(example.lines[0].hasPrefix("parties/9999/party.yaml:"))
        #expect(
            example.lines[0].contains("warning W-GPU: GPU 0 is also used by service \"fateboard\"")
                || example.lines[0].contains("warning W-GPU: GPU 0 is also used by service \"client\""))
        try example.append(Example.party9999, "sharedDevices: [all]\n")
        #expect(example.lines == [])
    }
}
