import DesiredState
import EngineModel
import Planning
import Testing

/// Objects without labels that are taken over: what is recognised, what is refused, and what counts as a difference.
struct AdoptionTests {
    @Test func everythingOfAPartyIsRecognisedByNameAndAPlanAfterItIsEmpty() throws {
        let deployment = try handMade()
        #expect(deployment.plan.warnings.map(\.object) == ["net1", "p1_db", "p1_web"])
        let adoption = deployment.adoption
        #expect(adoption.refusals == [])
        #expect(adoption.objects.map(\.name) == ["p1_db", "p1_web", "net1", "vol1"])
        #expect(adoption.objects.map(\.standsFor) == ["db", "web", "net1", "vol1"])
        let adopted = try #require(adoption.adopted["1"])
        let (db, web) = (try deployment.id(of: "p1_db"), try deployment.id(of: "p1_web"))
        #expect(adopted.containers == [db: "db", web: "web"])
        let network = try #require(deployment.host.network(named: "net1")?.id)
        #expect(adopted.networks == [network: "net1"])
        #expect(adopted.volumes == ["vol1"])
        let plan = deployment.planAfterAdoption()
        #expect(plan.description == "")
        #expect(plan.warnings == [])
    }

    @Test func whatIsOursAlreadyIsNotAdoptedAgain() throws {
        #expect(try Deployment().adoption.isEmpty)
        let deployment = try handMade()
        let claimed = deployment.host.live.claiming(deployment.adoption.adopted, host: "demo")
        #expect(Adoption.find(in: claimed, for: deployment.desired.parties, host: "demo").isEmpty)
    }

    @Test func labelsThatAnAdoptedObjectLacksAreNoDifference() throws {
        var deployment = try handMade()
        try deployment.byHand("p1_db") { $0.spec.labels = ["com.docker.compose.version": "1.29.2"] }
        deployment.web.labels["tier"] = "gold"
        deployment.db.labels["tier"] = "gold"
        deployment.desired.parties[0].networks[0].labels["tier"] = "gold"
        deployment.desired.parties[0].volumes[0].labels["tier"] = "gold"
        let plan = deployment.planAfterAdoption()
        #expect(plan.description == "")
        #expect(plan.warnings == [])
    }

    @Test func aChangeRecreatesOneContainerWhichThenHasLabelsAndEndsTheAdoptionOfTheOld() throws {
        var deployment = try handMade()
        var adopted = deployment.adoption.adopted
        let (db, web) = (try deployment.id(of: "p1_db"), try deployment.id(of: "p1_web"))
        deployment.web.environment["MODE"] = "fast"
        let plan = deployment.planAfterAdoption()
        let recreate = Deployment.recreate(of: "p1_web", because: "environment.MODE image -> fast")
        #expect(plan.description == recreate)
        try deployment.host.apply(plan)
        adopted["1"]?.keepOnly(in: deployment.host.live)
        #expect(adopted["1"]?.containers == [db: "db"])
        #expect(try deployment.id(of: "p1_web") != web)
        #expect(deployment.host.container(named: "p1_web")?.spec.labels[Labels.host] == "demo")
        let live = deployment.host.live.claiming(adopted, host: "demo")
        #expect(Planner.plan(from: live, to: deployment.desired).isEmpty)
    }

