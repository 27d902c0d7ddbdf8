/// What a party over several hosts needs of its networks and volumes.
extension PartyCompose {
    func hosts(ofNetwork name: String) -> Set<String> {
        placement.hosts(of: services { $0.networks[name] != nil })
    }

    func hosts(ofVolume name: String) -> Set<String> {
        placement.hosts(of: services { $0.mounts.contains { $0.kind == .volume && $0.source == name } })
    }

    private func services(where matches: (ContainerSpec) -> Bool) -> [String] {
        project.services.filter { matches($0.spec.container) }.map(\.spec.name)
    }

    /// Makes overlays of the networks that several hosts share, and reports what cannot be over several hosts.
    mutating func spread(_ party: PartyFile, into diagnostics: inout [Diagnostic]) {
        guard placement.isSpread else { return }
        let places = party.services.compactMap(\.host)
        if !placement.services.values.contains(placement.home), let place = places.first {
            let message =
                "no service is left on host \(placement.home), the party's own; write one of its services' hosts "
                + "into \"host\""
            diagnostics.append(Diagnostic(code: "E-HOST", at: place.location, message))
        }
        networks { $0.makeOverlay(over: $1, into: &diagnostics) }
        checkVolumes(into: &diagnostics)
        checkSharedNamespaces(into: &diagnostics)
    }

    private mutating func networks(_ body: (inout ComposeNetwork, Set<String>) -> Void) {
        for index in project.networks.indices {
            let hosts = hosts(ofNetwork: project.networks[index].spec.name)
            if hosts.count > 1 { body(&project.networks[index], hosts) }
        }
    }

    /// Each host has a volume of its own under the name.
    private func checkVolumes(into diagnostics: inout [Diagnostic]) {
        for volume in project.volumes {
            let hosts = hosts(ofVolume: volume.spec.name)
            guard hosts.count > 1 else { continue }
            let message =
                "services on hosts \(hosts.sorted().joined(separator: ", ")) mount the volume \(volume.spec.name), "
                + "and each host has one of its own: what one of them writes the others do not see"
            diagnostics.append(Diagnostic(.warning, code: "W-HOST", at: volume.location, message))
        }
    }

    /// A namespace cannot be shared with a container of another host.
    private func checkSharedNamespaces(into diagnostics: inout [Diagnostic]) {
        let owners = project.services.reduce(into: [String: [ComposeService]]()) {
            $0[$1.containerName.value, default: []].append($1)
        }
        for service in project.services {
            let host = placement.host(of: service.spec.name)
            for name in service.spec.container.sharedContainers {
                let others = owners[name] ?? []
                guard let other = others.first,
                    !others.contains(where: { placement.host(of: $0.spec.name) == host })
                else { continue }
                let message =
                    "service \(service.spec.name.inQuotes) runs on host \(host) and shares a namespace of service "
                    + "\(other.spec.name.inQuotes), which runs on host \(placement.host(of: other.spec.name)); "
                    + "place both on one host"
                diagnostics.append(Diagnostic(code: "E-HOST", at: service.location, message))
            }
        }
    }
}

extension ComposeNetwork {
    /// Makes the network an overlay that containers of several hosts join.
    fileprivate mutating func makeOverlay(over hosts: Set<String>, into diagnostics: inout [Diagnostic]) {
        let over = "hosts \(hosts.sorted().joined(separator: ", ")) share the network \(spec.name)"
        switch spec.driver {
        case "bridge" where spec.driverOptions.isEmpty: spec.driver = "overlay"
        case "bridge":
            let message = "\(over), so it is an overlay, which does not know \"driver_opts\" of a bridge"
            diagnostics.append(Diagnostic(code: "E-HOST", at: location, message))
        case "overlay": break
        default:
            let message =
                "\(over), so it has to be an overlay: write \"driver: overlay\", or no driver, found "
                + spec.driver.inQuotes
            diagnostics.append(Diagnostic(code: "E-HOST", at: location, message))
        }
        spec.attachable = true
    }
}
