import DesiredState
import EngineModel
import Planning

/// One party of two services that is deployed and in sync; tests change one side and look at the plan.
struct Deployment {
    var host: ModelHost
    var desired: DesiredHost

    /// - Parameter isDeployed: Whether the plan was carried out on the host already.
    init(isDeployed: Bool = true, apiVersion: String = "1.41", parties: [String] = ["1"]) throws {
        host = ModelHost(apiVersion: apiVersion)
        host.registry = RandomHost.images
        desired = DesiredHost(host: "demo", parties: parties.map(Self.party))
        if isDeployed { try apply() }
    }

    static func party(_ id: String) -> PartyResources {
        let labels = [Labels.host: "demo", Labels.party: id]
        var db = ContainerSpec(name: "p\(id)_db", image: "db:8")
        db.mounts = [Mount(.volume, from: "vol\(id)", to: "/var/db")]
        db.networks = ["net\(id)": EndpointSpec(aliases: ["db"])]
        db.restart = RestartPolicy(name: "always")
        var web = ContainerSpec(name: "p\(id)_web", image: "app:1")
        web.environment = ["PASSWORD": "hush\(id)"]
        web.mounts = [Mount(.bind, from: "/data/\(id)/confs", to: "/confs")]
        web.networks = ["net\(id)": EndpointSpec(aliases: ["web"], ipv4Address: "10.0.\(id).5")]
        web.ports = [PortBinding(containerPort: 80, hostPort: 8000 + (Int(id) ?? 0))]
        db.labels = labels
        web.labels = labels
        var party = PartyResources(party: id, project: "p\(id)")
        party.networks = [
            NetworkSpec(name: "net\(id)", pools: [AddressPool(subnet: "10.0.\(id).0/24")], labels: labels)
        ]
        party.volumes = [VolumeSpec(name: "vol\(id)", labels: labels)]
        party.directories = [DirectorySpec(path: "/data/\(id)/confs")]
        party.files = [
            file("/data/\(id)/confs/route.json", "{}\n", .reload(withinSeconds: 60)),
            file("/data/\(id)/confs/app.conf", "mode=1\n", .restart(services: ["web"])),
        ]
        party.services = [
            ServiceSpec(name: "web", container: web, dependsOn: ["db"]),
            ServiceSpec(name: "db", container: db),
        ]
        party.secrets = ["hush\(id)"]
        return party
    }

    static func file(_ path: String, _ text: String, _ effect: ChangeEffect) -> FileSpec {
        FileSpec(
            path: path, name: String(path.split(separator: "/").last ?? ""), content: Array(text.utf8),
            onChange: effect)
    }

    var plan: Plan { Planner.plan(from: host.live, to: desired) }

    /// Carries out the plan.
    mutating func apply(limit: Int = .max) throws { try host.apply(plan, limit: limit) }

    var web: ContainerSpec {
        get { desired.parties[0].services[0].container }
        set { desired.parties[0].services[0].container = newValue }
    }

    var db: ContainerSpec {
        get { desired.parties[0].services[1].container }
        set { desired.parties[0].services[1].container = newValue }
    }

    /// Changes the live container of that name by hand.
    mutating func byHand(_ name: String, _ change: (inout LiveContainer) -> Void) throws {
        let id = try id(of: name)
        host.clock += 1
        if var container = host.live.containers[id] {
            change(&container)
            host.live.containers[id] = container
        }
    }

    func id(of name: String) throws(ModelHost.Refusal) -> String {
        guard let container = host.container(named: name) else {
            throw ModelHost.Refusal("no container \(name)")
        }
        return container.id
    }

    /// The recreate of the web container as a plan shows it.
    static func recreate(of name: String, because change: String) -> String {
        """
        1 container.create \(name): changed; \(change)
        1 container.check \(name): changed
        1 container.rename \(name): changed
        1 container.rename \(name): changed
        1 container.stop \(name): changed
        1 container.start \(name): changed
        1 container.await \(name): changed
        1 container.remove \(name): changed
        """
    }
}
