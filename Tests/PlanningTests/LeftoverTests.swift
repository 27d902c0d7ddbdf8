import DesiredState
import EngineModel
import Planning
import Testing

/// A recreate that lost power after each of its steps, and the plan of the next pass.
struct LeftoverTests {
    /// The steps of the interrupted recreate that were done, and what the next pass does.
    static let crashes: [(steps: Int, text: String)] = [
        (1, "1 container.remove p1_web.next: left by an interrupted recreate\n" + anew),
        (2, "1 container.remove p1_web.next: left by an interrupted recreate\n" + anew),
        (
            3,
            "1 container.remove p1_web.next: left by an interrupted recreate\n" + restore + anew
        ),
        (4, interrupted + restore + anew),
        (5, interrupted + restore + anewWithoutStop),
        (6, forward),
        (7, forward),
        (8, ""),
    ]
    static let anew = Deployment.recreate(of: "p1_web", because: "environment.MODE image -> fast")
    static let anewWithoutStop = anew.replacing("1 container.stop p1_web: changed\n", with: "")
    static let restore = "1 container.rename p1_web: an interrupted recreate left it as p1_web.old\n"
    static let interrupted =
        "1 container.remove p1_web: its start was interrupted; the old container comes back\n"
    static let forward = """
        1 container.await p1_web: its recreate was interrupted
        1 container.remove p1_web.old: replaced by a recreate that was interrupted
        """

    @Test(arguments: crashes)
    func anInterruptedRecreateIsResolved(steps: Int, text: String) throws {
        var deployment = try Deployment()
        deployment.web.environment["MODE"] = "fast"
        try deployment.apply(limit: steps)
        #expect(deployment.plan.description == text)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        #expect(deployment.host.live.containers.count == 2)
    }

    @Test(arguments: 1...7)
    func aCommitThatWasTakenBackMeanwhileLeavesOneContainer(steps: Int) throws {
        var deployment = try Deployment()
        let old = try deployment.id(of: "p1_web")
        deployment.web.environment["MODE"] = "fast"
        try deployment.apply(limit: steps)
        deployment.web.environment["MODE"] = nil
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        #expect(deployment.host.live.containers.count == 2)
        // Until the new container runs, the old one is there to come back.
        if steps < 6 { #expect(try deployment.id(of: "p1_web") == old) }
    }

    @Test(arguments: [LiveContainer.Status.exited, .restarting, .created, .dead, .paused])
    func anOldContainerComesBackWhenTheNewOneDoesNotRun(status: LiveContainer.Status) throws {
        var deployment = try Deployment()
        let old = try deployment.id(of: "p1_web")
        deployment.web.environment["MODE"] = "fast"
        try deployment.apply(limit: 6)
        try deployment.byHand("p1_web") { $0.status = status }
        deployment.web.environment["MODE"] = nil
        try deployment.apply()
        #expect(try deployment.id(of: "p1_web") == old)
        #expect(deployment.plan.isEmpty)
    }

    @Test func anUnhealthyNewContainerGivesWayToTheOldOne() throws {
        var deployment = try Deployment()
        let old = try deployment.id(of: "p1_web")
        deployment.web.environment["MODE"] = "fast"
        try deployment.apply(limit: 6)
        try deployment.byHand("p1_web") { $0.health = "unhealthy" }
        #expect(deployment.plan.recreates.map(\.oldID) == [old])
    }

    @Test func anOldContainerThatServedBeforeTheCrashStartsAgainAfterAFailure() throws {
        var deployment = try Deployment()
        deployment.web.environment["MODE"] = "fast"
        try deployment.apply(limit: 5)
        #expect(deployment.plan.recreates.map(\.oldWasRunning) == [true])
    }

    /// Every combination of what stands under the three names, each in every state.
    @Test func atMostOneContainerPerServiceIsLeftWhateverWasThere() throws {
        let statuses: [LiveContainer.Status?] = [
            nil, .created, .running, .exited, .paused, .restarting, .dead, .removing,
        ]
        for current in statuses {
            for next in statuses {
                for old in statuses {
                    var deployment = try Deployment()
                    let web = try #require(deployment.host.container(named: "p1_web"))
                    deployment.host.live.containers[web.id] = nil
                    for (name, status) in [("p1_web", current), ("p1_web.next", next), ("p1_web.old", old)] {
                        guard let status else { continue }
                        var copy = web
                        copy.id = deployment.host.makeID()
                        copy.spec.name = name
                        copy.spec.hostname = String(copy.id.prefix(12))
                        copy.spec.networks["net1"]?.aliases = ["web", String(copy.id.prefix(12))]
                        copy.status = status
                        deployment.host.live.containers[copy.id] = copy
                    }
                    try deployment.apply()
                    #expect(deployment.plan.isEmpty)
                    #expect(deployment.host.live.containers.count == 2)
                    let status = deployment.host.container(named: "p1_web")?.status
                    #expect(status == .running || status == .restarting)
                }
            }
        }
    }

    // MARK: Rollback

    /// The step of the recreate that fails, and what brings the old container back.
    static let failures: [(failing: Int, actions: [String])] = [
        (0, []),
        (1, ["container.remove"]),
        (2, ["container.remove"]),
        (3, ["container.remove", "container.rename"]),
        (4, ["container.remove", "container.rename", "container.start"]),
        (5, ["container.remove", "container.rename", "container.start"]),
        (6, ["container.remove", "container.rename", "container.start"]),
        (7, []),
    ]

    @Test(arguments: failures)
    func aFailedRecreateIsUndone(failing: Int, actions: [String]) throws {
        var deployment = try Deployment()
        deployment.web.environment["MODE"] = "fast"
        let plan = deployment.plan
        let steps = plan.rollback(
            ofRecreate: 0, done: Set(0..<failing), attempted: Set(0...failing), firstID: 8)
        #expect(steps.map(\.action.name) == actions)
        #expect(steps.map(\.id) == Array(8..<8 + steps.count))
    }
}
