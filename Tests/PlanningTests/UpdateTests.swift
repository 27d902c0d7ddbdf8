import DesiredState
import EngineModel
import Planning
import Testing

/// Which changes an update can make, and what happens to those that an engine does not take.
struct UpdateTests {
    private static let all = ResourceUpdate(
        restart: RestartPolicy(name: "always"), memory: 1 << 27, memorySwap: -1, nanoCPUs: 250_000_000,
        pidsLimit: 9)

    @Test func anUpdateIsTakenWhenEveryFieldOfItShows() throws {
        let deployment = try Deployment()
        let container = try #require(deployment.host.container(named: "p1_web"))
        // A field that is added to the update and not read back would be missing here.
        let fields = Mirror(reflecting: Self.all).children.count
        #expect(Self.all.untaken(in: container).count == fields)
        #expect(ResourceUpdate().untaken(in: container) == [])
        var host = deployment.host
        _ = try host.perform(.updateContainer(.id(container.id), Self.all))
        #expect(Self.all.untaken(in: try #require(host.container(named: "p1_web"))) == [])
    }

    @Test func zeroIsNeverTakenForALimitThatGoesAway() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.web.memory = 1 << 27
        deployment.web.nanoCPUs = 250_000_000
        try deployment.apply()
        let container = try #require(deployment.host.container(named: "p1_web"))
        let update = ResourceUpdate(memory: 0, memorySwap: 0, nanoCPUs: 0)
        _ = try deployment.host.perform(.updateContainer(.id(container.id), update))
        let same = try #require(deployment.host.container(named: "p1_web"))
        #expect(update.untaken(in: same).map(\.field) == ["mem_limit", "memswap_limit", "cpus"])
    }

    @Test func aContainerThatTakesNoUpdateIsRecreatedForThatAndForNothingElse() throws {
        var deployment = try Deployment()
        deployment.desired.withoutUpdate = [try deployment.id(of: "p1_web")]
        #expect(deployment.plan.isEmpty)
        deployment.web.pidsLimit = 9
        deployment.db.pidsLimit = 9
        #expect(
            deployment.plan.description == "1 container.update p1_db: changed; pids_limit 0 -> 9\n"
                + Deployment.recreate(of: "p1_web", because: "pids_limit 0 -> 9"))
    }
}
