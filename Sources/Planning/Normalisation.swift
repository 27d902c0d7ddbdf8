import DesiredState

extension ContainerSpec {
    /// The form in which both sides are compared: image and engine defaults filled in, spellings made equal.
    ///
    /// The live side already holds the image's defaults, because the engine merges them at create; merging
    /// them again changes nothing. Sources of the rules: the Engine API's create and inspect.
    func normalised(image: LiveImage?, containerID: String?) -> ContainerSpec {
        var spec = self
        if let image { spec.merge(image) }
        // A live port that is bound and not exposed may not be published at all.
        if containerID == nil { spec.exposedPorts.formUnion(spec.ports.map(\.exposed)) }
        spec.entrypoint = spec.entrypoint.flatMap { $0.isEmpty || $0 == [""] ? nil : $0 }
        spec.command = spec.command.flatMap { $0.isEmpty ? nil : $0 }
        spec.user = spec.user.flatMap { $0.isEmpty ? nil : $0 }
        spec.workingDirectory = spec.workingDirectory.flatMap { $0.isEmpty ? nil : $0.pathCleaned }
        // The engine's own choice is the short id; `db` can be the beginning of an id too.
        if let containerID, let hostname = spec.hostname, hostname == containerID.prefix(12) {
            spec.hostname = nil
        }
        spec.normaliseEngineDefaults()
        spec.normaliseNetworks(containerID: containerID)
        return spec
    }

    private mutating func merge(_ image: LiveImage) {
        // An empty entrypoint hides the image's, but not the image's command; one that is set hides both.
        if (entrypoint ?? []).isEmpty {
            if (command ?? []).isEmpty { command = image.command }
            if entrypoint == nil { entrypoint = image.entrypoint }
        }
        for line in image.environment {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            // Index, not `environment[name] == nil`: a key whose value is nil is set to "unset".
            if environment.index(forKey: name) == nil {
                environment.updateValue(parts.count > 1 ? String(parts[1]) : nil, forKey: name)
            }
        }
        labels.merge(image.labels) { own, _ in own }
        exposedPorts.formUnion(image.exposedPorts)
        let targets = Set(mounts.map(\.target.pathCleaned))
        for target in image.volumes where !targets.contains(target.pathCleaned) {
            mounts.insert(Mount(.volume, from: "", to: target.pathCleaned))
        }
        if (user ?? "").isEmpty { user = image.user }
        if (workingDirectory ?? "").isEmpty { workingDirectory = image.workingDirectory }
        if (stopSignal ?? "").isEmpty { stopSignal = image.stopSignal }
        healthcheck = healthcheck?.merged(under: image.healthcheck) ?? image.healthcheck
    }

    private mutating func normaliseEngineDefaults() {
        if restart.name.isEmpty { restart.name = "no" }
        if memory > 0, memorySwap == 0 { memorySwap = memory.multipliedReportingOverflow(by: 2).partialValue }
        if pidsLimit < 0 { pidsLimit = 0 }
        if shmSize == 0 { shmSize = 67_108_864 }
        if networkMode == "default" { networkMode = "bridge" }
        if (ipcMode ?? "").isEmpty { ipcMode = "private" }
        if stopTimeout == nil { stopTimeout = 10 }
        stopSignal = (stopSignal ?? "").signalName
        healthcheck = healthcheck?.withEngineDefaults
        capAdd = Set(capAdd.map(\.capabilityName))
        capDrop = Set(capDrop.map(\.capabilityName))
        securityOptions = Set(securityOptions.compactMap(\.securityOption))
        // The engine adds this by itself where a namespace is shared with the host.
        if ipcMode == "host" { securityOptions.remove("label=disable") }
        deviceRequests = deviceRequests.normalised
        if usesInit == false { usesInit = nil }
        if let driver = logging, driver.driver.isEmpty { logging = nil }
        normaliseMounts()
    }

    private mutating func normaliseMounts() {
        mounts = Set(
            mounts.map {
                Mount($0.kind, from: $0.source.pathCleaned, to: $0.target.pathCleaned, readOnly: $0.readOnly)
            })
        tmpfs = Dictionary(tmpfs.map { ($0.key.pathCleaned, $0.value.sortedOptions) }) { _, last in last }
        // A tmpfs hides the image's volume at its place, whether the engine lists that volume or not.
        mounts = mounts.filter { !$0.source.isEmpty || tmpfs[$0.target] == nil }
    }

    /// Only modes without networks of their own stay; the default bridge is a network like any other.
    ///
    /// A container keeps the mode that it was made with, even when it has left that network.
    private mutating func normaliseNetworks(containerID: String?) {
        if sharesNetworkNamespace {
            networks = [:]
            return
        }
        if containerID == nil, networks.isEmpty { networks[networkMode ?? "bridge"] = EndpointSpec() }
        networkMode = nil
        // Engines before API 1.45 add the container's short id and its host name to its aliases. Later ones
        // answer to both without listing them, so neither counts on either side.
        networks = networks.mapValues { endpoint in
            EndpointSpec(
                aliases: endpoint.aliases.filter { alias in
                    alias != hostname && (alias.count < 12 || containerID?.hasPrefix(alias) != true)
                },
                ipv4Address: endpoint.ipv4Address.flatMap { $0.isEmpty ? nil : $0 })
        }
    }

    /// Whether the container has no network of its own: the host's, none, or another container's.
    var sharesNetworkNamespace: Bool {
        guard let networkMode else { return false }
        return networkMode == "host" || networkMode == "none" || networkMode.hasPrefix("container:")
    }
}
