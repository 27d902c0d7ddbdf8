import DesiredState
import Planning

extension RandomHost {
    /// Changes one field of one service of a party.
    mutating func mutateService(ofPartyAt index: Int) {
        let party = desired.parties[index]
        guard let service = party.services.indices.randomElement(using: &random) else { return }
        var spec = party.services[service].container
        change(&spec, of: party, number: service)
        desired.parties[index].services[service].container = spec
    }

    /// Changes one field of a container.
    mutating func change(_ spec: inout ContainerSpec, of party: PartyResources, number service: Int) {
        switch Int.random(in: place.process == nil ? 0..<5 : 1..<3, using: &random) {
        case 0: changeProcess(&spec)
        case 1: changeLimits(&spec)
        case 2: changeConnections(&spec, party: party, number: service)
        case 3: changeHost(&spec, party: party)
        default: changeSecurity(&spec)
        }
    }

    private mutating func changeProcess(_ spec: inout ContainerSpec) {
        switch Int.random(in: 0..<11, using: &random) {
        case 0: spec.image = random.pick(place.images.keys.sorted()) ?? spec.image
        case 1: spec.environment["MODE"] = random.pick([.some("own"), .some("other"), .some(nil)]) ?? nil
        case 2: spec.environment["EXTRA"] = random.oneIn(2) ? .some("1") : nil
        case 3: spec.labels["tier"] = random.oneIn(2) ? "front" : "back"
        case 4: spec.command = random.pick([nil, [], ["run"], ["a", "b"], ["a, b"]]) ?? nil
        case 5: spec.entrypoint = random.pick([nil, [], [""], ["/own"]]) ?? nil
        case 6: spec.user = random.pick([nil, "", "app", "root"]) ?? nil
        case 7: spec.workingDirectory = random.pick([nil, "/srv", "/srv/", "/tmp"]) ?? nil
        case 8: spec.stopSignal = random.pick([nil, "SIGINT", "SIGTERM"]) ?? nil
        case 9: spec.stopTimeout = random.pick([nil, 5]) ?? nil
        default:
            spec.healthcheck =
                random.pick([
                    nil, Healthcheck(test: ["NONE"], interval: 0, timeout: 0, startPeriod: 0, retries: 0),
                    Healthcheck(
                        test: ["CMD", "own"], interval: 9_000_000_000, timeout: 0, startPeriod: 0, retries: 1),
                ]) ?? nil
        }
        // Without the image's entrypoint its command does not count either, and then there is nothing to start.
        if spec.entrypoint == [""], spec.command?.isEmpty ?? true { spec.command = ["run"] }
    }

