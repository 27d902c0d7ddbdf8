extension ImportedState {
    /// Reads a folder of KubeFATE's docker-deploy: `parties.conf`, and for each party `confs-PARTY/` with its
    /// Compose file, `.env` and `confs/`.
    ///
    /// - Parameter dataDirectory: The directory that the `confs-PARTY` stand in on their hosts; `nil`: where the
    ///   Compose files say that it is, else where the folder stands.
    public static func reading(
        _ folder: ImportFolder, hosts: ImportHosts, dataDirectory: String? = nil
    ) throws(ImportError) -> ImportedState {
        var reading = FolderReading(folder)
        return try reading.state(hosts: hosts, dataDirectory: dataDirectory)
    }
}

private struct FolderReading {
    let folder: ImportFolder
    var findings: [ImportFinding]
    var conf = PlainAssignments()

    init(_ folder: ImportFolder) {
        self.folder = folder
        findings = folder.findings
        if let bytes = folder.tree.files["parties.conf"] {
            conf = PlainAssignments.read(bytes, file: "parties.conf", into: &findings)
        }
    }

    mutating func state(hosts: ImportHosts, dataDirectory: String?) throws(ImportError) -> ImportedState {
        let composes = composeFiles()
        guard !composes.isEmpty else {
            throw ImportError(
                "there is no confs-PARTY/docker-compose.yml in \(folder.path): name the folder that KubeFATE's "
                    + "generated packages were unpacked in, for example its parties.conf's `dir`")
        }
        let base = dataDirectory ?? statedDirectory(in: composes) ?? folder.path
        let drafts = composes.compactMap { draft($0, base: base) }
        guard !drafts.isEmpty else {
            throw ImportError(
                "no Compose file in \(folder.path) can be read:\n"
                    + findings.sorted().map(\.description).joined(separator: "\n"))
        }
        var assembly = StateAssembly(
            dataDirectory: base, source: folder.path.split(separator: "/").last.map(String.init) ?? "/",
            findings: findings)
        return try assembly.state(of: drafts, others: others(than: drafts), hosts: hosts)
    }

    /// A Compose file of a party.
    private struct ComposeFile {
        var id: String
        var directory: String
        var path: String
        var root: YAMLNode
    }

    private mutating func composeFiles() -> [ComposeFile] {
        let names = ["docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml"]
        var found: [ComposeFile] = []
        for path in folder.tree.files.keys.sorted() {
            let parts = path.split(separator: "/").map(String.init)
            guard parts.count == 2, names.contains(parts[1]) else { continue }
            let id = parts[0].hasPrefix("confs-") ? String(parts[0].dropFirst(6)) : ""
            guard PartyFile.isID(id) else {
                let message = "only parties are imported, from folders confs-PARTY; this project is not"
                findings.append(ImportFinding(.leftOut, in: path, message))
                continue
            }
            if let first = found.first(where: { $0.id == id }) {
                findings.append(ImportFinding(.leftOut, in: path, "\(first.path) is read for this party"))
                continue
            }
            var diagnostics: [Diagnostic] = []
            let root = YAMLNode.parse(folder.tree.files[path] ?? [], file: path, into: &diagnostics)
            findings += diagnostics.map { ImportFinding(.leftOut, at: $0.location, $0.message) }
            if let root { found.append(ComposeFile(id: id, directory: parts[0], path: path, root: root)) }
        }
        return found.sorted { String.isOrderedAsID($0.id, $1.id) }
    }

    /// The directory above `confs-PARTY` by the devices of the bind volumes, which are absolute.
    private func statedDirectory(in composes: [ComposeFile]) -> String? {
        for compose in composes {
            for volume in compose.root["volumes"]?.entries ?? [] {
                guard let device = volume.value["driver_opts"]?["device"]?.raw, device.hasPrefix("/"),
                    let range = device.range(ofText: "/\(compose.directory)/")
                else { continue }
                return String(device[..<range.lowerBound])
            }
        }
        return nil
    }

    private mutating func draft(_ compose: ComposeFile, base: String) -> PartyDraft? {
        let environmentFile = "\(compose.directory)/.env"
        let environment = folder.tree.files[environmentFile].map {
            EnvironmentFile.read($0, file: environmentFile, into: &findings)
        }
        var interpolation = ComposeInterpolation(environment: environment ?? [:])
        var root = interpolation.fill(compose.root)
        for (name, place) in interpolation.unknown.sorted(by: { $0.key < $1.key }) {
            let message = "Compose takes \(name) from the shell that runs it; it is taken as empty"
            findings.append(ImportFinding(.note, at: place, message))
        }
        if let version = root.remove(key: "version") {
            findings.append(
                ImportFinding(.note, at: version.keyLocation, "\"version\" means nothing to Compose 2"))
        }
        let name = root.remove(key: "name")?.value.raw ?? compose.directory
        var draft = ComposeDraft(
            id: compose.id, directory: "\(base)/\(compose.directory)", dataDirectory: base)
        root = draft.rewritePaths(root)
        dropUnusedVolumes(&root)
        inlineEnvironmentFiles(&root, of: compose.directory)
        var party = PartyDraft(
            id: compose.id, origin: compose.directory, compose: root,
            project: name.lowercased().naming(party: compose.id), confsDirectory: draft.template + "/confs",
            confs: folder.tree.files(below: "\(compose.directory)/confs"))
        party.dropMountPoint(into: &findings)
        for variable in interpolation.kept.sorted() {
            let value = environment?[variable] ?? ""
            let isSecret = ImportSecrets.isSecret(value, of: variable)
            _ = party.declare(
                PartyDraft.Variable(
                    name: variable, type: isSecret ? .secret : .string, value: value, isDefault: true))
            if isSecret { party.secrets[variable] = SourceLocation(file: environmentFile) }
        }
        let values = party.values(dataDirectory: base)
        let pruned = draft.pruned(root, filledWith: values, project: name.lowercased())
        findings += draft.findings
        guard let pruned else { return nil }
        party.compose = pruned.root
        party.nameValues()
        party.nameSecrets()
        party.version = version(environment)
        party.address = address(of: compose.id)
        return party
    }

