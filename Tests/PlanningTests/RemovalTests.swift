import DesiredState
import EngineModel
import Planning
import Testing

/// What goes when a party, a service or a network is not desired any more.
struct RemovalTests {
    @Test func aRemovedPartyLosesItsContainersAndNetworkAndKeepsItsVolumes() throws {
        var deployment = try Deployment(parties: ["1", "2", "3"])
        deployment.desired.parties.removeLast()
        #expect(
            deployment.plan.description == """
                3 container.stop p3_db: not desired
                3 container.remove p3_db: not desired
                3 container.stop p3_web: not desired
                3 container.remove p3_web: not desired
                3 network.remove net3: not desired
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        #expect(deployment.host.live.volumes["vol3"] != nil)
        #expect(deployment.host.live.files["/data/3/confs/app.conf"] != nil)
    }

    @Test func removingTheLastPartyIsHeld() throws {
        var deployment = try Deployment()
        deployment.desired.parties = []
        #expect(deployment.plan.held == "it would remove the last party of this host (1)")
        #expect(
            deployment.plan.description.hasSuffix("\nheld: it would remove the last party of this host (1)"))
    }

    @Test func removingMoreThanHalfOfTheContainersIsHeld() throws {
        var deployment = try Deployment(parties: ["1", "2", "3"])
        deployment.desired.parties.removeLast(2)
        #expect(
            deployment.plan.held
                == "it would remove 4 of this host's 6 containers, more than half")
        var half = try Deployment(parties: ["1", "2"])
        half.desired.parties.removeLast()
        #expect(half.plan.held == nil)
    }

    @Test func aFrozenPartyKeepsWhatItHas() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.web.environment["MODE"] = "fast"
        deployment.desired.frozen = ["1"]
        #expect(deployment.plan.isEmpty)
        deployment.desired.parties.removeFirst()
        #expect(deployment.plan.isEmpty)
        #expect(deployment.plan.held == nil)
    }

    @Test func anotherHostsContainersAreNotOurs() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        try deployment.byHand("p2_web") { $0.spec.labels[Labels.host] = "elsewhere" }
        deployment.desired.parties.removeLast()
        #expect(!deployment.plan.steps.contains { $0.object == "p2_web" })
    }
}
