import DesiredState
package import Planning

/// Small desired states and changes of them, from a seed.
package struct RandomHost {
    package var random: SeededRandom
    package var desired: DesiredHost
    let place: Place

    /// - Parameter parties: How many; most of what can go wrong does so with one or two.
    package init(seed: UInt64, in place: Place = Place(), parties: Int? = nil) {
        self.place = place
        random = SeededRandom(seed: seed)
        desired = DesiredHost(host: place.host, parties: [])
        let count = parties ?? random.pick([1, 1, 1, 2, 2, 3]) ?? 1
        for number in 1...count { addParty("\(number)") }
    }

    package mutating func makeHost() -> ModelHost {
        var host = ModelHost(apiVersion: random.oneIn(2) ? "1.41" : "1.45")
        host.registry = place.images
        return host
    }

    mutating func addParty(_ id: String) {
        guard !desired.parties.contains(where: { $0.party == id }) else { return }
        let labels = [Labels.host: desired.host, Labels.party: id]
        var party = PartyResources(party: id, project: "\(place.prefix)p\(id)")
        party.networks = [
            NetworkSpec(
                name: "\(place.prefix)net\(id)",
                pools: [AddressPool(subnet: "\(place.subnets.0).\(id).0/24")], attachable: true,
                labels: labels),
            NetworkSpec(name: "\(place.prefix)extra\(id)", labels: labels),
        ]
        party.directories = ["\(place.folder)/\(id)", "\(place.folder)/\(id)/confs"].map {
            DirectorySpec(path: $0)
        }
        party.volumes = [
            VolumeSpec(
                name: "\(place.prefix)vol\(id)",
                driverOptions: ["type": "none", "o": "bind", "device": "\(place.folder)/\(id)"],
                labels: labels)
        ]
        desired.parties.append(party)
        let index = desired.parties.count - 1
        for service in ["a", "b", "c"].prefix(Int.random(in: 1...3, using: &random)) {
            addService(service, toPartyAt: index)
        }
        for name in ["one.conf", "two.conf"] where !random.oneIn(3) { addFile(name, toPartyAt: index) }
        for _ in 0..<Int.random(in: 0...6, using: &random) { mutateService(ofPartyAt: index) }
    }

    private mutating func addService(_ name: String, toPartyAt index: Int) {
        let party = desired.parties[index]
        var container = ContainerSpec(
            name: "\(place.prefix)p\(party.party)_\(name)", image: place.images.keys.min() ?? "")
        if let process = place.process { (container.command, container.stopSignal) = (process, "SIGKILL") }
        container.labels = [Labels.host: desired.host, Labels.party: party.party, Labels.service: name]
        container.networks = [party.networks[0].name: EndpointSpec(aliases: [name])]
        container.mounts = [Mount(.bind, from: "\(place.folder)/\(party.party)/confs", to: "/confs")]
        let needs = party.services.map(\.name).filter { _ in random.oneIn(2) }
        desired.parties[index].services.append(
            ServiceSpec(
                name: name, container: container, dependsOn: needs,
                restartsWith: needs.filter { _ in random.oneIn(2) }))
    }

    mutating func addFile(_ name: String, toPartyAt index: Int) {
        let id = desired.parties[index].party
        let services = desired.parties[index].services.map(\.name)
        let effects: [ChangeEffect] = [
            .nothing, .reload(withinSeconds: 60), .restart(services: services.shuffled(using: &random)),
            .restart(services: services.prefix(1) + []), .signal(.hangup, services: services.suffix(1) + []),
        ]
        desired.parties[index].files.removeAll { $0.name == name }
        desired.parties[index].files.append(
            FileSpec(
                path: "\(place.folder)/\(id)/confs/\(name)", name: name,
                content: Array("value=\(Int.random(in: 1...3, using: &random))\n".utf8),
                mode: random.oneIn(4) ? 0o600 : 0o644, onChange: random.pick(effects) ?? .nothing))
    }

    /// One change that a commit could make.
    package mutating func mutate() {
        guard let index = desired.parties.indices.randomElement(using: &random) else { return addParty("1") }
        let id = desired.parties[index].party
        switch Int.random(in: 0..<14, using: &random) {
        case 0: addParty(["1", "2", "3", "4"][Int.random(in: 0..<4, using: &random)])
        case 1 where random.oneIn(2): desired.parties.remove(at: index)
        case 2: addFile(random.oneIn(2) ? "one.conf" : "two.conf", toPartyAt: index)
        case 3: changeNetworks(ofPartyAt: index)
        case 4: desired.parties[index].volumes[0].driverOptions["o"] = random.oneIn(2) ? "bind" : "bind,ro"
        case 5: exchangeClaims(inPartyAt: index)
        case 6 where desired.parties[index].services.count > 1:
            let name = desired.parties[index].services.removeLast().name
            for other in desired.parties[index].services.indices {
                desired.parties[index].services[other].dependsOn.removeAll { $0 == name }
                desired.parties[index].services[other].restartsWith.removeAll { $0 == name }
            }
        case 7 where !desired.parties[index].services.contains { $0.name == "d" }:
            addService("d", toPartyAt: index)
        case 8:
            rename(ofPartyAt: index, to: "\(place.prefix)p\(id)_renamed")
        // Engines at hand have no GPUs to give.
        case 9 where place.process == nil: exchangeDevices(inPartyAt: index)
        default: mutateService(ofPartyAt: index)
        }
    }

    /// A service and one of any party exchange their GPUs, or one takes that of the other.
    private mutating func exchangeDevices(inPartyAt index: Int) {
        guard let other = desired.parties.indices.randomElement(using: &random),
            let mine = desired.parties[index].services.indices.randomElement(using: &random),
            let theirs = desired.parties[other].services.indices.randomElement(using: &random)
        else { return }
        let devices = desired.parties[index].services[mine].container.deviceRequests
        desired.parties[index].services[mine].container.deviceRequests =
            desired.parties[other].services[theirs].container.deviceRequests
        desired.parties[other].services[theirs].container.deviceRequests = devices
    }

    private mutating func rename(ofPartyAt index: Int, to name: String) {
        let old = desired.parties[index].services[0].container.name
        desired.parties[index].services[0].container.name = name
        for service in desired.parties[index].services.indices
        where desired.parties[index].services[service].container.networkMode == "container:\(old)" {
            desired.parties[index].services[service].container.networkMode = "container:\(name)"
        }
    }

    private mutating func changeNetworks(ofPartyAt index: Int) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: desired.parties[index].networks[0].attachable.toggle()
        case 1: desired.parties[index].networks[1].isInternal.toggle()
        case 2: moveSubnet(ofPartyAt: index)
        default:
            // Another name for the same subnet: the old network has to go first.
            let old = desired.parties[index].networks[0].name
            let new = old.hasSuffix("x") ? String(old.dropLast()) : old + "x"
            desired.parties[index].networks[0].name = new
            for service in desired.parties[index].services.indices {
                let endpoint = desired.parties[index].services[service].container.networks.removeValue(
                    forKey: old)
                desired.parties[index].services[service].container.networks[new] = endpoint
            }
        }
    }

    /// Another subnet of the same network; the fixed addresses move with it.
    private mutating func moveSubnet(ofPartyAt index: Int) {
        let party = desired.parties[index]
        let (name, old) = (party.networks[0].name, party.subnetPrefix)
        let new =
            (old.hasPrefix(place.subnets.0 + ".") ? place.subnets.1 : place.subnets.0) + "." + party.party
        desired.parties[index].networks[0].pools = [AddressPool(subnet: "\(new).0/24")]
        for service in party.services.indices {
            guard let address = party.services[service].container.networks[name]?.ipv4Address else {
                continue
            }
            desired.parties[index].services[service].container.networks[name]?.ipv4Address =
                new + address.dropFirst(old.count)
        }
    }

    /// Two services exchange their ports and addresses.
    private mutating func exchangeClaims(inPartyAt index: Int) {
        var services = desired.parties[index].services
        guard services.count > 1, let network = desired.parties[index].networks.first?.name else { return }
        let haveNetworks = services.prefix(2).allSatisfy { $0.container.networks[network] != nil }
        guard haveNetworks else { return }
        let ports = services[0].container.ports
        services[0].container.ports = services[1].container.ports
        services[1].container.ports = ports
        let addresses = services.map { $0.container.networks[network]?.ipv4Address }
        services[0].container.networks[network]?.ipv4Address = addresses[1]
        services[1].container.networks[network]?.ipv4Address = addresses[0]
        desired.parties[index].services = services
    }
}

extension PartyResources {
    /// The first three numbers of the main network's addresses.
    var subnetPrefix: String {
        let subnet = networks[0].pools[0].subnet
        return subnet.split(separator: ".").prefix(3).joined(separator: ".")
    }
}
