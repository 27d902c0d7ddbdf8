import DesiredState
import EngineModel
import Testing

@testable import Planning

/// What the devices of engine and host let a plan do.
struct DeviceTests {
    private static let cdi = DeviceRequest(
        driver: "cdi", count: 0, deviceIDs: ["v.com/c=a"], capabilities: [["gpu"]])
    private static let specs = DeviceInventory.CDI.devices(
        ["v.com/c=a": [CDINode(path: "/dev/a", hostPath: "/dev/null")]], directories: ["/etc/cdi"])
    private static let gpus = [HostGPU(uuid: "GPU-1a", minor: 1), HostGPU(uuid: "GPU-2b", minor: 0)]

    private static func gpu(count: Int = 0, _ ids: String...) -> DeviceRequest {
        DeviceRequest(driver: "", count: count, deviceIDs: ids, capabilities: [["gpu"]])
    }

    @Test func aContainerThatCouldNotStartStaysAsItIs() throws {
        var deployment = try Deployment()
        deployment.web.deviceRequests = [Self.cdi]
        deployment.host.live.devices = DeviceInventory(
            cdi: .devices([:], directories: ["/etc/cdi", "/run/cdi"]))
        #expect(deployment.plan.steps == [])
        #expect(
            deployment.plan.warnings.map { "\($0.party) \($0.object) \($0.message)" } == [
                "1 p1_web stays as it is, because it could not start with its devices: no CDI spec in /etc/cdi or "
                    + "/run/cdi defines v.com/c=a; write the spec, or correct the name"
            ])
        // Another container is not held up, and neither is what needs no start.
        deployment.db.environment["A"] = "b"
        #expect(deployment.plan.steps.allSatisfy { $0.object == "p1_db" } && !deployment.plan.isEmpty)
        deployment.host.live.devices?.cdi = Self.specs
        #expect(deployment.plan.warnings == [])
        #expect(deployment.plan.steps.contains { $0.object == "p1_web" && $0.rung == .recreate })
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aMissingContainerIsNotMadeWithoutItsDevices() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.web.deviceRequests = [Self.cdi]
        deployment.host.live.devices = DeviceInventory(cdi: .unavailable("too old"))
        #expect(!deployment.plan.steps.contains { $0.object == "p1_web" })
        #expect(
            deployment.plan.steps.contains { $0.object == "p1_db" && $0.action.name == "container.start" })
        deployment.host.live.devices?.cdi = .unknown
        let names = deployment.plan.steps.filter { $0.object == "p1_web" }.map(\.action.name)
        #expect(names == ["container.create", "container.start", "container.await"])
    }

    @Test func aContainerWhoseImageIsNotToBeHadStaysAsItIs() throws {
        var deployment = try Deployment()
        deployment.web.image = "app:9"
        deployment.db.environment["A"] = "b"
        deployment.desired.withoutPull = ["app:9": "refused; later", "other:1": "refused"]
        #expect(deployment.plan.steps.allSatisfy { $0.object == "p1_db" } && !deployment.plan.isEmpty)
        #expect(
            deployment.plan.warnings.map { "\($0.party) \($0.object) \($0.message)" } == [
                "1 p1_web stays as it is, because its image could not be pulled: refused; later"
            ])
        deployment.host.live.images["app:9"] = deployment.host.live.images["app:1"]
        #expect(deployment.plan.warnings == [])
        #expect(deployment.plan.steps.contains { $0.object == "p1_web" && $0.rung == .recreate })
        deployment = try Deployment(isDeployed: false)
        deployment.desired.withoutPull = ["app:1": "refused"]
        #expect(!deployment.plan.steps.contains { $0.object == "p1_web" || $0.object == "app:1" })
        #expect(deployment.plan.warnings.map(\.object) == ["p1_web"])
    }

    @Test func aHeldContainerIsNotRestarted() throws {
        var deployment = try Deployment()
        deployment.web.deviceRequests = [Self.cdi]
        deployment.host.live.devices = DeviceInventory(cdi: Self.specs)
        try deployment.apply()
        deployment.desired.parties[0].files[1].content = Array("mode=2\n".utf8)
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write", "container.restart"])
        deployment.host.live.devices?.cdi = .devices([:], directories: ["/etc/cdi"])
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
        #expect(deployment.plan.warnings.count == 1)
        let id = try deployment.id(of: "p1_web")
        try deployment.byHand("p1_web") { $0.status = .restarting }
        deployment.web.environment["A"] = "b"
        deployment.web.networks["net1"]?.ipv4Address = "10.0.1.6"
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
        deployment.host.live.containers[id]?.status = .running
        #expect(
            deployment.plan.steps.map(\.action.name) == [
                "file.write", "network.disconnect", "network.connect",
            ])
        deployment.web.environment["A"] = nil
        try deployment.byHand("p1_web") { $0.status = .exited }
        deployment.web.networks["net1"]?.ipv4Address = "10.0.1.5"
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
    }

    @Test func aLostDeviceIsRestartedForOnlyIfTheHostHasIt() throws {
        var deployment = try Deployment()
        deployment.web.deviceRequests = [Self.cdi]
        deployment.host.live.devices = DeviceInventory(cdi: Self.specs)
        try deployment.apply()
        let id = try deployment.id(of: "p1_web")
        let lost = LostDevice(path: "/dev/a", reason: "missing", isOnHost: true)
        deployment.host.live.devices?.lost = [id: [lost]]
        #expect(
            deployment.plan.description
                == "1 container.restart p1_web: it has lost a device; device /dev/a missing -> usable")
        deployment.desired.parties[0].files[1].content = Array("mode=2\n".utf8)
        #expect(deployment.plan.steps.filter { $0.action.name == "container.restart" }.count == 1)
        deployment.desired.parties[0].files[1].content = Array("mode=1\n".utf8)
        deployment.host.live.devices?.lost[id]?.append(
            LostDevice(path: "/dev/b", reason: "gone", isOnHost: false))
        #expect(deployment.plan.steps == [])
        #expect(deployment.plan.warnings.map(\.object) == ["p1_web"])
        #expect(
            deployment.plan.warnings[0].message.hasPrefix(
                "has lost /dev/b, which this host does not have any more"))
    }

    @Test(arguments: [
        (gpu(count: -1), nil), (gpu(count: 2), nil),
        (gpu(count: 3), "this host has 2 GPUs, 3 are asked for"),
        (gpu("1"), nil), (gpu("2"), "this host has 2 GPUs, there is no GPU 2"), (gpu("1:5"), nil),
        (gpu("GPU-2b"), nil), (gpu("GPU-2"), nil), (gpu("GPU-3"), "this host has no GPU GPU-3"),
        (gpu("MIG-1"), nil),
    ])
    func gpusOfTheHost(_ request: DeviceRequest, _ obstacle: String?) {
        #expect(DeviceInventory(gpus: Self.gpus).obstacle(to: [request]) == obstacle)
        #expect(DeviceInventory().obstacle(to: [request]) == nil)
        #expect(DeviceInventory(gpuObstacle: "no driver").obstacle(to: [request]) == "no driver")
    }

    @Test func nodesOfRequests() {
        let inventory = DeviceInventory(cdi: Self.specs, gpus: Self.gpus)
        func paths(_ requests: DeviceRequest...) -> [String] { inventory.nodes(for: requests).map(\.path) }
        #expect(paths(Self.cdi) == ["/dev/a"])
        #expect(paths(Self.gpu(count: -1)) == ["/dev/nvidia1", "/dev/nvidia0"])
        #expect(paths(Self.gpu(count: 1)) == ["/dev/nvidia1"])
        #expect(paths(Self.gpu("1"), Self.cdi) == ["/dev/nvidia0", "/dev/a"])
        #expect(paths(Self.gpu("GPU-2")) == ["/dev/nvidia0"])
        #expect(paths(Self.gpu("7", "MIG-1")) == [])
    }

    @Test func spellingsThatMeanTheSameAreNoChange() throws {
        var deployment = try Deployment()
        deployment.web.deviceRequests = [
            Self.gpu("0", "1"),
            DeviceRequest(driver: "cdi", count: 0, deviceIDs: ["v.com/c=b", "v.com/c=a"], capabilities: []),
        ]
        try deployment.apply()
        deployment.web.deviceRequests = [
            Self.cdi, Self.gpu("1", "0"),
            DeviceRequest(driver: "cdi", count: 0, deviceIDs: ["v.com/c=b"], capabilities: []),
        ]
        #expect(deployment.plan.isEmpty)
        deployment.web.deviceRequests.removeLast()
        #expect(!deployment.plan.isEmpty)
    }
}
