import DesiredState
import EngineModel
import Planning
import Testing

/// What is found out before anything is touched.
struct HostCheckTests {
    private static let clash = "the subnet 10.0.1.0/24 of network net1 overlaps"

    @Test func aSubnetOfAnotherNetworkRefusesTheParty() throws {
        var deployment = try Deployment(isDeployed: false)
        let pools = [AddressPool(subnet: "10.0.0.0/16")]
        deployment.host.live.networks["f"] = LiveNetwork(
            id: "f", spec: NetworkSpec(name: "bridge", pools: pools))
        #expect(
            deployment.plan.refusals == [
                "1": ["\(Self.clash) 10.0.0.0/16 of network bridge, which stays; choose another one"]
            ])
        deployment.host.live.networks["f"]?.spec.pools = [AddressPool(subnet: "10.1.0.0/16")]
        #expect(deployment.plan.refusals.isEmpty)
    }

    @Test func aNetworkThatGoesIsInNobodysWay() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.desired.parties[0].networks[0].pools = [AddressPool(subnet: "10.0.2.0/24")]
        deployment.desired.parties[1].networks[0].pools = [AddressPool(subnet: "10.0.1.0/24")]
        #expect(deployment.plan.refusals.isEmpty)
        deployment.desired.parties[1].networks[0].pools = [AddressPool(subnet: "10.0.2.0/24")]
        #expect(Set(deployment.plan.refusals.keys) == ["1"])
    }

    @Test func aRouteOfTheHostHoldsTheParty() throws {
        var deployment = try Deployment(isDeployed: false)
        deployment.host.live.routes = [HostRoute(subnet: "10.0.0.0/8", interface: "eth0")]
        #expect(
            deployment.plan.holds == [
                "1": [
                    "\(Self.clash) the host's route to 10.0.0.0/8 over eth0, whose other addresses could not be "
                        + "reached any more"
                ]
            ])
        #expect(deployment.plan.refusals.isEmpty)
        deployment.host.live.routes = [HostRoute(subnet: "192.168.0.0/16", interface: "eth0")]
        #expect(deployment.plan.holds.isEmpty)
    }

    @Test func theRouteToANetworkOfTheEngineIsThatNetworks() throws {
        var deployment = try Deployment()
        let id = try #require(deployment.host.live.networks.values.first { $0.spec.name == "net1" }).id
        deployment.host.live.routes = [HostRoute(subnet: "10.0.1.0/24", interface: "br-\(id.prefix(12))")]
        deployment.desired.parties[0].networks[0].isInternal = true
        #expect(!deployment.plan.isEmpty && deployment.plan.holds.isEmpty)
        deployment.host.live.routes[0].interface = "tun0"
        #expect(!deployment.plan.holds.isEmpty)
    }

    @Test func aPortThatSomebodyElseHoldsRefusesTheParty() throws {
        let wants = "host port 8001/tcp, which p1_web wants, is held by"
        var deployment = try Deployment(isDeployed: false)
        deployment.host.live.listeners = [
            HostListener(address: "0.0.0.0", port: 8001, proto: "tcp", process: "process 4711 (nginx)")
        ]
        #expect(deployment.plan.refusals == ["1": ["\(wants) process 4711 (nginx)"]])
        deployment.host.live.listeners[0].proto = "udp"
        #expect(deployment.plan.refusals.isEmpty)
        deployment.host.live.publishedPorts = [
            PublishedPort(
                hostAddress: "0.0.0.0", port: 8001, proto: "tcp", containerName: "other", containerID: "o")
        ]
        #expect(deployment.plan.refusals == ["1": ["\(wants) container other"]])
    }

    @Test func aPortThatAStandingContainerHasIsItsOwn() throws {
        var deployment = try Deployment()
        deployment.web.environment["MODE"] = "fast"
        deployment.host.live.listeners = [
            HostListener(address: "0.0.0.0", port: 8001, proto: "tcp", process: "process 1 (x)")
        ]
        #expect(!deployment.plan.isEmpty && deployment.plan.refusals.isEmpty)
    }

    @Test func anotherOwnerOfADirectoryIsAWarningAndNoStep() throws {
        var deployment = try Deployment()
        let path = "/data/1/confs"
        deployment.desired.parties[0].directories[0].owner = FileOwner(uid: 999, gid: 998)
        deployment.host.live.owners[path] = FileOwner(uid: 0, gid: 0)
        #expect(deployment.plan.isEmpty)
        #expect(
            deployment.plan.warnings == [
                PlanWarning(
                    party: "1", object: path,
                    message: "belongs to 0:0, not to 999:998; fatesync does not give data away, so run: "
                        + "chown -R 999:998 \(path)")
            ])
        deployment.host.live.owners[path] = FileOwner(uid: 999, gid: 998)
        #expect(deployment.plan.warnings.isEmpty)
    }

    /// A party whose database has a password that a client's file repeats.
    private func withDatabase() throws -> Deployment {
        var deployment = try Deployment(isDeployed: false)
        let folder = "/data/1/confs"
        var client = Deployment.file("\(folder)/client.yaml", "db:\n  passwd: old\n", .nothing)
        client.format = .yaml
        deployment.desired.parties[0].files += [
            client, Deployment.file("\(folder)/init.sql", "IDENTIFIED BY 'old'", .nothing),
        ]
        deployment.desired.parties[0].firstStart = [
            FirstStartValue(
                variable: "DB_PASSWORD", directory: "/data/1/db", script: "\(folder)/init.sql",
                file: "\(folder)/client.yaml", key: "db.passwd", instead: "ALTER USER 'a'@'%';")
        ]
        try deployment.apply()
        deployment.host.live.filledDirectories = ["/data/1/db"]
        return deployment
    }

    @Test func aValueOfTheFirstStartHoldsThePartyAndSaysTheSQL() throws {
        var deployment = try withDatabase()
        #expect(deployment.plan.isEmpty && deployment.plan.holds.isEmpty)
        deployment.desired.parties[0].files[2].content = Array("db:\n  passwd: new\n".utf8)
        // The script is as it was, so somebody has edited the client's file.
        #expect(!deployment.plan.isEmpty && deployment.plan.holds.isEmpty)
        deployment.desired.parties[0].files[3].content = Array("IDENTIFIED BY 'new'".utf8)
        #expect(
            deployment.plan.holds == [
                "1": [
                    "DB_PASSWORD changes, which counts only while /data/1/db is empty; do this first: "
                        + "ALTER USER 'a'@'%';"
                ]
            ])
        deployment.host.live.filledDirectories = []
        #expect(deployment.plan.holds.isEmpty)
    }

    @Test func anotherScriptAloneIsNoChangeOfTheValue() throws {
        var deployment = try withDatabase()
        deployment.desired.parties[0].files[3].content = Array("-- a remark\nIDENTIFIED BY 'old'".utf8)
        #expect(!deployment.plan.isEmpty && deployment.plan.holds.isEmpty)
    }
}
