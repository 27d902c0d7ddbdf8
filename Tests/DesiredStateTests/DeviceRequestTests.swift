import Testing

@testable import DesiredState

/// GPUs and other devices that a driver injects, as compose.yaml asks for them.
struct DeviceRequestTests {
    @Test(arguments: [
        "devices: [vendor.com/class=a, 'vendor.com/class=b:1']",
        "gpus: [{driver: cdi, device_ids: [vendor.com/class=a, 'vendor.com/class=b:1']}]",
    ])
    func namesOfTheContainerDeviceInterfaceMakeOneRequest(_ keys: String) throws {
        let spec = try container(keys)
        #expect(spec.devices == [])
        let request = try #require(spec.deviceRequests.first)
        #expect(spec.deviceRequests.count == 1 && request.isCDI && request.count == 0)
        #expect(request.deviceIDs == ["vendor.com/class=a", "vendor.com/class=b:1"])
    }

    @Test func aCDINameStandsBesideADeviceNode() throws {
        let spec = try container("devices: [/dev/null, vendor.com/class=a]\ngpus: all")
        #expect(spec.devices == [DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/null")])
        #expect(spec.deviceRequests.map(\.driver) == ["cdi", ""])
    }

    @Test func countAndIDsComeFromVariables() throws {
        let variables: [String: VariableValue] = [
            "N": .integer(2), "TEXT": .string("3"), "ALL": .string("all"), "ID": .integer(1),
            "NAME": .string("vendor.com/class=a"),
        ]
        for (text, count) in [("${N}", 2), ("${TEXT}", 3), ("${ALL}", -1)] {
            let spec = try container("gpus: [{count: '\(text)'}]", variables)
            #expect(spec.deviceRequests.map(\.count) == [count])
        }
        #expect(
            try container("gpus: [{count: ${N}}]".replacing("${N}", with: "\"${N}\""), variables)
                .deviceRequests.map(\.count) == [2])
        #expect(
            try container("gpus: [{device_ids: ['${ID}']}]", variables).deviceRequests[0].deviceIDs == ["1"])
        #expect(
            try container("devices: ['${NAME}']", variables).deviceRequests[0].deviceIDs == [
                "vendor.com/class=a"
            ])
    }

    static let refusals = [
        ComposeCase(
            "gpus: [{driver: cdi, count: 1}]",
            "4:26: error E-EXCLUSIVE: \"count\" means nothing to the driver cdi; name the devices in \"device_ids\""
        ),
        ComposeCase(
            "gpus: [{driver: cdi}]", "4:12: error E-REQUIRED: the driver cdi needs the key \"device_ids\""),
        ComposeCase(
            "gpus: [{device_ids: []}]",
            "4:13: error E-REQUIRED: \"device_ids\" needs at least one, or remove it for every device"),
        ComposeCase(
            "gpus: [{driver: cdi, device_ids: [vendor.com=a]}]",
            "4:39: error E-VALUE: an element of \"device_ids\" must be a CDI name such as vendor.com/class=name, "
                + "found \"vendor.com=a\""),
        ComposeCase(
            "gpus: [{device_ids: [vendor.com/class=a]}]",
            "4:26: error E-VALUE: an element of \"device_ids\" is a CDI name, which needs driver: cdi, "
                + "found \"vendor.com/class=a\""),
        ComposeCase(
            "gpus: [{device_ids: ['0,1']}]",
            "4:26: error E-VALUE: an element of \"device_ids\" must be the index or the UUID of a GPU, "
                + "such as \"0\" or GPU-6a1b..., found \"0,1\""),
        ComposeCase(
            "gpus: [{device_ids: [all]}]",
            "4:26: error E-VALUE: an element of \"device_ids\" cannot be every device here; write count: all, "
                + "found \"all\""),
        ComposeCase(
            "gpus: [{device_ids: [0]}]",
            "4:26: error E-TYPE: an element of \"device_ids\" must be a string, found the integer 0 "
                + "(put it in quotes)"),
        ComposeCase(
            "gpus: [{device_ids: ['0', '1', '0']}]",
            "4:36: error E-DUP: GPU 0 is asked for twice, first in line 4"),
        ComposeCase(
            "devices: [vendor.com/class=a]\ngpus: [{driver: cdi, device_ids: [vendor.com/class=a]}]",
            "5:39: error E-DUP: device vendor.com/class=a is asked for twice, first in line 4"),
        ComposeCase(
            "gpus: all\ndeploy: {resources: {reservations: {devices: [{count: 1, capabilities: [gpu]}]}}}",
            "5:51: error E-EXCLUSIVE: only one request for GPUs takes effect; add to the one in line 4"),
    ]

    @Test(arguments: refusals)
    func isRefused(_ example: ComposeCase) throws { try example.check() }

    @Test(arguments: [
        "vendor.com/class=a", "nvidia.com/gpu=all", "nvidia.com/gpu=GPU-1-2", "v/c=0:1",
        "a_b.c-d/e.f=1.x-y_z",
    ])
    func isACDIName(_ text: String) throws { #expect(CDIName(text)?.description == text) }

    @Test(arguments: [
        "", "=", "a/b", "a/b=", "/b=c", "a/=c", "1a/b=c", "a/1b=c", "a/b/c=d", "a/b=c=d", "a/b=-c", "a/b=c.",
        "a-/b=c",
        "a/b=c d", "a b/c=d", "/dev/null", "a/b=é", "é/b=c", String(repeating: "a", count: 600) + "/b=c",
    ])
    func isNoCDIName(_ text: String) { #expect(CDIName(text) == nil) }
}
