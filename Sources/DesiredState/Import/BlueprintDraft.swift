/// A blueprint for parties that are alike, and what each of them has of its own.
struct BlueprintDraft {
    /// What a party has beside the blueprint.
    struct Own {
        var services: YAMLNode?
        /// Changes to single keys of config files, by path below `confs/`.
        var confs: [(path: String, changes: YAMLNode)] = []
        var files: [String: [UInt8]] = [:]
    }

    var name: String
    /// The first is the one that the blueprint was made from.
    private(set) var parties: [PartyDraft]
    private(set) var own: [String: Own] = [:]
    private(set) var confs: [String: ConfDraft] = [:]
    /// The table that fatesync derives; `nil` when there is none of the kind it knows.
    var routeTable: RouteReading?
    let dataDirectory: String

    init(_ first: PartyDraft, name: String, dataDirectory: String) {
        self.name = name
        self.dataDirectory = dataDirectory
        parties = [first]
        own[first.id] = Own()
    }

    var first: PartyDraft { parties[0] }

    /// Takes a party in if it is of this kind; whether it was.
    mutating func take(_ party: PartyDraft) -> Bool {
        guard party.project == first.project, party.confsDirectory == first.confsDirectory,
            party.confs.keys == first.confs.keys,
            party.variables.map(\.name) == first.variables.map(\.name),
            party.variables.map(\.type) == first.variables.map(\.type)
        else { return false }
        for key in ["networks", "volumes"]
        where party.compose[key].map(ConfigValue.init) != first.compose[key].map(ConfigValue.init) {
            return false
        }
        guard let services = party.compose["services"], let base = first.compose["services"],
            Set(party.services.map(\.key)) == Set(first.services.map(\.key)),
            let overlay = base.overlay(making: services)
        else { return false }
        parties.append(party)
        own[party.id] = Own(services: overlay.changes)
        return true
    }

    /// Finds out which config files the parties share.
    ///
    mutating func mergeConfs(into findings: inout [ImportFinding]) {
        for path in first.confs.keys.sorted() where path != derivedPath {
            guard let base = ConfDraft(path, of: first, dataDirectory: dataDirectory) else {
                leaveOut(path, of: first, into: &findings)
                continue
            }
            confs[path] = base
            for party in parties.dropFirst() { addOwn(path, of: party, base, into: &findings) }
        }
    }

    private mutating func addOwn(
        _ path: String, of party: PartyDraft, _ base: ConfDraft, into findings: inout [ImportFinding]
    ) {
        let original = party.confs[path] ?? []
        if base.format == nil {
            let draft = ConfDraft(path, of: party, dataDirectory: dataDirectory)
            guard let draft, draft.format == nil else { return leaveOut(path, of: party, into: &findings) }
            if draft != base { own[party.id]?.files[path] = draft.bytes }
            return
        }
        let values = party.values(dataDirectory: dataDirectory)
        if let format = base.format, let rendered = base.rendered(values, path: path) {
            if rendered == original { return }
            if format.isParsed, let old = ConfDraft.tree(rendered, format),
                let new = ConfDraft.tree(original, format), let overlay = old.overlay(making: new)
            {
                guard var changes = overlay.changes else { return }
                let secrets = party.secretNames
                changes.editStrings { PartyDraft.hide(secrets, in: $0.doublingDollars) }
                let again = base.rendered(values, path: path, overrides: changes)
                let file = again.map {
                    FileSpec(path: path, name: path, content: $0, format: format, onChange: .nothing)
                }
                if file?.difference(from: original) == ConfigDifference.none {
                    own[party.id]?.confs.append((path, changes))
                    return
                }
            }
        }
        guard let draft = ConfDraft(path, of: party, dataDirectory: dataDirectory),
            draft.format == base.format
        else { return leaveOut(path, of: party, into: &findings) }
        if draft != base { own[party.id]?.files[path] = draft.bytes }
    }

    private func leaveOut(_ path: String, of party: PartyDraft, into findings: inout [ImportFinding]) {
        let message =
            "the file holds a secret and cannot be rendered from a template, so it is not written to git; "
            + "put one by hand into the state"
        findings.append(ImportFinding(.leftOut, at: party.location(path), message))
    }
}

