/// The containers of one party among those of an engine.
struct LiveParty {
    let id: String
    /// The directory `confs` on the host.
    let confs: String
    let containers: [LiveDeployment.Container]
    /// What every name begins with, without the separator.
    let prefix: String

    /// The directory above `confs`.
    var directory: String { String(confs.dropLast("/confs".count)) }

    init(id: String, confs: String, _ containers: [LiveDeployment.Container]) {
        self.id = id
        self.confs = confs
        self.containers = containers
        let project = containers.compactMap { $0.spec.labels[Labels.composeProject] }.first
        prefix = project ?? Self.commonPrefix(containers.map(\.spec.name)) ?? "confs-\(id)"
    }

    /// What the names have in common, up to a separator.
    private static func commonPrefix(_ names: [String]) -> String? {
        guard names.count > 1, var common = names.first else { return nil }
        for name in names {
            while !name.hasPrefix(common) { common.removeLast() }
        }
        guard let end = common.lastIndex(where: { $0 == "_" || $0 == "-" }) else { return nil }
        return String(common[..<end]).nonEmpty
    }

    /// The key of a network or volume in a Compose file: its name without the prefix.
    private func key(_ name: String) -> String {
        for separator in ["_", "-"] where name.hasPrefix(prefix + separator) && name.count > prefix.count + 1
        {
            return String(name.dropFirst(prefix.count + 1))
        }
        return name
    }

    /// The service that a container stands for: what its network calls it.
    private func service(_ container: LiveDeployment.Container) -> String {
        if let name = container.spec.labels[Labels.composeService] { return name }
        let aliases = container.spec.networks.values.reduce(into: Set<String>()) { $0.formUnion($1.aliases) }
        if let known = FATEService.names.first(where: aliases.contains) { return known }
        let word = key(container.spec.name)
        if aliases.isEmpty || aliases.contains(word) { return word }
        return aliases.subtracting([container.spec.name, container.spec.hostname ?? ""]).sorted().first
            ?? word
    }

    /// A Compose file for the party, with dollar signs doubled and without variables.
    func compose(
        _ deployment: LiveDeployment, into findings: inout [ImportFinding]
    ) -> YAMLNode {
        let networkNames = Set(containers.flatMap { LiveDeployment.ownNetworks($0.spec) })
        let networks = deployment.networks.filter { networkNames.contains($0.name) }
        let mounted = Set(containers.flatMap { $0.spec.mounts.filter { $0.kind == .volume }.map(\.source) })
        let volumes = deployment.volumes.filter {
            mounted.contains($0.name) || $0.name.hasPrefix(prefix + "_") || $0.name.hasPrefix(prefix + "-")
        }
        let keys = Dictionary(networks.map { ($0.name, key($0.name)) }) { first, _ in first }
        let volumeKeys = Dictionary(volumes.map { ($0.name, key($0.name)) }) { first, _ in first }
        var services: [ConfigEntry] = []
        for container in containers {
            let name = service(container)
            let place = "container \(container.spec.name)"
            if services.contains(where: { $0.key == name }) {
                let message = "a second container of service \(name); it is not imported"
                findings.append(ImportFinding(.leftOut, in: place, message))
                continue
            }
            if container.image == nil {
                let message = "the image is not on this host, so what it brings is written out"
                findings.append(ImportFinding(.note, in: place, message))
            }
            let isDefault = container.spec.name == ComposeScope.containerName(of: name, in: prefix)
            let text = ServiceText(
                container, service: name, containerName: isDefault ? nil : container.spec.name, network: keys,
                volume: volumeKeys)
            services.append(ConfigEntry(name, .map(text.entries)))
        }
        services = services.map { Self.ordered($0, among: Set(services.map(\.key))) }
        let root = ConfigValue.map([
            ConfigEntry("networks", .map(networks.map { ConfigEntry(key($0.name), Self.text($0)) })),
            ConfigEntry("volumes", .map(volumes.map { ConfigEntry(key($0.name), Self.text($0)) })),
            ConfigEntry("services", .map(services)),
        ])
        var places = PlaceCounter(file: directory)
        var node = YAMLNode(root, at: &places)
        node.editStrings(\.doublingDollars)
        return node
    }