    @Test func anAdoptedNetworkThatDiffersIsMadeAnewAndItsContainersStay() throws {
        var deployment = try handMade()
        deployment.desired.parties[0].networks[0].attachable = true
        #expect(deployment.plan.warnings.map(\.object) == ["net1", "p1_db", "p1_web"])
        let before = Set(deployment.host.live.containers.keys)
        let plan = deployment.planAfterAdoption()
        #expect(
            plan.description == """
                1 network.disconnect p1_db: network net1 changes
                1 network.disconnect p1_web: network net1 changes
                1 network.remove net1: changed; attachable false -> true
                1 network.create net1: changed; attachable false -> true
                1 network.connect p1_db: changed; networks.net1 - -> [db]
                1 network.connect p1_web: changed; networks.net1 - -> 10.0.1.5 [web]
                """)
        try deployment.host.apply(plan)
        #expect(Set(deployment.host.live.containers.keys) == before)
    }

    @Test func anAdoptedPartyIsRemovedLikeAnyOtherButForItsVolumes() throws {
        var deployment = try handMade(parties: ["1", "2", "3"])
        let adopted = deployment.adoption.adopted
        deployment.desired.parties.removeLast()
        let plan = Planner.plan(
            from: deployment.host.live.claiming(adopted, host: "demo"), to: deployment.desired)
        #expect(
            plan.description == """
                3 container.stop p3_db: not desired
                3 container.remove p3_db: not desired
                3 container.stop p3_web: not desired
                3 container.remove p3_web: not desired
                3 network.remove net3: not desired
                """)
        try deployment.host.apply(plan)
        #expect(deployment.host.live.volumes["vol3"] != nil)
        deployment.desired.parties = []
        let last = Planner.plan(
            from: deployment.host.live.claiming(adopted, host: "demo"), to: deployment.desired)
        #expect(last.held == "it would remove the last party of this host (1, 2)")
    }

    @Test(arguments: ["p1_web_1", "p1-web-1"])
    func aContainerThatComposeNamedIsRenamedAndDisturbedByNothing(_ name: String) throws {
        var deployment = try handMade()
        try deployment.byHand("p1_web") { $0.spec.name = name }
        deployment.web.labels = [Labels.composeProject: "p1", Labels.composeService: "web"]
        try deployment.byHand(name) { $0.spec.networks["net1"]?.aliases.insert(name) }
        #expect(deployment.adoption.objects.first { $0.standsFor == "web" }?.name == name)
        let plan = deployment.planAfterAdoption()
        #expect(
            plan.description
                == "1 container.rename p1_web: changed; container_name \(name) -> p1_web")
        #expect(plan.steps.compactMap(\.disruption) == [])
        let adopted = deployment.adoption.adopted
        try deployment.host.apply(plan)
        let live = deployment.host.live.claiming(adopted, host: "demo")
        #expect(Planner.plan(from: live, to: deployment.desired).isEmpty)
    }

    @Test func aRecreateOfAMisnamedContainerNeedsNoRenameOfItsOwn() throws {
        var deployment = try handMade()
        try deployment.byHand("p1_web") { $0.spec.name = "p1_web_1" }
        deployment.web.environment["MODE"] = "fast"
        let plan = deployment.planAfterAdoption()
        let recreate = Deployment.recreate(of: "p1_web", because: "environment.MODE image -> fast")
        #expect(plan.description == recreate)
        try deployment.host.apply(plan)
        #expect(deployment.host.live.containers.count == 2)
        #expect(deployment.host.container(named: "p1_web_1") == nil)
    }

    @Test func composesLabelsAreEvidenceButNotThoseOfAOneOffContainer() throws {
        var deployment = try handMade()
        try deployment.byHand("p1_web") {
            $0.spec.name = "anything"
            $0.spec.labels = [Labels.composeProject: "p1", Labels.composeService: "web"]
        }
        let object = try #require(deployment.adoption.objects.first { $0.standsFor == "web" })
        #expect(object.evidence == "the labels of Compose project p1 and its image")
        try deployment.byHand("anything") { $0.spec.labels[Labels.composeOneOff] = "True" }
        #expect(!deployment.adoption.objects.contains { $0.standsFor == "web" })
        #expect(deployment.adoption.refusals == [])
    }

    @Test func anotherContainerNameIsARenameForLabelledContainersToo() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.web.labels[Labels.service] = "web"
        try deployment.apply()
        deployment.web.name = "site"
        #expect(
            deployment.plan.description
                == "1 container.rename site: changed; container_name p1_web -> site")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func twoContainersForOneServiceAreBothRefused() throws {
        var deployment = try handMade()
        var second = try #require(deployment.host.container(named: "p1_web"))
        second.id = String(repeating: "e", count: 64)
        second.spec.name = "p1_web_1"
        deployment.host.live.containers[second.id] = second
        #expect(deployment.adoption.refusals.map(\.name) == ["p1_web", "p1_web_1"])
        #expect(deployment.adoption.objects.map(\.standsFor) == ["db", "net1", "vol1"])
    }

    @Test func aContainerThatFitsTwoServicesIsRefused() throws {
        var deployment = try handMade()
        try deployment.byHand("p1_web") {
            $0.spec.labels = [Labels.composeProject: "p1", Labels.composeService: "db"]
        }
        let db = try deployment.id(of: "p1_db")
        deployment.host.live.containers[db] = nil
        #expect(
            deployment.adoption.refusals.map(\.reason)
                == Array(
                    repeating: "it fits the services db and web", count: 2))
    }

    @Test func anotherProgramUnderTheNameIsRefusedAndAnotherTagIsNot() throws {
        var deployment = try handMade()
        try deployment.byHand("p1_web") {
            $0.spec.image = "registry.example:5000/mirror/app:0.9@sha256:ab"
            $0.imageID = "sha256:other"
        }
        #expect(deployment.adoption.refusals == [])
        try deployment.byHand("p1_web") { $0.spec.image = "nginx:1" }
        #expect(
            deployment.adoption.refusals.map(\.reason)
                == ["it runs image nginx:1 and service web desires app:1"])
    }

    @Test func whatAnotherFatesyncOrAnotherPartyOwnsIsRefused() throws {
        var deployment = try handMade()
        try deployment.byHand("p1_web") { $0.spec.labels = [Labels.host: "elsewhere", Labels.party: "1"] }
        try deployment.byHand("p1_db") { $0.spec.labels = [Labels.host: "demo", Labels.party: "7"] }
        let network = try #require(deployment.host.network(named: "net1")?.id)
        deployment.host.live.networks[network]?.spec.labels = [Labels.host: "elsewhere"]
        deployment.host.live.volumes["vol1"]?.spec.labels = [Labels.host: "elsewhere"]
        let elsewhere = "it belongs to fatesync on host elsewhere"
        #expect(deployment.adoption.objects == [])
        #expect(
            deployment.adoption.refusals.map(\.reason)
                == ["it belongs to party 7", elsewhere, elsewhere, elsewhere])
    }

    /// A party that runs as desired, without a single label.
    private func handMade(parties: [String] = ["1"]) throws -> Deployment {
        var deployment = try Deployment(parties: parties)
        for id in deployment.host.live.containers.keys {
            deployment.host.live.containers[id]?.spec.labels = [:]
        }
        for id in deployment.host.live.networks.keys { deployment.host.live.networks[id]?.spec.labels = [:] }
        for name in deployment.host.live.volumes.keys {
            deployment.host.live.volumes[name]?.spec.labels = [:]
        }
        return deployment
    }
}

extension Deployment {
    fileprivate var adoption: Adoption { Adoption.find(in: host.live, for: desired.parties, host: "demo") }

    fileprivate func planAfterAdoption() -> Plan {
        Planner.plan(from: host.live.claiming(adoption.adopted, host: "demo"), to: desired)
    }
}