extension BlueprintDraft {
    /// How the config files are read and what a change of each needs.
    func declarations(into findings: inout [ImportFinding]) -> [ConfigValue] {
        let written = first.confs.keys.filter { confs[$0] != nil || $0 == derivedPath }
        return written.sorted().compactMap { path -> ConfigValue? in
            let format = confs[path]?.format
            guard let known = FATEFile.named(path) else {
                let message =
                    "nobody knows who reads this file: it is copied, and a change of it restarts nothing until "
                    + "blueprint.yaml lists it under \"files\""
                findings.append(ImportFinding(.note, at: first.location(path), message))
                guard let format else { return nil }
                return .map([
                    "path": .string(path), "format": .string("\(format)"), "onChange": .string("nothing"),
                ])
            }
            return declaration(known, format: path == derivedPath ? .json : format)
        }
    }

    /// The config file that fatesync makes itself.
    var derivedPath: String? { routeTable.flatMap { $0.isDerivable ? $0.path : nil } }

    private func declaration(_ file: FATEFile, format: ConfigFormat?) -> ConfigValue {
        var entries = [ConfigEntry("path", .string(file.path))]
        if let format { entries.append(ConfigEntry("format", .string("\(format)"))) }
        let readers = file.readers.filter { sees(file.path, $0) }
        if file.effect == .restart, !readers.isEmpty {
            entries.append(ConfigEntry("onChange", .string("restart")))
            entries.append(ConfigEntry("services", .list(readers.map(ConfigValue.string))))
        } else if case .reload(let seconds) = file.effect {
            entries.append(ConfigEntry("onChange", .string("reload")))
            entries.append(ConfigEntry("within", .string("\(seconds)s")))
            if readers.contains("rollsite"), format != nil {
                entries.append(ConfigEntry("restartIfUnreadable", .list([.string("rollsite")])))
            }
        } else {
            entries.append(ConfigEntry("onChange", .string("nothing")))
        }
        return .map(entries)
    }

    /// Whether a service mounts a config file, or a directory above it.
    private func sees(_ path: String, _ service: String) -> Bool {
        let file = "\(first.confsDirectory)/\(path)"
        return Self.mounts(of: first.compose["services"]?[service]).contains {
            file == $0.source || file.hasPrefix($0.source + "/")
        }
    }

    /// The mounts of a service in either form.
    static func mounts(of service: YAMLNode?) -> [(source: String, target: String)] {
        (service?["volumes"]?.elements ?? []).compactMap { element in
            if element.entries != nil {
                return element["source"].flatMap { source in
                    element["target"].map { (source: source.raw, target: $0.raw) }
                }
            }
            // A default behind a variable could hold a colon; what is imported has none.
            let parts = element.raw.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            return parts.count > 1 ? (source: parts[0], target: parts[1]) : nil
        }
    }

    /// Directories of the host that containers and volumes need.
    var directories: [String] {
        let files = Set(first.confs.keys.map { "\(first.confsDirectory)/\($0)" })
        var paths = files.compactMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } }
        for service in first.services { paths += Self.mounts(of: service.value).map(\.source) }
        for volume in first.compose["volumes"]?.entries ?? [] {
            if let device = volume.value["driver_opts"]?["device"]?.raw { paths.append(device) }
        }
        return Set(paths.filter { $0.hasPrefix("${BASE_DIR}/") && !files.contains($0) }).sorted()
    }

    /// Directories in the container of FATE Flow that a recreate would lose.
    var data: [String: [String]] {
        let targets = Self.mounts(of: first.compose["services"]?["python"]).map(\.target)
        guard targets.contains(where: { $0.hasPrefix("/data/projects/fate/python/") }) else { return [:] }
        let lost = FATEService.flowData.filter { path in
            !targets.contains { path == $0 || path.hasPrefix($0 + "/") }
        }
        return lost.isEmpty ? [:] : ["python": lost]
    }
}
