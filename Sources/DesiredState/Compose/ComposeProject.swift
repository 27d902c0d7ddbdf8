/// compose.yaml of one party, with every name and reference resolved.
struct ComposeProject: Sendable, Equatable {
    /// Compose project name.
    var name: String
    /// Where `name` is written; the start of the file when it is not.
    var nameLocation: SourceLocation
    /// Declared networks, and `default` when a service needs it.
    var networks: [ComposeNetwork]
    /// Declared volumes, external ones among them.
    var volumes: [ComposeVolume]
    var services: [ComposeService]
}

extension ComposeProject {
    /// Reads the root of compose.yaml; `nil` after reporting that it is no map.
    ///
    /// With any error among the diagnostics the project is incomplete, and only good for further checks.
    ///
    /// - Parameter host: The host that each service runs on, by its name.
    static func decode(
        _ root: YAMLNode, defaultName: String, on host: (String) -> String = { _ in "" },
        into diagnostics: inout [Diagnostic]
    ) -> ComposeProject? {
        MapReader.read(root, as: "compose.yaml", into: &diagnostics) { reader in
            let name = reader.located("name", YAMLNode.projectName)
            let project = name?.value ?? defaultName
            let networks = (reader.entries("networks") ?? []).compactMap { entry in
                reader.collect { ComposeNetwork.decode(entry, project: project, into: &$0) }
            }
            let volumes = (reader.entries("volumes") ?? []).compactMap { entry in
                reader.collect { ComposeVolume.decode(entry, project: project, into: &$0) }
            }
            let services = reader.requiredServices()
            let scope = ComposeScope(
                project: project, networks: networks, volumes: volumes, services: services)
            var result = ComposeProject(
                name: project, nameLocation: name?.location ?? reader.location, networks: scope.networks,
                volumes: volumes, services: [])
            result.services = services.compactMap { entry in
                reader.collect { ServiceDecoder.decode(entry, in: scope, into: &$0) }
            }
            result.dropUnusedDefaultNetwork(declared: networks)
            reader.collect { result.checkWhole(on: host, into: &$0) }
            return result
        }
    }

    /// Like Compose, makes a `default` network that nobody declared only for services that name no other.
    private mutating func dropUnusedDefaultNetwork(declared: [ComposeNetwork]) {
        guard networks.count > declared.count, let added = networks.last else { return }
        let isUsed = services.contains { $0.spec.container.networks[added.spec.name] != nil }
        if !isUsed { networks.removeLast() }
    }

    private func checkWhole(on host: (String) -> String, into diagnostics: inout [Diagnostic]) {
        diagnostics += ProjectClashes(self, on: host).diagnostics
        diagnostics += DependencyRings(services).diagnostics
        diagnostics += FloatingImages(services).diagnostics
    }
}

extension MapReader {
    fileprivate mutating func requiredServices() -> [YAMLEntry] {
        guard let services = entries("services", .required) else { return [] }
        if services.isEmpty {
            report("E-REQUIRED", at: location(of: "services"), "\"services\" needs at least one service")
        }
        return services
    }
}
