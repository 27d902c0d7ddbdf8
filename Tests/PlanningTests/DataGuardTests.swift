import DesiredState
import EngineModel
import Planning
import Testing

/// What a recreate takes along, what it would lose, and what is done for a party that waits for a person.
struct DataGuardTests {
    private static let volume = String(repeating: "a", count: 64)

    private func created(_ plan: Plan) -> ContainerSpec? {
        plan.steps.lazy.compactMap { step -> ContainerSpec? in
            if case .createContainer(let spec, _) = step.action { spec } else { nil }
        }.first
    }

    /// A web container with an anonymous volume, and a change that recreates it.
    private func withVolume() throws -> Deployment {
        var deployment = try Deployment()
        deployment.web.mounts.insert(Mount(.volume, from: "", to: "/cache"))
        try deployment.byHand("p1_web") {
            $0.spec.mounts.insert(Mount(.volume, from: "", to: "/cache"))
            $0.anonymousVolumes = ["/cache": Self.volume]
        }
        deployment.web.environment["MODE"] = "fast"
        return deployment
    }

    @Test func anAnonymousVolumeIsHandedOverByItsName() throws {
        let deployment = try withVolume()
        let spec = try #require(created(deployment.plan))
        #expect(
            spec.mounts.filter { $0.target == "/cache" } == [Mount(.volume, from: Self.volume, to: "/cache")])
        #expect(deployment.plan.holds.isEmpty)
    }

    @Test func aChosenHardwareAddressIsHandedOver() throws {
        var deployment = try Deployment()
        try deployment.byHand("p1_web") {
            $0.macAddresses = ["net1": "02:00:00:00:00:07", "gone": "02:00:00:00:00:08"]
        }
        #expect(deployment.plan.isEmpty)
        deployment.web.environment["MODE"] = "fast"
        let spec = try #require(created(deployment.plan))
        #expect(spec.networks.mapValues(\.macAddress) == ["net1": "02:00:00:00:00:07"])
        deployment.web.networks = [:]
        #expect(try #require(created(deployment.plan)).networks.isEmpty)
        try deployment.byHand("p1_web") { $0.macAddresses = ["bridge": "02:00:00:00:00:09"] }
        #expect(
            try #require(created(deployment.plan)).networks.mapValues(\.macAddress)
                == ["bridge": "02:00:00:00:00:09"])
    }

    @Test(arguments: [("1.43", ["network.disconnect", "network.connect"]), ("1.45", nil)])
    func joiningANetworkAnewDoesNotLoseAChosenHardwareAddress(
        _ apiVersion: String, _ steps: [String]?
    ) throws {
        var deployment = try Deployment(apiVersion: apiVersion)
        try deployment.byHand("p1_web") { $0.macAddresses = ["net1": "02:00:00:00:00:07"] }
        deployment.web.networks["net1"]?.aliases.insert("www")
        if let steps {
            #expect(deployment.plan.steps.map(\.action.name) == steps)
        } else {
            let spec = try #require(created(deployment.plan))
            #expect(spec.networks["net1"]?.macAddress == "02:00:00:00:00:07")
        }
    }

    @Test func anAnonymousVolumeThatIsNotDesiredAnyMoreIsHeld() throws {
        var deployment = try withVolume()
        deployment.web.mounts = deployment.web.mounts.filter { $0.target != "/cache" }
        #expect(try #require(created(deployment.plan)).mounts.allSatisfy { $0.target != "/cache" })
        #expect(deployment.plan.holds["1"]?.contains { $0.contains(Self.volume) } == true)
    }

    @Test func aVolumeThatAnotherOneTakesThePlaceOfIsHeld() throws {
        var deployment = try Deployment()
        deployment.db.mounts = [Mount(.volume, from: "other", to: "/var/db")]
        let reasons = try #require(deployment.plan.holds["1"])
        #expect(reasons.count == 1)
        #expect(reasons[0].contains("p1_db") && reasons[0].contains("vol1 at /var/db"))
    }

    @Test func aVolumeAtAnotherPlaceIsNotHeld() throws {
        var deployment = try Deployment()
        deployment.db.mounts = [Mount(.volume, from: "vol1", to: "/var/lib/db")]
        #expect(!deployment.plan.isEmpty)
        #expect(deployment.plan.holds.isEmpty)
    }

    @Test func writtenDataIsAskedForAndThenHolds() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].services[0].data = ["/models"]
        #expect(deployment.plan.isEmpty && deployment.plan.unread.isEmpty)
        deployment.web.environment["MODE"] = "fast"
        let id = try deployment.id(of: "p1_web")
        #expect(deployment.plan.unread == [id])
        deployment.host.live.writtenData = [id: []]
        #expect(deployment.plan.unread.isEmpty && deployment.plan.holds.isEmpty)
        deployment.host.live.writtenData = [id: ["/models"]]
        #expect(deployment.plan.holds["1"]?.first?.contains("below /models") == true)
    }

    @Test func aPartyThatWaitsIsOnlyKeptRunning() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.web.environment["MODE"] = "fast"
        deployment.desired.parties[1].services[0].container.environment["MODE"] = "fast"
        deployment.desired.parties[0].networks[0].isInternal = true
        deployment.desired.parties[0].files[0].content = []
        deployment.desired.waiting = ["1"]
        #expect(deployment.plan.parties == ["2"])
        try deployment.byHand("p1_db") { $0.status = .exited }
        let own = deployment.plan.steps.filter { $0.party == "1" }
        #expect(own.map(\.action) == [.startContainer(.id(try deployment.id(of: "p1_db")))])
    }

    @Test func onlyPortsThatNobodyOfOursHoldsAreChecked() throws {
        func checked(_ plan: Plan) -> [PortBinding]? {
            plan.steps.lazy.compactMap { step -> [PortBinding]? in
                if case .checkContainer(_, let ports) = step.action { ports } else { nil }
            }.first
        }
        var deployment = try Deployment()
        deployment.web.environment["MODE"] = "fast"
        #expect(checked(deployment.plan) == [])
        let new = PortBinding(containerPort: 81, hostPort: 9001)
        deployment.web.ports.insert(new)
        #expect(checked(deployment.plan) == [new])
        try deployment.byHand("p1_web") { $0.status = .exited }
        #expect(checked(deployment.plan) == [new])
    }
}
