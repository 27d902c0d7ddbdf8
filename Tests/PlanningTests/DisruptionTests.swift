import DesiredState
import Planning
import Testing

/// What a plan says about whom it disturbs, and for how long.
struct DisruptionTests {
    /// The sentences of a plan, in its order.
    private func disruptions(_ deployment: Deployment) -> [String] {
        deployment.plan.steps.compactMap(\.disruption).map { "\($0.object) \($0)" }
    }

    @Test func aFirstDeployAndAChangeInPlaceDisturbNobody() throws {
        #expect(disruptions(try Deployment(isDeployed: false)) == [])
        var deployment = try Deployment()
        deployment.web.restart = RestartPolicy(name: "always")
        #expect(deployment.plan.steps.map(\.rung) == [.updateInPlace])
        #expect(disruptions(deployment) == [])
    }

    @Test func aRecreateIsDownFromTheStopOfTheOldToTheStartOfTheNew() throws {
        var deployment = try Deployment()
        deployment.web.environment["MODE"] = "fast"
        #expect(
            disruptions(deployment) == ["p1_web is down for about 2 s (11 s if a stop signal is ignored)"])
        let noted = deployment.plan.steps.first { $0.disruption != nil }
        #expect(noted?.action.name == "container.stop")
        #expect(noted?.disruption?.expected == 1500)
        #expect(noted?.disruption?.worst == 10_500)
    }

    @Test func theStopTimeoutIsThatOfTheRunningContainer() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.web.stopTimeout = 60
        try deployment.apply()
        deployment.web.stopTimeout = 2
        #expect(
            disruptions(deployment) == ["p1_web is down for about 2 s (61 s if a stop signal is ignored)"])
    }

    @Test func aProcessThatIsKilledCannotIgnoreItsStopSignal() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.web.stopSignal = "SIGKILL"
        try deployment.apply()
        deployment.web.environment["MODE"] = "fast"
        #expect(disruptions(deployment) == ["p1_web is down for less than 1 s"])
    }

    @Test func aRestartIsAnOutageAndAReloadIsNone() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].files[1].content = Array("mode=2\n".utf8)
        #expect(
            disruptions(deployment) == ["p1_web is down for about 2 s (11 s if a stop signal is ignored)"])
        deployment = try Deployment()
        deployment.desired.parties[0].files[0].content = Array("{\"a\":1}\n".utf8)
        #expect(disruptions(deployment) == ["/data/1/confs/route.json takes effect within 60 s"])
        #expect(deployment.plan.steps[0].disruption?.isNoticed == false)
    }

    @Test func anotherAddressIsAMomentOffTheNetwork() throws {
        var deployment = try Deployment()
        deployment.web.networks["net1"]?.ipv4Address = "10.0.1.9"
        #expect(disruptions(deployment) == ["p1_web is off network net1 for less than 1 s"])
    }

    @Test func aNetworkThatChangesDisturbsAllItsMembersUntilTheyAreBack() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.desired.parties[0].networks[0].isInternal = true
        #expect(
            disruptions(deployment) == [
                "p1_db is off network net1 for less than 1 s", "p1_web is off network net1 for less than 1 s",
            ])
        // Disconnect, disconnect of the other, remove, create and connect, of which the disconnects overlap.
        #expect(deployment.plan.steps.compactMap(\.disruption?.expected) == [400, 400])
    }

    @Test func aNetworkThatIsNotDesiredAnyMoreIsLeft() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.web.networks["bridge"] = EndpointSpec()
        try deployment.apply()
        deployment.web.networks["bridge"] = nil
        #expect(disruptions(deployment) == ["p1_web leaves network bridge"])
    }

    @Test func aContainerThatGoesStopsForGoodAndOneThatStoodStillDisturbsNobody() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.desired.parties.removeLast()
        #expect(disruptions(deployment) == ["p2_db stops for good", "p2_web stops for good"])
        deployment = try Deployment()
        try deployment.byHand("p1_web") { $0.status = .exited }
        deployment.web.environment["MODE"] = "fast"
        #expect(disruptions(deployment) == [])
    }

    @Test func whoSharesANetworkIsDownAsLongAsBothAreReplaced() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.web.networks = [:]
        deployment.web.ports = []
        deployment.web.networkMode = "container:p1_db"
        try deployment.apply()
        deployment.db.environment["MODE"] = "fast"
        let found = deployment.plan.steps.compactMap(\.disruption)
        #expect(found.map(\.object) == ["p1_db", "p1_web"])
        #expect(found.map(\.effect) == [.down, .down])
        let (db, web) = (found[0].expected ?? 0, found[1].expected ?? 0)
        #expect(db == 1500)
        // Its own create, stop and start come after those of the other one.
        #expect(web > 3000 && web < 4000)
    }

    @Test func anOutageContainsWhatTheStartHasToWaitFor() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.db.ports = [PortBinding(containerPort: 3306, hostPort: 9001)]
        try deployment.apply()
        let ports = deployment.web.ports
        deployment.web.ports = deployment.db.ports
        deployment.db.ports = ports
        let found = deployment.plan.steps.compactMap(\.disruption)
        #expect(found.count == 2)
        // Both stops run at the same time, but the start of one waits for the stop of the other.
        #expect(found.allSatisfy { ($0.expected ?? 0) >= 1500 && ($0.worst ?? 0) >= 10_500 })
    }
}
