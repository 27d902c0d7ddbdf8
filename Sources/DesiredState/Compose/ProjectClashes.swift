/// Finds what two services, networks or volumes of one project cannot both have.
struct ProjectClashes {
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter host: The host that each service runs on: names and ports are taken there alone.
    init(_ project: ComposeProject, on host: (String) -> String) {
        let hosts = Dictionary(grouping: project.services) { host($0.spec.name) }
        for (_, services) in hosts.sorted(by: { $0.key < $1.key }) {
            checkNames("container", services.map { ($0.containerName.value, $0.containerName.location) })
            checkPorts(services)
        }
        checkNames("network", project.networks.map { ($0.spec.name, $0.location) })
        checkNames("volume", project.volumes.map { ($0.spec.name, $0.location) })
        checkSubnets(project.networks)
        checkAddresses(project.services)
    }

    private mutating func checkNames(_ what: String, _ names: [(name: String, place: SourceLocation)]) {
        var first: [String: SourceLocation] = [:]
        for (name, place) in names {
            if let other = first[name] {
                report(
                    "E-NAME-CLASH", at: place,
                    "the \(what) name \(name) is also used in \(other.mention(from: place))")
            } else {
                first[name] = place
            }
        }
    }

    private mutating func checkPorts(_ services: [ComposeService]) {
        var earlier: [Int: [(service: String, port: Located<PortBinding>)]] = [:]
        for service in services {
            for port in service.ports where port.value.hostPort != 0 {
                let number = port.value.hostPort
                if let other = earlier[number]?.first(where: { $0.port.value.clashes(with: port.value) }) {
                    let place = other.port.location.mention(from: port.location)
                    let message =
                        "host port \(number)/\(port.value.proto) is also published by service "
                        + "\(other.service.inQuotes) in \(place)"
                    report("E-PORT-CLASH", at: port.location, message)
                } else {
                    earlier[number, default: []].append((service.spec.name, port))
                }
            }
        }
    }

    private mutating func checkSubnets(_ networks: [ComposeNetwork]) {
        var earlier: [(network: String, subnet: Located<IPv4Block>)] = []
        for network in networks {
            for subnet in network.subnets {
                if let other = earlier.first(where: { $0.subnet.value.overlaps(subnet.value) }) {
                    let owner =
                        "\(other.subnet.value.text) of network \(other.network.inQuotes) "
                        + "in \(other.subnet.location.mention(from: subnet.location))"
                    report(
                        "E-OVERLAP", at: subnet.location, "the subnet \(subnet.value.text) overlaps \(owner)")
                }
                earlier.append((network.key, subnet))
            }
        }
    }

    private mutating func checkAddresses(_ services: [ComposeService]) {
        var first: [String: (service: String, place: SourceLocation)] = [:]
        for service in services {
            for address in service.addresses {
                let key = "\(address.network) \(address.address.value)"
                if let other = first[key] {
                    let place = other.place.mention(from: address.address.location)
                    let message =
                        "the address \(address.address.value) is also that of service "
                        + "\(other.service.inQuotes) in \(place)"
                    report("E-IP-CLASH", at: address.address.location, message)
                } else {
                    first[key] = (service.spec.name, address.address.location)
                }
            }
        }
    }

    private mutating func report(_ code: String, at place: SourceLocation, _ message: String) {
        diagnostics.append(Diagnostic(code: code, at: place, message))
    }
}

extension PortBinding {
    /// Whether the host cannot give both of them their port.
    fileprivate func clashes(with other: PortBinding) -> Bool {
        guard hostPort == other.hostPort, proto == other.proto else { return false }
        let everyAddress = ["", "0.0.0.0", "::"]
        return hostAddress == other.hostAddress || everyAddress.contains(hostAddress)
            || everyAddress.contains(other.hostAddress)
    }
}
