/// What a service can refer to: the networks, volumes and other services of its project.
struct ComposeScope {
    let project: String
    /// The declared networks, and `default`.
    let networks: [ComposeNetwork]
    let volumes: [ComposeVolume]
    /// Service -> container name.
    private let containers: [String: String]

    init(
        project: String, networks: [ComposeNetwork], volumes: [ComposeVolume], services: [YAMLEntry]
    ) {
        self.project = project
        self.volumes = volumes
        var networks = networks
        if !networks.contains(where: { $0.key == "default" }), let first = services.first {
            let spec = NetworkSpec(name: "\(project)_default")
            networks.append(ComposeNetwork(key: "default", spec: spec, location: first.keyLocation))
        }
        self.networks = networks
        containers = services.reduce(into: [:]) { names, entry in
            let written = entry.value["container_name"]?.raw ?? ""
            names[entry.key] = written.isEmpty ? Self.containerName(of: entry.key, in: project) : written
        }
    }

    /// The name that Compose gives to the one container of a service.
    static func containerName(of service: String, in project: String) -> String {
        "\(project)-\(service)-1"
    }

    func network(_ key: String) -> ComposeNetwork? { networks.first { $0.key == key } }

    func volume(_ key: String) -> ComposeVolume? { volumes.first { $0.key == key } }

    func containerName(of service: String) -> String? { containers[service] }

    /// The service whose container has this name.
    func service(ofContainer name: String) -> String? {
        containers.keys.sorted().first { containers[$0] == name }
    }

    /// The code and words for a reference to something that does not exist.
    func unknown(_ what: String, _ name: String, in known: some Sequence<String>) -> ComposeMistake {
        let known = known.sorted()
        let hint =
            if let near = nearest(name, in: known) {
                "did you mean \(near.inQuotes)?"
            } else if known.isEmpty {
                "none is declared"
            } else {
                "declared: \(known.joined(separator: ", "))"
            }
        return ComposeMistake("E-REF", "refers to an unknown \(what) \(name.inQuotes) (\(hint))")
    }

    func unknownService(_ name: String) -> ComposeMistake { unknown("service", name, in: containers.keys) }
}
