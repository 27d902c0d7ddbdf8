/// The services, networks and volumes of a party.
struct PartyCompose {
    var project: ComposeProject
    let placement: Placement
    /// Host directories that fatesync keeps for parties.
    private let base: String

    /// Decodes compose.yaml with its variables filled in; `nil` after reporting that nothing can be made of it.
    static func decode(
        _ root: YAMLNode, project: String?, in scope: PartyScope, into diagnostics: inout [Diagnostic]
    ) -> PartyCompose? {
        let filled = scope.fill(root, &diagnostics)
        ReservedLabels.refuse(inCompose: filled, into: &diagnostics)
        let placed = scope.party.placement
        let decoded = ComposeProject.decode(
            filled, defaultName: project ?? scope.blueprint.name, on: placed.host, into: &diagnostics)
        guard let decoded else { return nil }
        var placement = placed
        for name in decoded.services.map(\.spec.name) { placement.services[name] = placed.host(of: name) }
        if let project, decoded.name != project {
            let message =
                "the name \(decoded.name.inQuotes) must equal \"project\" of blueprint.yaml, \(project.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-NAME", at: decoded.nameLocation, message))
        }
        var compose = PartyCompose(
            project: decoded, placement: placement, base: scope.context.dataDirectory)
        compose.spread(scope.party, into: &diagnostics)
        return compose
    }

    var ports: [PortBinding] { project.services.flatMap { $0.ports.map(\.value) } }

    /// The fixed addresses of a service.
    func addresses(of service: String) -> [ComposeAddress] {
        project.services.first { $0.spec.name == service }?.addresses ?? []
    }

    /// The ports that a service publishes which publishes `port` of its container; `nil` when none does.
    func ports(besides port: Int) -> (service: String, bindings: [PortBinding])? {
        let service = project.services.first { $0.ports.contains { $0.value.containerPort == port } }
        return service.map { ($0.spec.name, $0.ports.map(\.value)) }
    }

    /// The devices that each service asks for.
    var devices: [(service: String, selection: Located<DeviceSelection>)] {
        project.services.flatMap { service in service.devices.map { (service.spec.name, $0) } }
    }

    /// What the party takes, where each is written, and on which host; `nil`: wherever the Swarm reaches.
    var claims: [(subject: Claim.Subject, location: SourceLocation, host: String?)] {
        var claims: [(subject: Claim.Subject, location: SourceLocation, host: String?)] = []
        for network in project.networks {
            let hosts = hosts(ofNetwork: network.spec.name)
            let places = hosts.sorted().map(Optional.some) + (hosts.count > 1 ? [nil] : [])
            for host in places {
                claims.append((.network(network.spec.name), network.location, host))
                claims += network.subnets.map {
                    (.subnet($0.value, text: $0.value.text), $0.location, host)
                }
            }
        }
        for volume in project.volumes where !volume.isExternal {
            for host in hosts(ofVolume: volume.spec.name).sorted() {
                claims.append((.volume(volume.spec.name), volume.location, host))
                if let device = volume.device {
                    claims.append((.directory(device.value), device.location, host))
                }
            }
        }
        for service in project.services {
            let host = placement.host(of: service.spec.name)
            claims.append(
                (.container(service.containerName.value), service.containerName.location, host))
            for port in service.ports where port.value.hostPort != 0 {
                let binding = port.value
                let subject = Claim.Subject.port(
                    binding.hostPort, proto: binding.proto, address: binding.hostAddress)
                claims.append((subject, port.location, host))
            }
            let written = service.spec.container.mounts.filter { $0.kind == .bind && !$0.readOnly }
            for path in service.hostPaths where path.value.hasPrefix(base + "/") {
                guard written.contains(where: { $0.source == path.value }) else { continue }
                claims.append((.directory(path.value), path.location, host))
            }
        }
        return claims
    }

    /// Adds services, networks and volumes with their labels.
    func fill(
        _ resources: inout PartyResources, labels: PartyLabels, declarations: ServiceDeclarations,
        instances: [String: [String]]
    ) {
        let originals = instances.reduce(into: [String: String]()) { result, entry in
            for name in entry.value { result[name] = entry.key }
        }
        resources.networks = project.networks.map { network in
            var spec = network.spec
            spec.labels = labels.network(key: network.key, spec.labels)
            return spec
        }
        resources.volumes = project.volumes.filter { !$0.isExternal }.map { volume in
            var spec = volume.spec
            spec.labels = labels.volume(key: volume.key, spec.labels)
            return spec
        }
        resources.services = project.services.map { service in
            var spec = service.spec
            spec.container.labels = labels.container(service: spec.name, spec.container.labels)
            declarations.complete(&spec, as: originals[spec.name] ?? spec.name)
            return spec
        }
    }
}
