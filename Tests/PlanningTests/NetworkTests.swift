import DesiredState
import EngineModel
import Planning
import Testing

/// Networks of containers, and networks that change themselves.
struct NetworkTests {
    @Test func aliasAndAddressChangeByLeavingAndJoining() throws {
        var deployment = try Deployment()
        let id = try deployment.id(of: "p1_web")
        deployment.web.networks["net1"] = EndpointSpec(aliases: ["web", "www"], ipv4Address: "10.0.1.6")
        let change = "networks.net1 10.0.1.5 [web] -> 10.0.1.6 [web, www]"
        #expect(
            deployment.plan.description == """
                1 network.disconnect p1_web: changed; \(change)
                1 network.connect p1_web: changed; \(change)
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        #expect(try deployment.id(of: "p1_web") == id)
    }

    @Test func anExtraNetworkIsJoinedAndAStrangeOneLeft() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].networks.append(NetworkSpec(name: "side"))
        deployment.web.networks["side"] = EndpointSpec(aliases: ["web"])
        let web = try deployment.id(of: "p1_web")
        _ = try deployment.host.perform(.connectNetwork(.id(web), network: "bridge", EndpointSpec()))
        #expect(
            deployment.plan.description == """
                1 network.create side: missing
                1 network.disconnect p1_web: changed; networks.bridge [] -> -
                1 network.connect p1_web: changed; networks.side - -> [web]
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func anOldEngineJoinsFurtherNetworksBetweenCreateAndStart() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.desired.parties[0].networks.append(NetworkSpec(name: "side"))
        deployment.web.networks["side"] = EndpointSpec(aliases: ["web"])
        #expect(
            deployment.plan.description.hasSuffix(
                """
                1 container.create p1_web: missing
                1 network.connect p1_web: missing
                1 container.start p1_web: missing
                """))
        deployment.host.live.engine.apiVersion = "1.45"
        #expect(!deployment.plan.description.contains("network.connect"))
    }

    @Test func aSubnetChangeTakesEveryContainerOffAndBackAndRecreatesNone() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        let before = deployment.host.live.containers
        deployment.desired.parties[0].networks[0].pools = [AddressPool(subnet: "10.0.7.0/24")]
        deployment.web.networks["net1"]?.ipv4Address = "10.0.7.5"
        #expect(
            deployment.plan.description == """
                1 network.disconnect p1_db: network net1 changes
                1 network.disconnect p1_web: network net1 changes
                1 network.remove net1: changed; ipam [10.0.1.0/24] -> [10.0.7.0/24]
                1 network.create net1: changed; ipam [10.0.1.0/24] -> [10.0.7.0/24]
                1 network.connect p1_db: changed; networks.net1 - -> [db]
                1 network.connect p1_web: changed; networks.net1 10.0.1.5 [web] -> 10.0.7.5 [web]
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        #expect(Set(before.keys) == Set(deployment.host.live.containers.keys))
    }

    @Test func aContainerThatIsRecreatedMeanwhileComesUpOnTheNewNetwork() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].networks[0].attachable = true
        deployment.web.environment["MODE"] = "fast"
        for seed in 0..<20 {
            var copy = deployment
            try copy.host.apply(copy.plan, random: SeededRandom(seed: UInt64(seed)))
            #expect(copy.plan.isEmpty)
        }
    }

    @Test func aNetworkThatWasReplacedByHandIsJoinedAnewBeforeTheStart() throws {
        var deployment = try Deployment()
        for name in ["p1_web", "p1_db"] { try deployment.byHand(name) { $0.status = .exited } }
        let network = try #require(deployment.host.network(named: "net1"))
        _ = try deployment.host.perform(.removeNetwork(id: network.id))
        _ = try deployment.host.perform(.createNetwork(network.spec))
        let lost = "(of a removed network)"
        #expect(
            deployment.plan.description == """
                1 network.disconnect p1_db: changed; networks.net1 [db] \(lost) -> [db]
                1 network.connect p1_db: changed; networks.net1 [db] \(lost) -> [db]
                1 container.start p1_db: exited
                1 network.disconnect p1_web: changed; networks.net1 10.0.1.5 [web] \(lost) -> 10.0.1.5 [web]
                1 network.connect p1_web: changed; networks.net1 10.0.1.5 [web] \(lost) -> 10.0.1.5 [web]
                1 container.start p1_web: exited
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aContainerInARestartLoopIsStoppedBeforeItsNetworksChange() throws {
        var deployment = try Deployment()
        try deployment.byHand("p1_web") { $0.status = .restarting }
        #expect(deployment.plan.isEmpty)
        deployment.web.networks["net1"]?.aliases = ["www"]
        let change = "networks.net1 10.0.1.5 [web] -> 10.0.1.5 [www]"
        #expect(
            deployment.plan.description == """
                1 container.stop p1_web: it is in a restart loop, and its networks change
                1 network.disconnect p1_web: changed; \(change)
                1 network.connect p1_web: changed; \(change)
                1 container.start p1_web: restarting
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aNetworkOfSomebodyElseThatDiffersIsOnlyReported() throws {
        var deployment = try Deployment()
        let id = try #require(deployment.host.network(named: "net1")?.id)
        deployment.host.live.networks[id]?.spec.labels = [:]
        deployment.desired.parties[0].networks[0].isInternal = true
        #expect(deployment.plan.isEmpty)
        #expect(deployment.plan.warnings.map(\.object) == ["net1"])
    }

    @Test func anotherNameForTheSameSubnetFreesItFirst() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].networks[0].name = "new"
        deployment.web.networks = ["new": deployment.web.networks["net1"] ?? EndpointSpec()]
        deployment.db.networks = ["new": deployment.db.networks["net1"] ?? EndpointSpec()]
        #expect(
            deployment.plan.description == """
                1 network.disconnect p1_db: network net1 changes
                1 network.disconnect p1_web: network net1 changes
                1 network.remove net1: not desired
                1 network.create new: missing
                1 network.connect p1_db: changed; networks.new - -> [db]
                1 network.connect p1_web: changed; networks.new - -> 10.0.1.5 [web]
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test(arguments: [false, true])
    func servicesThatExchangeTheirPortsAndAddressesReleaseThemFirst(isReversed: Bool) throws {
        var deployment = try Deployment()
        deployment.db.ports = [PortBinding(containerPort: 5, hostPort: 9000)]
        deployment.db.networks["net1"]?.ipv4Address = "10.0.1.4"
        try deployment.apply()
        if isReversed {
            deployment.desired.parties[0].services[0].dependsOn = []
            deployment.desired.parties[0].services[1].dependsOn = ["web"]
        }
        deployment.db.ports = [PortBinding(containerPort: 5, hostPort: 8001)]
        deployment.web.ports = [PortBinding(containerPort: 80, hostPort: 9000)]
        deployment.db.networks["net1"]?.ipv4Address = "10.0.1.5"
        deployment.web.networks["net1"]?.ipv4Address = "10.0.1.4"
        for seed in 0..<20 {
            var copy = deployment
            try copy.host.apply(copy.plan, random: SeededRandom(seed: UInt64(seed)))
            #expect(copy.plan.isEmpty)
        }
    }

    @Test func aRenamedServiceStartsAfterTheOldNameHasReleasedItsPort() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.web.name = "p1_site"
        let plan = deployment.plan
        let stop = try #require(plan.steps.first { $0.action.name == "container.stop" })
        let start = try #require(plan.steps.first { $0.action.name == "container.start" })
        #expect(start.after.contains(stop.id))
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aContainerThatSharesANetworkNamespaceFollowsTheOneThatIsMadeAnew() throws {
        var deployment = try Deployment()
        deployment.db.networks = [:]
        deployment.db.networkMode = "container:p1_web"
        deployment.desired.parties[0].services[0].dependsOn = []
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        deployment.web.environment["MODE"] = "fast"
        #expect(deployment.plan.recreates.map(\.name) == ["p1_web", "p1_db"])
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test(arguments: ["host", "none", "bridge", nil])
    func aNetworkModeOfTheEngineIsCompared(mode: String?) throws {
        var deployment = try Deployment()
        deployment.web.networks = [:]
        deployment.web.ports = []
        deployment.web.networkMode = mode
        #expect(!deployment.plan.isEmpty)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }
}
