import Testing

@testable import DesiredState

@Suite struct ImportLiveTests {
    /// What an engine would show of the parties of the example.
    private func live(
        only party: String? = nil, _ change: (inout PartyResources) -> Void = { _ in }
    ) throws -> LiveDeployment {
        var parties = try Example().decode().parties.filter { party == nil || $0.party == party }
        var live = LiveDeployment(containers: [], networks: [], volumes: [])
        for index in parties.indices {
            change(&parties[index])
            for (number, service) in parties[index].services.enumerated() {
                var spec = service.container
                spec.labels = [:]
                let id = parties[index].party + String(repeating: "\(number)", count: 59)
                live.containers.append(.init(id: id, spec: spec, image: nil))
            }
            live.networks += parties[index].networks.map { unlabelled($0) }
            live.volumes += parties[index].volumes
            let confs = "/srv/fate/confs-\(parties[index].party)/confs"
            live.confs[confs] = Dictionary(
                uniqueKeysWithValues: parties[index].files.map { ($0.name, $0.content) })
        }
        return live
    }

    private func unlabelled(_ network: NetworkSpec) -> NetworkSpec {
        var network = network
        network.labels = [:]
        return network
    }

    @Test func `what runs is what the state describes`() throws {
        let live = try live()
        let state = try ImportedState.reading(live, hosts: ImportHosts(common: "demo", machine: "x"))
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        #expect(state.lines(.changed) == [])
        #expect(state.dataDirectory == "/srv/fate")
        #expect(state.parties.map(\.id) == ["8888", "9999", "10000"])
        #expect(Set(state.parties.compactMap(\.blueprint)) == ["imported"])
        let decoded = state.decode()
        #expect(decoded.diagnostics.filter { $0.severity == .error } == [])
        for party in decoded.parties {
            let old = try Example().decode().party(party.party)
            #expect(party.networks.map(\.pools) == old.networks.map(\.pools))
            #expect(Set(party.volumes.map(\.name)) == Set(old.volumes.map(\.name)))
            #expect(Set(party.services.map(\.name)) == Set(old.services.map(\.name)))
            for service in old.services {
                var (new, old) = (try party.service(service.name), service.container)
                new.labels = [:]
                old.labels = [:]
                // A published port is exposed whether it is said or not.
                new.exposedPorts.formUnion(new.ports.map { "\($0.containerPort)/\($0.proto)" })
                old.exposedPorts.formUnion(old.ports.map { "\($0.containerPort)/\($0.proto)" })
                #expect(new == old, "\(service.name)")
            }
            for file in party.files where file.name != "eggroll/conf/route_table.json" {
                #expect(try file.difference(from: old.file(file.name).content) == .none, "\(file.name)")
            }
        }
    }

    @Test func `every limit of a container is written`() throws {
        var wanted: ContainerSpec?
        let live = try live(only: "10000") { party in
            guard let index = party.services.firstIndex(where: { $0.name == "client" }) else { return }
            var spec = party.services[index].container
            spec.entrypoint = ["/tini", "--"]
            spec.environment["MONEY"] = "$5 and ${X}"
            spec.memory = 64 << 20
            spec.memorySwap = 100 << 20
            spec.nanoCPUs = 1_500_000_000
            spec.pidsLimit = 100
            spec.shmSize = 128 << 20
            spec.ulimits = [Ulimit(name: "nofile", soft: 1024, hard: 2048)]
            spec.capAdd = ["SYS_PTRACE"]
            spec.securityOptions = ["no-new-privileges"]
            spec.devices = [DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/x", permissions: "r")]
            spec.deviceRequests = [
                DeviceRequest(driver: "nvidia", count: 1, deviceIDs: [], capabilities: [["gpu"]])
            ]
            spec.tmpfs = ["/run": "size=64m"]
            spec.readOnly = true
            spec.usesInit = true
            spec.sysctls = ["net.core.somaxconn": "1024"]
            spec.logging = LogConfig(driver: "json-file", options: ["max-size": "10m"])
            spec.extraHosts = ["peer:10.0.0.9"]
            spec.stopTimeout = 60
            spec.stopSignal = "SIGINT"
            spec.user = "1000"
            spec.hostname = "notebook"
            spec.healthcheck = Healthcheck(
                test: ["CMD", "true"], interval: 90_000_000_000, timeout: 500_000_000, startPeriod: 0,
                retries: 3)
            spec.ports.insert(
                PortBinding(containerPort: 53, proto: "udp", hostAddress: "127.0.0.1", hostPort: 5001))
            party.services[index].container = spec
            wanted = spec
        }
        let state = try ImportedState.reading(live, hosts: ImportHosts(common: "demo", machine: "x"))
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        let compose = try state.text("blueprints/imported/compose.yaml")
        #expect(compose.contains("$$5 and $${X}"))
        var mistakes: [Diagnostic] = []
        let root = try #require(
            YAMLNode.parse(Array(compose.utf8), file: "compose.yaml", into: &mistakes))
        let values = Variables([
            "PARTY_ID": .integer(10000), "BASE_DIR": .string("/srv/fate"),
            "SUBNET": .string("192.168.136.0/24"),
            "FLOW_IP": .string("192.168.136.100"), "SERVING_HOST": .string("127.0.0.1"),
        ])
        let filled = root.substituting(values, into: &mistakes)
        let project = ComposeProject.decode(filled, defaultName: "x", into: &mistakes)
        var new = try #require(project?.services.first { $0.spec.name == "client" }?.spec.container)
        var old = try #require(wanted)
        (new.labels, old.labels) = ([:], [:])
        // Their variables are not filled in here.
        (new.ports, old.ports) = ([], [])
        (new.exposedPorts, old.exposedPorts) = ([], [])
        #expect(new == old)
    }

    @Test func `containers without a directory of config files are no party`() throws {
        var spec = ContainerSpec(name: "web", image: "nginx")
        spec.networks = ["bridge": EndpointSpec()]
        let live = LiveDeployment(
            containers: [.init(id: "a", spec: spec, image: nil)], networks: [], volumes: [])
        #expect(throws: ImportError.self) {
            try ImportedState.reading(live, hosts: ImportHosts(machine: "x"))
        }
    }
}