    private mutating func changeLimits(_ spec: inout ContainerSpec) {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            spec.restart =
                random.pick([
                    RestartPolicy(name: "no"), RestartPolicy(name: "always"),
                    RestartPolicy(name: "on-failure", maximumRetries: 3),
                ]) ?? spec.restart
        case 1, 2:
            spec.memory = random.pick([0, 1 << 27, 1 << 28]) ?? 0
            spec.memorySwap = spec.memory == 0 ? 0 : random.pick([0, -1, 1 << 29]) ?? 0
        case 3: spec.nanoCPUs = random.pick([0, 500_000_000, 1_000_000_000]) ?? 0
        case 4: spec.pidsLimit = random.pick([0, -1, 100, 200]) ?? 0
        default: spec.shmSize = random.pick([0, 67_108_864, 1 << 28]) ?? 0
        }
    }

    private mutating func changeConnections(
        _ spec: inout ContainerSpec, party: PartyResources, number: Int
    ) {
        let (main, extra) = (party.networks[0].name, party.networks[1].name)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: spec.networks[main]?.aliases = random.oneIn(2) ? ["x", "y"] : ["x"]
        case 1:
            // Never two services with one address, or the desired state would be invalid.
            let address = random.oneIn(4) ? nil : "\(party.subnetPrefix).1\(number)"
            let others = party.services.filter { $0.container.name != spec.name }
            let taken = others.contains { $0.container.networks[main]?.ipv4Address == address }
            if address == nil || !taken { spec.networks[main]?.ipv4Address = address }
        case 2:
            guard spec.networks[main] != nil else { return }
            spec.networks[extra] = spec.networks[extra] == nil ? EndpointSpec(aliases: ["e"]) : nil
        case 3:
            let own = place.firstPort + 1000 * (Int(party.party) ?? 0) + 10 * number
            let taken = party.services.filter { $0.container.name != spec.name }
                .flatMap { $0.container.ports.map(\.hostPort) }
            let port = random.pick([own, own + 1]) ?? own
            if spec.ports.isEmpty, !taken.contains(port), spec.networks[main] != nil {
                spec.ports = [PortBinding(containerPort: 80, hostPort: port)]
            } else {
                spec.ports = []
            }
        case 4: if !spec.sharesAnother { spec.exposedPorts.formSymmetricDifference(["9000/tcp"]) }
        default:
            let joins = spec.networks[main] == nil
            spec.networks = joins ? [main: EndpointSpec(aliases: ["back"])] : [:]
            // Joining the first service, never in a circle.
            let first = party.services[0].container
            let joinsFirst = number > 0 && first.networkMode?.hasPrefix("container:") != true
            let modes = ["host", "none", "bridge"] + (joinsFirst ? ["container:\(first.name)"] : [])
            spec.networkMode = joins ? nil : random.pick(modes)
            spec.ports = []
            spec.hostname = nil
            if spec.sharesAnother { (spec.exposedPorts, spec.extraHosts) = ([], []) }
        }
    }

    private mutating func changeHost(_ spec: inout ContainerSpec, party: PartyResources) {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: spec.mounts.formSymmetricDifference([Mount(.volume, from: party.volumes[0].name, to: "/vol")])
        case 1:
            spec.mounts.formSymmetricDifference([
                Mount(.bind, from: party.directories[0].path, to: "/all", readOnly: true)
            ])
        case 2: spec.tmpfs = random.oneIn(2) ? ["/scratch": "size=1m"] : [:]
        case 3: if !spec.sharesAnother { spec.extraHosts = random.oneIn(2) ? ["peer:10.0.0.1"] : [] }
        case 4: spec.logging = random.oneIn(2) ? LogConfig(driver: "local", options: ["max-size": "1m"]) : nil
        default:
            if spec.networkMode == nil, !spec.networks.isEmpty {
                spec.hostname = random.oneIn(2) ? "box" : nil
            }
        }
    }

    private mutating func changeSecurity(_ spec: inout ContainerSpec) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: spec.capAdd = random.pick([[], ["SYS_PTRACE"], ["CAP_SYS_PTRACE"], ["NET_ADMIN"]]) ?? []
        case 1: spec.capDrop = random.oneIn(2) ? ["ALL"] : []
        case 2: spec.securityOptions = random.oneIn(2) ? ["no-new-privileges"] : []
        case 3:
            spec.devices = random.oneIn(2) ? [DeviceMapping(hostPath: "/dev/x", containerPath: "/dev/x")] : []
        case 4:
            // Never two services with one GPU, or the desired state would be invalid.
            let others = desired.parties.flatMap(\.services).map(\.container).filter { $0.name != spec.name }
            let taken = others.flatMap(\.deviceRequests).flatMap(\.deviceIDs)
            let free = ["0", "1"].filter { !taken.contains($0) }
            spec.deviceRequests = random.oneIn(2) ? random.pick(free).map { [.gpu($0)] } ?? [] : []
        case 5: spec.readOnly.toggle()
        case 6: spec.usesInit = random.pick([nil, false, true]) ?? nil
        case 7: spec.sysctls = random.oneIn(2) ? ["net.core.somaxconn": "9"] : [:]
        case 8: spec.ulimits = random.oneIn(2) ? [Ulimit(name: "nofile", soft: 9, hard: 9)] : []
        default: spec.ipcMode = random.pick([nil, "host", "shareable", "private"]) ?? nil
        }
    }
}

extension DeviceRequest {
    fileprivate static func gpu(_ id: String) -> Self {
        Self(driver: "", count: 0, deviceIDs: [id], capabilities: [["gpu"]])
    }
}

extension ContainerSpec {
    /// Whether it has the network of another container.
    fileprivate var sharesAnother: Bool { networkMode?.hasPrefix("container:") == true }
}