    /// A service with the order that FATE needs.
    private static func ordered(_ service: ConfigEntry, among services: Set<String>) -> ConfigEntry {
        let wanted: [String] =
            switch service.key {
            case "python", "fateflow": ["mysql", "rollsite", "osx", "clustermanager", "nodemanager"]
            case "fateboard", "client": ["python", "fateflow"]
            default: []
            }
        let first = wanted.filter(services.contains)
        guard !first.isEmpty, case .map(let entries) = service.value else { return service }
        let order = ConfigEntry("depends_on", .list(first.map(ConfigValue.string)))
        return ConfigEntry(service.key, .map(entries + [order]))
    }

    private static func text(_ network: NetworkSpec) -> ConfigValue {
        var entries = [
            ConfigEntry("name", .string(network.name)), ConfigEntry("driver", .string(network.driver)),
        ]
        if network.attachable { entries.append(ConfigEntry("attachable", .bool(true))) }
        if network.isInternal { entries.append(ConfigEntry("internal", .bool(true))) }
        entries += options("driver_opts", network.driverOptions)
        entries += labels(network.labels)
        let pools = network.pools.filter { !$0.subnet.contains(":") }.map { pool -> ConfigValue in
            var keys = [ConfigEntry("subnet", .string(pool.subnet))]
            let usual = AddressPool(subnet: pool.subnet, range: pool.range).gatewayAddress?.text
            if let gateway = pool.gateway, gateway != usual {
                keys.append(ConfigEntry("gateway", .string(gateway)))
            }
            if let range = pool.range { keys.append(ConfigEntry("ip_range", .string(range))) }
            return .map(keys)
        }
        if !pools.isEmpty { entries.append(ConfigEntry("ipam", .map(["config": .list(pools)]))) }
        return .map(entries)
    }

    private static func text(_ volume: VolumeSpec) -> ConfigValue {
        .map(
            [ConfigEntry("name", .string(volume.name)), ConfigEntry("driver", .string(volume.driver))]
                + options("driver_opts", volume.driverOptions) + labels(volume.labels))
    }

    private static func options(_ key: String, _ values: [String: String]) -> [ConfigEntry] {
        let entries = values.sorted { $0.key < $1.key }.map { ConfigEntry($0.key, .string($0.value)) }
        return entries.isEmpty ? [] : [ConfigEntry(key, .map(entries))]
    }

    private static func labels(_ labels: [String: String]) -> [ConfigEntry] {
        options(
            "labels",
            labels.filter { !$0.key.hasPrefix("com.docker.") && !$0.key.hasPrefix("io.fatesync.") })
    }
}

/// Places for what stands in no file, each another one.
struct PlaceCounter {
    let file: String
    private var count = 0

    init(file: String) { self.file = file }

    mutating func next() -> SourceLocation {
        count += 1
        return SourceLocation(file: file, line: 1, column: count)
    }
}

extension YAMLNode {
    init(_ value: ConfigValue, at places: inout PlaceCounter) {
        let place = places.next()
        switch value {
        case .null: self = .plain("", at: place)
        case .bool(let value): self = .plain(String(value), at: place)
        case .integer(let value): self = .plain(String(value), at: place)
        case .decimal(let digits): self = .plain(digits, at: place)
        case .string(let text): self = .quoted(text, at: place)
        case .list(let elements):
            self = YAMLNode(location: place, content: .list(elements.map { YAMLNode($0, at: &places) }))
        case .map(let entries):
            let nodes = entries.map { entry in
                let key = places.next()
                return YAMLEntry(
                    key: entry.key, keyLocation: key, value: YAMLNode(entry.value, at: &places))
            }
            self = YAMLNode(location: place, content: .map(nodes))
        }
    }
}
