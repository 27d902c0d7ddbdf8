import DesiredState
import EngineModel
import Planning
import Testing

/// Who is restarted because of another service: only whom the blueprint names.
struct DependantTests {
    /// `web` depends on `db`, and restarts with it where the blueprint says so.
    private func deployment(restarts: Bool = true) throws -> Deployment {
        var deployment = try Deployment(isDeployed: false)
        deployment.desired.parties[0].services[0].restartsWith = restarts ? ["db"] : []
        deployment.desired.parties[0].files.append(
            Deployment.file("/data/1/confs/db.conf", "size=1\n", .restart(services: ["db"])))
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        return deployment
    }

    private func restarts(_ plan: Plan) -> [String] {
        plan.steps.filter { $0.action.name == "container.restart" }.map { "\($0.object): \($0.cause)" }
    }

    @Test func aDependantIsLeftAloneUnlessTheBlueprintSaysOtherwise() throws {
        var deployment = try deployment(restarts: false)
        deployment.db.environment["MODE"] = "fast"
        #expect(Set(deployment.plan.steps.map(\.object)) == ["p1_db"])
        deployment.desired.parties[0].files[2].content = Array("size=2\n".utf8)
        #expect(!deployment.plan.steps.contains { $0.object == "p1_web" })
    }

    @Test func aDependantRestartsWhenTheNewContainerHasProvedItself() throws {
        var deployment = try deployment()
        deployment.db.environment["MODE"] = "fast"
        let plan = deployment.plan
        #expect(restarts(plan) == ["p1_web: db is new"])
        let restart = try #require(plan.steps.first { $0.action.name == "container.restart" })
        #expect(restart.after.contains { plan.steps[$0].action.name == "container.await" })
        let web = try deployment.id(of: "p1_web")
        try deployment.apply()
        #expect(try deployment.id(of: "p1_web") == web)
        #expect(deployment.plan.isEmpty)
    }

    @Test func aDependantRestartsAfterTheOneThatRestartsForItsFile() throws {
        var deployment = try deployment()
        deployment.desired.parties[0].files[2].content = Array("size=2\n".utf8)
        #expect(restarts(deployment.plan) == ["p1_db: db.conf changed", "p1_web: db restarts"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    /// The power fails between the two.
    @Test func aDependantThatWasLeftBehindRestartsInTheNextPass() throws {
        var recreated = try deployment()
        recreated.db.environment["MODE"] = "fast"
        try recreated.apply(limit: recreated.plan.steps.count - 1)
        #expect(recreated.plan.description == "1 container.restart p1_web: db is new")
        var restarted = try deployment()
        restarted.desired.parties[0].files[2].content = Array("size=2\n".utf8)
        try restarted.apply(limit: 2)
        #expect(restarted.plan.description == "1 container.restart p1_web: db restarts")
    }

    @Test func stepsOfOnePartyWaitForNoneOfAnother() throws {
        let plan = try Deployment(isDeployed: false, parties: ["1", "2"]).plan
        for step in plan.steps {
            let others = step.after.filter { plan.steps[$0].party != step.party }
            // An image is pulled once, for whoever comes first.
            #expect(others.allSatisfy { plan.steps[$0].action.name == "image.pull" })
        }
    }

    @Test func servicesThatDoNotDependOnEachOtherStartTogether() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.desired.parties[0].services[0].dependsOn = []
        let plan = deployment.plan
        let starts = plan.steps.filter { $0.action.name == "container.start" }
        #expect(starts.count == 2)
        for start in starts {
            #expect(
                start.after.allSatisfy {
                    !["p1_web", "p1_db"].contains(plan.steps[$0].object)
                        || plan.steps[$0].object == start.object
                })
        }
    }

    /// `job` follows `web`, which follows `db`.
    @Test func whoFollowsAtSecondHandStartsAfterTheNewOne() throws {
        var deployment = try deployment()
        var job = ContainerSpec(name: "p1_job", image: "app:1")
        job.labels = deployment.web.labels
        job.networks = ["net1": EndpointSpec(aliases: ["job"])]
        deployment.desired.parties[0].services.append(
            ServiceSpec(name: "job", container: job, dependsOn: ["web"], restartsWith: ["web"]))
        deployment.db.environment["MODE"] = "fast"
        for seed in 0..<8 {
            var copy = deployment
            try copy.host.apply(copy.plan, random: SeededRandom(seed: UInt64(seed)))
            #expect(copy.plan.isEmpty, "seed \(seed): \(copy.plan)")
        }
    }

    @Test func aContainerThatTheEngineRestartsTakesNobodyAlong() throws {
        var deployment = try deployment()
        try deployment.byHand("p1_db") { $0.startedAt = ModelHost.timestamp(5000) }
        #expect(deployment.plan.isEmpty)
    }

    @Test func aDependantThatIsReplacedOrStartedAnywayIsNotRestarted() throws {
        var deployment = try deployment()
        deployment.db.environment["MODE"] = "fast"
        deployment.web.environment["MODE"] = "fast"
        #expect(restarts(deployment.plan) == [])
        deployment = try self.deployment()
        deployment.db.environment["MODE"] = "fast"
        try deployment.byHand("p1_web") { $0.status = .exited }
        #expect(restarts(deployment.plan) == [])
    }
}
