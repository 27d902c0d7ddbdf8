extension BlueprintDraft {
    /// The files of the blueprint's directory.
    func files(source: String, into findings: inout [ImportFinding]) -> [String: [UInt8]] {
        let directory = BlueprintFile.directory(of: name)
        let comment = "Written by `fatesync import` from \(source); yours from now on."
        var files: [String: [UInt8]] = [
            "\(directory)/blueprint.yaml": StateText.yaml(
                .map(blueprint(source, &findings)), comment: comment),
            "\(directory)/compose.yaml": StateText.yaml(composeFile, comment: comment),
        ]
        for (path, conf) in confs { files["\(directory)/confs/\(path)"] = conf.bytes }
        return files
    }

    private var composeFile: ConfigValue {
        guard case .map(let entries) = ConfigValue(first.compose) else { return .map([:]) }
        let order = ["networks", "volumes", "services"]
        let sorted = order.compactMap { key in entries.first { $0.key == key } }
        return .map([ConfigEntry("name", .string(first.project))] + sorted.filter { $0.value != .null })
    }

    private func blueprint(_ source: String, _ findings: inout [ImportFinding]) -> [ConfigEntry] {
        var entries = [
            ConfigEntry("apiVersion", .string(FileHeader.version)), ConfigEntry("kind", .string("Blueprint")),
            ConfigEntry("name", .string(name)),
            ConfigEntry("description", .string("what \(source) runs")),
            ConfigEntry("project", .string(first.project)),
            ConfigEntry("confs", .string(first.confsDirectory)),
            ConfigEntry("endpoint", .map([ConfigEntry("port", endpointPort(&findings))])),
        ]
        let variables = first.variables.map { variable -> ConfigEntry in
            var keys = [ConfigEntry("type", .string(variable.type.rawValue))]
            if isShared(variable) { keys.append(ConfigEntry("default", .string(variable.value))) }
            if let summary = variable.summary { keys.append(ConfigEntry("description", .string(summary))) }
            return ConfigEntry(variable.name, .map(keys))
        }
        if !variables.isEmpty { entries.append(ConfigEntry("variables", .map(variables))) }
        if !directories.isEmpty {
            let list = directories.map { ConfigValue.map([ConfigEntry("path", .string($0))]) }
            entries.append(ConfigEntry("directories", .list(list)))
        }
        let files = declarations(into: &findings)
        if !files.isEmpty { entries.append(ConfigEntry("files", .list(files))) }
        if let table = derivedTable { entries.append(ConfigEntry("routeTable", table)) }
        return entries + serviceEntries
    }

    private func endpointPort(_ findings: inout [ImportFinding]) -> ConfigValue {
        if let port = first.endpointPort { return Int64(port).map(ConfigValue.integer) ?? .string(port) }
        let message = "no service publishes a port that other parties could dial; 9370 is written for them"
        findings.append(ImportFinding(.note, in: first.origin, message))
        return .integer(9370)
    }

    private var derivedTable: ConfigValue? {
        guard let routeTable, let format = routeTable.format, let fateflow = routeTable.fateflow else {
            return nil
        }
        func hop(_ hop: RouteReading.Hop) -> ConfigValue {
            .map(["address": .string(hop.address), "port": .integer(Int64(hop.port))])
        }
        var entries = [
            ConfigEntry("path", .string(routeTable.path)), ConfigEntry("format", .string(format.rawValue)),
        ]
        if let own = routeTable.own { entries.append(ConfigEntry("self", hop(own))) }
        entries.append(ConfigEntry("fateflow", hop(fateflow)))
        return .map(entries)
    }

    private var serviceEntries: [ConfigEntry] {
        var entries: [ConfigEntry] = []
        let probes = first.services.compactMap { service -> ConfigEntry? in
            guard service.value["healthcheck"] == nil, let probe = FATEService.probes[service.key] else {
                return nil
            }
            return ConfigEntry(
                service.key,
                .map(["tcp": .integer(Int64(probe.port)), "timeout": .string("\(probe.timeout)s")]))
        }
        if !probes.isEmpty { entries.append(ConfigEntry("probes", .map(probes))) }
        if !data.isEmpty {
            let lists = data.map { ConfigEntry($0.key, .list($0.value.map(ConfigValue.string))) }
            entries.append(ConfigEntry("data", .map(lists)))
        }
        return entries
    }

    /// Whether the blueprint says the value for all.
    private func isShared(_ variable: PartyDraft.Variable) -> Bool {
        variable.isDefault && variable.type != .secret
            && parties.allSatisfy { $0.value(of: variable.name) == variable.value }
    }

    /// The files of a party's directory.
    func files(
        of party: PartyDraft, host: String, address: String, source: String
    ) -> [String: [UInt8]] {
        var entries = [
            ConfigEntry("apiVersion", .string(FileHeader.version)), ConfigEntry("kind", .string("Party")),
            ConfigEntry("id", Int64(party.id).map(ConfigValue.integer) ?? .string(party.id)),
            ConfigEntry("description", .string("imported from \(party.origin)")),
            ConfigEntry("blueprint", .string(name)), ConfigEntry("host", .string(host)),
            ConfigEntry("adopt", .bool(true)),
            ConfigEntry("endpoint", .map(["address": .string(address)])),
        ]
        let variables = party.variables.filter { $0.type != .secret && !isShared($0) }.map { variable in
            let number = variable.type == .port ? Int64(variable.value).map(ConfigValue.integer) : nil
            return ConfigEntry(variable.name, number ?? .string(variable.value))
        }
        if !variables.isEmpty { entries.append(ConfigEntry("variables", .map(variables))) }
        let own = own[party.id] ?? Own()
        var overrides: [ConfigEntry] = []
        if let services = own.services { overrides.append(ConfigEntry("services", ConfigValue(services))) }
        if !own.confs.isEmpty {
            let confs = own.confs.map { ConfigEntry($0.path, ConfigValue($0.changes)) }
            overrides.append(ConfigEntry("confs", .map(confs)))
        }
        if !overrides.isEmpty { entries.append(ConfigEntry("overrides", .map(overrides))) }
        let directory = PartyFile.directory(of: party.id)
        let comment = "Written by `fatesync import` from \(source); yours from now on."
        var files = ["\(directory)/party.yaml": StateText.yaml(.map(entries), comment: comment)]
        for (path, bytes) in own.files { files["\(directory)/confs/\(path)"] = bytes }
        return files
    }
}