    /// Writes what `env_file` names into `environment`, whose own values win.
    private mutating func inlineEnvironmentFiles(_ root: inout YAMLNode, of directory: String) {
        for service in root["services"]?.entries ?? [] {
            guard let node = service.value["env_file"] else { continue }
            let paths = (node.elements ?? [node]).map { $0["path"]?.raw ?? $0.raw }
            let files = paths.map { "\(directory)/" + ($0.hasPrefix("./") ? String($0.dropFirst(2)) : $0) }
            // What is not here stays, and is listed as a key that cannot be expressed.
            guard files.allSatisfy({ folder.tree.files[$0] != nil }) else { continue }
            var values: [String: String] = [:]
            for file in files {
                let read = EnvironmentFile.read(folder.tree.files[file] ?? [], file: file, into: &findings)
                values.merge(read) { _, later in later }
            }
            root.edit(key: "services") { services in
                services.edit(key: service.key) { service in
                    _ = service.remove(key: "env_file")
                    service.addEnvironment(values, at: node.location)
                }
            }
            let message = "the values of \(files.joined(separator: ", ")) are written into \"environment\""
            findings.append(ImportFinding(.note, at: node.location, message))
        }
    }

    /// Takes out volumes that no service mounts: Compose does not make them.
    private mutating func dropUnusedVolumes(_ root: inout YAMLNode) {
        let mounted = Set(
            (root["services"]?.entries ?? []).flatMap { BlueprintDraft.mounts(of: $0.value).map(\.source) })
        for volume in root["volumes"]?.entries ?? [] where !mounted.contains(volume.key) {
            root.edit(key: "volumes") { _ = $0.remove(key: volume.key) }
            let message =
                "no service mounts the volume \(volume.key.inQuotes), so Compose makes none, and no more does the state"
            findings.append(ImportFinding(.note, at: volume.keyLocation, message))
        }
    }

    private func version(_ environment: [String: String]?) -> String? {
        let text = environment?["TAG"]?.nonEmpty ?? environment?["KubeFATE_Version"]?.nonEmpty
        return text.flatMap { text in
            let digits = text.drop { !$0.isNumber }.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            return digits.isEmpty ? nil : String(digits)
        }
    }

    private func address(of id: String) -> String? {
        let ids = conf.list("party_list", "partylist")
        let addresses = conf.list("party_ip_list", "partyiplist")
        return ids.firstIndex(of: id).flatMap { addresses.indices.contains($0) ? addresses[$0] : nil }
    }

    /// Parties of parties.conf that have no folder here.
    private mutating func others(than drafts: [PartyDraft]) -> [String: RouteReading.Hop] {
        guard let place = (conf.values["party_list"] ?? conf.values["partylist"])?.location else {
            return [:]
        }
        var hops: [String: RouteReading.Hop] = [:]
        for id in conf.list("party_list", "partylist") where !drafts.contains(where: { $0.id == id }) {
            guard PartyFile.isID(id), let address = address(of: id) else {
                findings.append(
                    ImportFinding(.leftOut, at: place, "party \(id.inQuotes) has no folder and no address"))
                continue
            }
            let message = "party \(id) has no folder confs-\(id) here; it is written as a party of others"
            findings.append(ImportFinding(.note, at: place, message))
            // KubeFATE publishes no other port.
            hops[id] = RouteReading.Hop(address: address, port: 9370, location: place)
        }
        return hops
    }
}

extension YAMLNode {
    /// Adds variables to the environment of a service, in whichever form it is written.
    fileprivate mutating func addEnvironment(_ values: [String: String], at place: SourceLocation) {
        var entries: [YAMLEntry] = []
        for element in self["environment"]?.elements ?? [] {
            let halves = element.raw.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = YAMLNode.quoted(halves.count == 2 ? String(halves[1]) : "", at: element.location)
            entries.append(YAMLEntry(key: String(halves[0]), keyLocation: element.location, value: value))
        }
        entries += self["environment"]?.entries ?? []
        for (name, value) in values.sorted(by: { $0.key < $1.key })
        where !entries.contains(where: { $0.key == name }) {
            let node = YAMLNode.quoted(value.doublingDollars, at: place)
            entries.append(YAMLEntry(key: name, keyLocation: place, value: node))
        }
        _ = remove(key: "environment")
        guard case .map(var keys) = content else { return }
        let map = YAMLNode(location: place, content: .map(entries))
        keys.append(YAMLEntry(key: "environment", keyLocation: place, value: map))
        content = .map(keys)
    }
}
