/// The part of a party that one host runs.
struct PartyPart {
    let whole: PartyResources
    let placement: Placement
    let host: String

    /// The resources of the host; `nil` when nothing of the party runs there.
    ///
    /// A directory, file or volume goes where a service mounts it, and to the party's own host when none does.
    static func of(_ whole: PartyResources, on host: String, _ placement: Placement) -> PartyResources? {
        guard placement.hosts.contains(host) else { return nil }
        guard placement.isSpread else { return whole }
        return PartyPart(whole: whole, placement: placement, host: host).resources
    }

    private var isHome: Bool { host == placement.home }

    private var resources: PartyResources {
        var part = whole
        let names = Set(whole.services.map(\.name).filter { placement.host(of: $0) == host })
        part.services = whole.services.filter { names.contains($0.name) }.map { service in
            var service = service
            service.container.labels[Labels.host] = host
            service.dependsOn.removeAll { !names.contains($0) }
            service.restartsWith.removeAll { !names.contains($0) }
            return service
        }
        part.volumes = whole.volumes.filter { isHere(users(ofVolume: $0.name)) }.map { volume in
            var volume = volume
            volume.labels[Labels.host] = host
            return volume
        }
        part.directories = whole.directories.filter { isHere(users(of: $0.path)) }
        part.files = whole.files.filter { isHere(users(of: $0.path)) }.map { $0.restricted(to: names) }
        part.firstStart = whole.firstStart.filter { value in
            part.files.contains { $0.path == value.script }
        }
        addNetworks(to: &part)
        part.jobs = whole.jobs.map { guarded($0, by: names) }
        return part
    }

    private func isHere(_ users: [String]) -> Bool { placement.hosts(of: users).contains(host) }

    private func users(ofVolume name: String) -> [String] {
        whole.services.filter { service in
            service.container.mounts.contains { $0.kind == .volume && $0.source == name }
        }.map(\.name)
    }

    /// The services that see something of the path, from above or below.
    private func users(of path: String) -> [String] {
        whole.services.filter { service in
            whole.hostPaths(of: service).contains { $0.isRelated(to: path) }
        }.map(\.name)
    }

    private func addNetworks(to part: inout PartyResources) {
        part.networks = []
        for var network in whole.networks {
            let hosts = whole.hosts(of: network.name, placement)
            guard hosts.count > 1 else {
                guard hosts.contains(host) else { continue }
                network.labels[Labels.host] = host
                part.networks.append(network)
                continue
            }
            if isHome {
                part.networks.append(network)
            } else if hosts.contains(host) {
                part.joinedNetworks.append(network)
            }
        }
    }

    /// The guard with the place of a FATE Flow that this host asks from afar.
    ///
    /// What a service guards it guards also while its container is still here and it runs elsewhere.
    private func guarded(_ jobs: JobGuard, by names: Set<String>) -> JobGuard {
        var jobs = jobs
        guard !names.contains(jobs.service) else { return jobs }
        let server = whole.services.first { $0.name == jobs.service }
        let own = whole.services.filter { names.contains($0.name) }.flatMap(\.container.networks.keys)
        let addresses = (server?.container.networks ?? [:]).filter { own.contains($0.key) }
            .compactMap(\.value.ipv4Address)
        jobs.elsewhere = JobGuard.Place(
            host: placement.host(of: jobs.service), address: addresses.min())
        return jobs
    }
}

extension PartyResources {
    /// The hosts with a service on the network; the party's own when no service is.
    func hosts(of network: String, _ placement: Placement) -> Set<String> {
        placement.hosts(of: services.filter { $0.container.networks[network] != nil }.map(\.name))
    }

    /// What a service mounts of its host, by volumes too.
    fileprivate func hostPaths(of service: ServiceSpec) -> [String] {
        let devices = volumes.reduce(into: [String: String]()) { $0[$1.name] = $1.driverOptions["device"] }
        return service.container.mounts.compactMap { mount in
            switch mount.kind {
            case .bind: mount.source
            case .volume: devices[mount.source]
            }
        }
    }
}

extension FileSpec {
    /// The file as it concerns some services alone.
    fileprivate func restricted(to names: Set<String>) -> FileSpec {
        mappingServices { $0.filter(names.contains) }
    }

    /// The file with every instance of a service beside it, wherever the service is named.
    func naming(_ instances: [String: [String]]) -> FileSpec {
        mappingServices { $0.flatMap { [$0] + instances[$0, default: []] } }
    }

    private func mappingServices(_ map: ([String]) -> [String]) -> FileSpec {
        var file = self
        file.onChange = onChange.mappingServices(map)
        file.readers = readers.map { Set(map($0.sorted())) }
        file.rules = rules.map { rule in
            var rule = rule
            rule.effect = rule.effect.mappingServices(map)
            rule.readers = rule.readers.map { Set(map($0.sorted())) }
            return rule
        }
        return file
    }
}

extension ChangeEffect {
    /// The effect on other services; a signal or a restart of none is nothing.
    fileprivate func mappingServices(_ map: ([String]) -> [String]) -> ChangeEffect {
        switch self {
        case .nothing: return .nothing
        case .reload(let seconds, let fragile):
            return .reload(withinSeconds: seconds, restartIfUnreadable: map(fragile))
        case .signal(let signal, let services):
            let named = map(services)
            return named.isEmpty ? .nothing : .signal(signal, services: named)
        case .restart(let services):
            let named = map(services)
            return named.isEmpty ? .nothing : .restart(services: named)
        }
    }
}

extension String {
    /// Whether one of two paths is the other, or above it.
    fileprivate func isRelated(to path: String) -> Bool {
        self == path || hasPrefix(path + "/") || path.hasPrefix(self + "/")
    }
}
