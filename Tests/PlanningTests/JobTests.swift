import DesiredState
import EngineModel
import Planning
import Testing

/// What is left out of a plan while jobs run, and how patiently containers are stopped.
struct JobTests {
    /// A deployment whose web container is busy.
    private func busy() throws -> Deployment {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.desired.parties[0].jobs = JobGuard(service: "web", port: 80, api: .v1, guards: ["web"])
        for index in [0, 1] {
            let name = "p\(index + 1)_web"
            let id = try deployment.id(of: name)
            deployment.host.live.containers[id]?.spec.labels[Labels.service] = "web"
            deployment.desired.parties[index].services[0].container.labels[Labels.service] = "web"
        }
        return deployment
    }

    private func hold(_ deployment: inout Deployment) throws {
        deployment.desired.busy = [try deployment.id(of: "p1_web")]
    }

    @Test func onlyWhatStopsAGuardedContainerDisturbs() throws {
        var deployment = try busy()
        let id = try deployment.id(of: "p1_web")
        let guarded = deployment.host.live.guarded(of: deployment.desired.parties, host: "demo")
        #expect(guarded == ["1": [id]])
        func disturbed() -> [String: Set<String>] { deployment.plan.disturbances(of: guarded) }
        deployment.desired.parties[0].files[0].content = Array("{\"a\": 1}\n".utf8)
        deployment.db.environment["MODE"] = "fast"
        deployment.web.memory = 1 << 30
        #expect(!deployment.plan.isEmpty && disturbed() == [:])
        deployment.desired.parties[0].files[1].content = Array("mode=2\n".utf8)
        #expect(disturbed() == ["1": [id]])
        deployment.desired.parties[0].files[1].content = Array("mode=1\n".utf8)
        deployment.web.environment["MODE"] = "fast"
        #expect(disturbed() == ["1": [id]])
        try deployment.byHand("p1_web") { $0.status = .exited }
        #expect(deployment.host.live.guarded(of: deployment.desired.parties, host: "demo") == ["1": []])
    }

    @Test func aRecreateIsPutOffAndTheRestGoesOn() throws {
        var deployment = try busy()
        try hold(&deployment)
        deployment.web.environment["MODE"] = "fast"
        deployment.desired.parties[0].files[0].content = Array("{\"a\": 1}\n".utf8)
        deployment.desired.parties[1].services[0].container.environment["MODE"] = "fast"
        let plan = deployment.plan
        #expect(plan.steps.filter { $0.party == "1" }.map(\.object) == ["/data/1/confs/route.json"])
        #expect(plan.steps.contains { $0.party == "2" && $0.action.name == "container.create" })
        #expect(plan.postponed.map(\.description) == ["1 recreate p1_web: environment.MODE changed"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty && !deployment.plan.postponed.isEmpty)
        deployment.desired.busy = []
        #expect(deployment.plan.steps.contains { $0.object == "p1_web" && $0.rung == .recreate })
        #expect(deployment.plan.postponed.isEmpty)
    }

    @Test func aFileIsNotWrittenBeforeTheRestartThatItNeeds() throws {
        var deployment = try busy()
        try hold(&deployment)
        deployment.desired.parties[0].files[1].content = Array("mode=2\n".utf8)
        #expect(deployment.plan.isEmpty)
        #expect(
            deployment.plan.postponed.map(\.description) == [
                "1 file.write /data/1/confs/app.conf: content differs", "1 restart p1_web: app.conf changed",
            ])
        deployment.host.live.files["/data/1/confs/app.conf"] = nil
        #expect(deployment.plan.steps.map(\.action.name) == ["file.write"])
    }

    @Test func aNetworkOfABusyContainerStays() throws {
        var deployment = try busy()
        try hold(&deployment)
        deployment.desired.parties[0].networks[0].isInternal = true
        #expect(deployment.plan.isEmpty)
        #expect(deployment.plan.warnings.isEmpty)
        #expect(deployment.plan.postponed.map(\.description) == ["1 recreate network net1: internal changed"])
        deployment.web.networks = ["net1": EndpointSpec(aliases: ["web"], ipv4Address: "10.0.1.6")]
        #expect(
            deployment.plan.postponed.map(\.description).contains("1 reconnect p1_web: networks net1 changed")
        )
        #expect(deployment.plan.isEmpty)
    }

    @Test func aServiceIsStoppedWithItsOwnPatienceOrTheContainersIfThatIsLonger() throws {
        func patience(_ plan: Plan) -> [Int?] {
            plan.steps.compactMap { step -> Int?? in
                switch step.action {
                case .stopContainer(_, let timeout), .restartContainer(_, let timeout): .some(timeout)
                default: nil
                }
            }
        }
        var deployment = try Deployment()
        deployment.desired.parties[0].services[0].stopTimeout = 120
        #expect(deployment.plan.isEmpty)
        deployment.desired.parties[0].files[1].content = Array("mode=2\n".utf8)
        #expect(patience(deployment.plan) == [120])
        deployment.web.environment["MODE"] = "fast"
        #expect(patience(deployment.plan) == [120])
        try deployment.byHand("p1_web") { $0.spec.stopTimeout = 200 }
        #expect(patience(deployment.plan) == [200])
        deployment.desired.parties[0].services[0].stopTimeout = 5
        try deployment.byHand("p1_web") { $0.spec.stopTimeout = nil }
        #expect(patience(deployment.plan) == [10])
    }
}
