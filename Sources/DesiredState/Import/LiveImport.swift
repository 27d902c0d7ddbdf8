extension ImportedState {
    /// Reads the parties that run on an engine, whoever made them.
    ///
    /// A party is what mounts the same directory `confs`, and what shares a network with that.
    ///
    /// - Parameter party: The only party that is wanted; `nil`: all.
    public static func reading(
        _ live: LiveDeployment, hosts: ImportHosts, dataDirectory: String? = nil
    ) throws(ImportError) -> ImportedState {
        var findings = live.findings
        let parties = LiveParties(live, into: &findings).parties
        guard let first = parties.first else {
            throw ImportError(
                "no container mounts a directory named confs from the host, as those of FATE parties do")
        }
        let base = dataDirectory ?? first.directory.parentDirectory
        let drafts = parties.compactMap { draft($0, live, base: base, into: &findings) }
        var assembly = StateAssembly(dataDirectory: base, source: "live containers", findings: findings)
        return try assembly.state(of: drafts, others: [:], hosts: hosts)
    }

    private static func draft(
        _ party: LiveParty, _ live: LiveDeployment, base: String, into findings: inout [ImportFinding]
    ) -> PartyDraft? {
        var draft = ComposeDraft(id: party.id, directory: party.directory, dataDirectory: base)
        var root = draft.rewritePaths(party.compose(live, into: &findings))
        for section in ["networks", "volumes", "services"] {
            let key = section == "services" ? "container_name" : "name"
            root.edit(section) { object in
                object.edit(key: key) { $0.setText($0.raw.naming(party: party.id)) }
            }
        }
        var result = PartyDraft(
            id: party.id, origin: party.directory, compose: root,
            project: party.prefix.lowercased().naming(party: party.id),
            confsDirectory: draft.template + "/confs", confs: live.confs[party.confs] ?? [:])
        let pruned = draft.pruned(
            root, filledWith: result.values(dataDirectory: base), project: party.prefix.lowercased())
        findings += draft.findings
        guard let pruned else { return nil }
        result.compose = pruned.root
        result.dropMountPoint(into: &findings)
        result.nameValues()
        result.nameSecrets()
        return result
    }
}

/// Tells which containers of an engine belong together.
private struct LiveParties {
    private(set) var parties: [LiveParty] = []

    init(_ live: LiveDeployment, into findings: inout [ImportFinding]) {
        var members: [String: [LiveDeployment.Container]] = [:]
        for container in live.containers {
            if let confs = LiveDeployment.confsDirectory(container.spec) {
                members[confs, default: []].append(container)
            }
        }
        let networks = members.mapValues { containers in
            containers.reduce(into: Set<String>()) { $0.formUnion(LiveDeployment.ownNetworks($1.spec)) }
        }
        for container in live.containers where LiveDeployment.confsDirectory(container.spec) == nil {
            let own = LiveDeployment.ownNetworks(container.spec)
            let fitting = networks.filter { !$0.value.isDisjoint(with: own) }.map(\.key)
            if fitting.count == 1 { members[fitting[0], default: []].append(container) }
        }
        for (confs, containers) in members.sorted(by: { $0.key < $1.key }) {
            guard let id = Self.party(confs, live.confs[confs] ?? [:], containers) else {
                let message = "the id of the party is neither in this path nor in eggroll.properties"
                findings.append(ImportFinding(.leftOut, in: confs, message))
                continue
            }
            let sorted = containers.sorted { $0.spec.name < $1.spec.name }
            parties.append(LiveParty(id: id, confs: confs, sorted))
        }
        parties.sort { String.isOrderedAsID($0.id, $1.id) }
        for (index, party) in parties.enumerated().reversed()
        where parties[..<index].contains(where: { $0.id == party.id }) {
            let message = "party \(party.id) runs from another directory, too; this one is not imported"
            findings.append(ImportFinding(.leftOut, in: party.confs, message))
            parties.remove(at: index)
        }
    }

    /// The id that rollsite was given, or the number in the directory's name.
    private static func party(
        _ confs: String, _ files: [String: [UInt8]], _ containers: [LiveDeployment.Container]
    ) -> String? {
        for (path, key) in [
            ("eggroll/conf/eggroll.properties", "eggroll.rollsite.party.id"),
            ("osx/conf/broker.properties", "self.party"),
        ] {
            let tree = files[path].flatMap { ConfDraft.tree($0, .properties) }
            if let id = tree?[key]?.raw, PartyFile.isID(id) { return id }
        }
        let name = confs.parentDirectory.split(separator: "/").last ?? ""
        let digits = String(name.reversed().prefix(while: \.isNumber).reversed())
        return PartyFile.isID(digits) ? digits : nil
    }
}

extension String {
    /// The path without its last part.
    fileprivate var parentDirectory: String {
        guard let slash = lastIndex(of: "/"), slash != startIndex else { return "/" }
        return String(self[..<slash])
    }
}
