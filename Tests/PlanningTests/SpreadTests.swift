import DesiredState
import EngineModel
import Planning
import Testing

/// Parties over several hosts: overlays of a Swarm, services that move, nodes with data.
struct SpreadTests {
    /// The deployment with its network as an overlay that this host makes.
    private func overlay(_ role: SwarmRole) throws -> Deployment {
        var deployment = try Deployment(isDeployed: false)
        deployment.desired.parties[0].networks[0].driver = "overlay"
        deployment.desired.parties[0].networks[0].attachable = true
        deployment.host.live.swarm = role
        return deployment
    }

    /// The same on a worker, where the network that another host makes is shown only while a container uses it.
    private func worker() throws -> Deployment {
        var deployment = try overlay(.manager)
        try deployment.apply()
        deployment.desired.parties[0].joinedNetworks = deployment.desired.parties[0].networks
        deployment.desired.parties[0].networks = []
        deployment.host.live.swarm = .worker
        for id in deployment.host.live.networks.keys {
            deployment.host.live.networks[id]?.spec.labels[Labels.host] = "a"
        }
        return deployment
    }

    @Test func onlyAManagerMakesAnOverlay() throws {
        let manager = try overlay(.manager).plan
        #expect(manager.refusals.isEmpty)
        #expect(manager.description.contains("1 network.create net1: missing"))
        let text = "network net1 is an overlay, which only a manager of a Docker Swarm can make, and "
        #expect(
            try overlay(.worker).plan.refusals == [
                "1": [text + "this host is a worker of one: run `docker node promote` for it on a manager"]
            ])
        #expect(
            try overlay(.inactive).plan.refusals == [
                "1": [
                    text
                        + "this host is not part of one: run `docker swarm init` here, or join an existing Swarm as a "
                        + "manager"
                ]
            ])
    }

    @Test func aWorkerJoinsAnOverlayThatItDoesNotSee() throws {
        var deployment = try worker()
        #expect(deployment.plan.isEmpty)
        for name in ["p1_web", "p1_db"] { try deployment.byHand(name) { $0.status = .exited } }
        deployment.host.live.networks = [:]
        #expect(
            deployment.plan.description == """
                1 container.start p1_db: exited
                1 container.start p1_web: exited
                """)
        #expect(deployment.plan.refusals.isEmpty)
        // Somebody took it off, and nothing says whether the network is there.
        try deployment.byHand("p1_db") { container in
            container.spec.networks = [:]
            container.networkIDs = [:]
        }
        #expect(
            deployment.plan.description.contains(
                "1 network.connect p1_db: changed; networks.net1 - -> [db]"))
        deployment.host.live.swarm = .inactive
        #expect(
            deployment.plan.refusals == [
                "1": [
                    "network net1 is an overlay of a Docker Swarm, and this host is not part of one: run `docker swarm "
                        + "join-token worker` on the host that makes it, and here what that prints"
                ]
            ])
    }

    @Test func aNetworkOfTheHostThatHidesTheOverlayIsRefused() throws {
        var deployment = try worker()
        for id in deployment.host.live.networks.keys {
            deployment.host.live.networks[id]?.spec.driver = "bridge"
        }
        #expect(
            deployment.plan.refusals == [
                "1": [
                    "this host has a network net1 with driver bridge, which hides the overlay of that name; remove it "
                        + "(`docker network rm net1`)"
                ]
            ])
    }

    @Test func anOverlayDoesNotChangeUnderTheContainersOfOtherHosts() throws {
        var deployment = try overlay(.manager)
        try deployment.apply()
        deployment.desired.parties[0].networks[0].pools = [AddressPool(subnet: "10.0.0.0/16")]
        #expect(
            deployment.plan.refusals == [
                "1": [
                    "network net1 changes (ipam [10.0.1.0/24] -> [10.0.0.0/16]), and containers of other hosts may be on "
                        + "this overlay; give the network another name in the same commit, then each host moves its "
                        + "containers"
                ]
            ])
    }

    @Test func aFixedAddressOnAnOverlayIsComparedAndAChosenOneIsNot() throws {
        var deployment = try worker()
        for name in ["p1_web", "p1_db"] {
            try deployment.byHand(name) { container in
                container.spec.networks["net1"]?.ipv4Address = nil
                container.overlayAddresses["net1"] = name == "p1_web" ? "10.0.1.5" : "10.0.1.9"
            }
        }
        #expect(deployment.plan.isEmpty)
        try deployment.byHand("p1_web") { $0.overlayAddresses["net1"] = "10.0.1.8" }
        let change = "networks.net1 10.0.1.8 [web] -> 10.0.1.5 [web]"
        #expect(
            deployment.plan.description == """
                1 network.disconnect p1_web: changed; \(change)
                1 network.connect p1_web: changed; \(change)
                """)
    }

    @Test func aServiceThatMovesIsRemovedHereAndThePlanSaysWhereItIs() throws {
        var deployment = try Deployment()
        try deployment.byHand("p1_web") { $0.spec.labels[Labels.service] = "web" }
        deployment.desired.parties[0].services.removeFirst()
        deployment.desired.placements["1"] = Placement(home: "demo", services: ["web": "b", "db": "demo"])
        #expect(
            deployment.plan.description == """
                1 container.stop p1_web: it runs on host b now
                1 container.remove p1_web: it runs on host b now
                """)
        let id = try deployment.id(of: "p1_web")
        deployment.desired.busy = [id]
        #expect(deployment.plan.isEmpty)
        #expect(
            deployment.plan.postponed.map(\.description) == ["1 remove p1_web: it runs on host b now"])
        deployment.desired.busy = []
        deployment.desired.placements["1"]?.services["web"] = nil
        #expect(deployment.plan.description.contains("1 container.remove p1_web: not desired"))
    }

    @Test func aNodeWithDataIsNotRemovedWithoutConfirm() throws {
        var deployment = try Deployment()
        try deployment.byHand("p1_web") { $0.spec.labels[Labels.service] = "web" }
        deployment.desired.parties[0].services.removeFirst()
        deployment.desired.nodes["1"] = NodeData(directory: "/confs")
        #expect(deployment.plan.holds.isEmpty)
        deployment.host.live.filledDirectories = ["/data/1/confs"]
        let text =
            "it removes p1_web, a node with data in /data/1/confs, and no other node has what is in there: eggroll moves "
            + "no table; delete or export its tables"
        #expect(deployment.plan.holds == ["1": [text + " and then confirm"]])
        deployment.desired.placements["1"] = Placement(home: "demo", services: ["web": "b"])
        #expect(deployment.plan.holds == ["1": [text + ", or copy it to host b first, and then confirm"]])
        // What only Docker knows may hold data.
        deployment.desired.nodes["1"] = NodeData(directory: "/var/db")
        deployment.desired.parties[0].services = []
        #expect(
            deployment.plan.holds["1"]?.first?.contains("p1_db, a node with data in volume vol1") == true)
    }
}
