import DesiredState
import EngineModel
import Testing

@testable import Planning

/// Devices that go from one container to another in one plan.
struct DeviceMoveTests {
    private static func gpu(count: Int = 0, _ ids: String...) -> [DeviceRequest] {
        [DeviceRequest(driver: "", count: count, deviceIDs: ids, capabilities: [["gpu"]])]
    }

    /// Two parties whose web containers have these devices; the first has what the second is to get.
    private static func deployment(_ one: [DeviceRequest], _ two: [DeviceRequest]) throws -> Deployment {
        var deployment = try Deployment(isDeployed: false, parties: ["1", "2"])
        deployment[1] = one
        deployment[2] = two
        try deployment.apply()
        return deployment
    }

    @Test(arguments: [
        (gpu("0"), gpu("0")), (gpu(count: 2), gpu("1")), (gpu("1"), gpu(count: -1)),
        (gpu("GPU-1a"), gpu("0")), (gpu("0"), gpu("GPU-1")),
    ])
    func whatTakesADeviceWaitsForTheEndOfWhatGivesItUp(_ given: [DeviceRequest], _ taken: [DeviceRequest])
        throws
    {
        for isSwitched in [false, true] {
            var deployment = try Self.deployment(isSwitched ? [] : given, isSwitched ? given : [])
            deployment.host.live.devices = DeviceInventory(
                gpus: [HostGPU(uuid: "GPU-1a", minor: 1), HostGPU(uuid: "GPU-2b", minor: 0)])
            let (giver, taker) = isSwitched ? (2, 1) : (1, 2)
            deployment[giver] = []
            deployment[taker] = taken
            let plan = deployment.plan
            let removal = try #require(plan.position(of: "container.remove", "p\(giver)_web"))
            let check = try #require(plan.position(of: "container.check", "p\(taker)_web"))
            #expect(plan.steps[check].after.contains(removal))
            // It is made before, so that its outage is no longer than any other.
            let create = try #require(plan.position(of: "container.create", "p\(taker)_web"))
            #expect(!plan.steps[create].after.contains(removal))
            try deployment.apply()
            #expect(deployment.plan.isEmpty && deployment.host.contested.isEmpty)
        }
    }

    @Test func otherDevicesAndSharedOnesWaitForNobody() throws {
        var deployment = try Self.deployment(Self.gpu("0"), Self.gpu("1"))
        deployment[1] = []
        deployment[2] = Self.gpu("2")
        #expect(
            !deployment.plan.steps.contains { step in
                step.party == "2" && step.waits(forParty: "1", in: deployment.plan)
            })
        deployment[1] = Self.gpu("0")
        deployment[2] = Self.gpu("0")
        deployment.web.environment["A"] = "b"
        #expect(
            !deployment.plan.steps.contains { step in
                step.party == "2" && step.waits(forParty: "1", in: deployment.plan)
            })
    }

    @Test func containersThatExchangeDevicesStopBeforeEitherStarts() throws {
        var deployment = try Self.deployment(Self.gpu("0"), Self.gpu("1"))
        deployment[1] = Self.gpu("1")
        deployment[2] = Self.gpu("0")
        let plan = deployment.plan
        for (one, other) in [(1, 2), (2, 1)] {
            let start = try #require(plan.position(of: "container.start", "p\(one)_web"))
            let stop = try #require(plan.position(of: "container.stop", "p\(other)_web"))
            #expect(plan.steps[start].after.contains(stop))
        }
        try deployment.apply()
        #expect(deployment.plan.isEmpty && deployment.host.contested.isEmpty)
    }

    @Test func aDeviceThatIsNotGivenUpNowIsNotTaken() throws {
        var deployment = try Self.deployment(Self.gpu("0"), [])
        deployment[1] = []
        deployment[2] = Self.gpu("0")
        let message =
            "stays as it is, because p1_web of party 1 still has GPU 0 and cannot be replaced now; it follows as soon "
            + "as that one gives it up"
        deployment.desired.waiting = ["1"]
        #expect(deployment.plan.steps == [])
        #expect(deployment.plan.warnings.map { "\($0.object) \($0.message)" } == ["p2_web \(message)"])
        deployment.desired.waiting = []
        deployment.desired.frozen = ["1"]
        #expect(deployment.plan.steps == [] && deployment.plan.warnings.map(\.message) == [message])
        deployment.desired.frozen = []
        deployment.web.image = "app:9"
        deployment.desired.withoutPull = ["app:9": "refused"]
        #expect(
            deployment.plan.steps == [] && deployment.plan.warnings.map(\.object) == ["p1_web", "p2_web"])
        // One that has it already goes on.
        deployment = try Self.deployment(Self.gpu("0"), Self.gpu("0"))
        deployment[1] = []
        deployment.desired.waiting = ["1"]
        try deployment.byHand("p2_web") { $0.status = .exited }
        #expect(deployment.plan.steps.map(\.action.name) == ["container.start"])
    }
}

extension Deployment {
    /// The devices of the party's web container.
    fileprivate subscript(party: Int) -> [DeviceRequest] {
        get { desired.parties[party - 1].services[0].container.deviceRequests }
        set { desired.parties[party - 1].services[0].container.deviceRequests = newValue }
    }
}

extension Plan {
    fileprivate func position(of action: String, _ object: String) -> Int? {
        steps.firstIndex { $0.action.name == action && $0.object == object }
    }
}

extension Plan.Step {
    fileprivate func waits(forParty party: String, in plan: Plan) -> Bool {
        after.contains { plan.steps[$0].party == party }
    }
}
