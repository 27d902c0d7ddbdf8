import DesiredState

/// What is found out before anything is touched: names, addresses and ports that something else has.
extension Planner {
    /// Notes why a party's part must not run; called when all steps are planned.
    mutating func checkHost() {
        for party in parties { checkSwarm(for: party) }
        let removed = Set(
            builder.plan.steps.compactMap { step -> String? in
                if case .removeNetwork(let id) = step.action { id } else { nil }
            })
        for step in builder.plan.steps {
            switch step.action {
            case .createNetwork(let network): checkSubnet(of: network, party: step.party, removed: removed)
            case .createContainer(let spec, _): checkPorts(of: spec, party: step.party)
            default: break
            }
        }
    }

    /// The engine refuses a subnet that overlaps another network's; a route of the host it would cut off in silence.
    private mutating func checkSubnet(of network: NetworkSpec, party: String, removed: Set<String>) {
        let others = live.networks.values.filter { !removed.contains($0.id) && $0.spec.name != network.name }
        for other in others.sorted(by: { $0.spec.name < $1.spec.name }) {
            guard let pools = network.overlap(with: other.spec.pools.map(\.subnet)) else { continue }
            builder.refuse(
                party,
                "the subnet \(pools.own) of network \(network.name) overlaps \(pools.other) of network "
                    + "\(other.spec.name), which stays; choose another one")
        }
        let bridges = Set(live.networks.values.map(\.interface))
        for route in live.routes where !bridges.contains(route.interface) {
            guard let pools = network.overlap(with: [route.subnet]) else { continue }
            builder.hold(
                party,
                "the subnet \(pools.own) of network \(network.name) overlaps the host's route to "
                    + "\(route.subnet) over \(route.interface), whose other addresses could not be reached any more"
            )
        }
    }

    /// A port that somebody else holds would be noticed only by the start, when the old container is stopped.
    private mutating func checkPorts(of container: ContainerSpec, party: String) {
        for port in newPorts(of: container) {
            let text = "host port \(port.hostPort)/\(port.proto), which \(container.name) wants, is held by"
            if let holder = live.publishedPorts.first(where: { $0.binding.collides(with: port) }) {
                guard !isOurs(holder) else { continue }
                builder.refuse(party, "\(text) container \(holder.containerName)")
            } else if let holder = live.listeners.first(where: { $0.binding.collides(with: port) }) {
                builder.refuse(party, "\(text) \(holder.process)")
            }
        }
    }

    private func isOurs(_ port: PublishedPort) -> Bool {
        live.containers[port.containerID]?.spec.labels[Labels.host] == desired.host
    }

    /// Warns of a directory of data that belongs to somebody else; what is in it may too, so it is not changed.
    mutating func checkOwner(of directory: DirectorySpec, party: String) {
        guard let wanted = directory.owner, let owner = live.owners[directory.path], owner != wanted else {
            return
        }
        builder.warn(
            PlanWarning(
                party: party, object: directory.path,
                message:
                    "belongs to \(owner.uid):\(owner.gid), not to \(wanted.uid):\(wanted.gid); fatesync does "
                    + "not give data away, so run: chown -R \(wanted.uid):\(wanted.gid) \(directory.path)"))
    }

    /// Holds a party's part when a value changes that its program takes only while its data directory is empty.
    ///
    /// The files that were written last say which value the program has. Where they are as desired but for the
    /// client's, somebody has edited that one, and it is only put right.
    mutating func checkFirstStart(of party: PartyResources) {
        for value in party.firstStart where live.filledDirectories.contains(value.directory) {
            guard let script = party.files.first(where: { $0.path == value.script }),
                let client = party.files.first(where: { $0.path == value.file }),
                case .file(let scriptNow, _, _)? = live.files[value.script],
                case .file(let clientNow, _, _)? = live.files[value.file],
                script.difference(from: scriptNow) != .none,
                case .keys(let changes) = client.difference(from: clientNow),
                changes.contains(where: { $0.key == value.key })
            else { continue }
            builder.hold(
                party.party,
                "\(value.variable) changes, which counts only while \(value.directory) is empty; do this first: "
                    + value.instead)
        }
    }
}

extension NetworkSpec {
    /// The first two subnets that overlap.
    fileprivate func overlap(with others: [String]) -> (own: String, other: String)? {
        for pool in pools {
            if let other = others.first(where: { AddressPool(subnet: $0).overlaps(pool) }) {
                return (pool.subnet, other)
            }
        }
        return nil
    }
}

extension LiveNetwork {
    /// The bridge that the engine makes for the network.
    fileprivate var interface: String {
        if spec.name == "bridge" { return "docker0" }
        return spec.driverOptions["com.docker.network.bridge.name"] ?? "br-\(id.prefix(12))"
    }
}

extension PublishedPort {
    fileprivate var binding: PortBinding {
        PortBinding(containerPort: 0, proto: proto, hostAddress: hostAddress, hostPort: port)
    }
}

extension HostListener {
    fileprivate var binding: PortBinding {
        PortBinding(containerPort: 0, proto: proto, hostAddress: address, hostPort: port)
    }
}
