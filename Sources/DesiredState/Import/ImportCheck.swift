/// Reads the state that was written, and compares what it makes with what was read.
struct ImportCheck {
    private(set) var findings: [ImportFinding] = []
    /// Keys of one file that are listed; the rest is counted.
    private static let limit = 20

    init(state: ImportedState, drafts: [PartyDraft]) {
        for host in Set(state.parties.compactMap(\.host)).sorted() {
            var context = DecodingContext(host: host, dataDirectory: state.dataDirectory)
            for draft in drafts {
                for (value, name) in draft.secretNames { context.secrets["\(draft.id)/\(name)"] = value }
            }
            let decoded = DesiredState.decode(state.tree, context: context)
            for diagnostic in decoded.diagnostics where diagnostic.severity == .error {
                // The secrets of parties on other hosts are not asked for here.
                findings.append(
                    ImportFinding(
                        .leftOut, at: diagnostic.location,
                        "what was written is not valid: \(diagnostic.message)"))
            }
            for resources in decoded.parties {
                guard let draft = drafts.first(where: { $0.id == resources.party }) else { continue }
                compare(resources, with: draft)
            }
        }
    }

    private mutating func compare(_ resources: PartyResources, with draft: PartyDraft) {
        for file in resources.files {
            guard let original = draft.confs[file.name] else { continue }
            let place = draft.location(file.name)
            switch file.difference(from: original) {
            case .none: break
            case .unreadable:
                findings.append(ImportFinding(.changed, at: place, "its readers could not read it"))
            case .bytes:
                findings.append(ImportFinding(.changed, at: place, "the bytes differ"))
            case .keys(let keys):
                for key in keys.prefix(Self.limit) {
                    let text = file.isSecret ? "the value of \(key.key) differs" : Self.text(key)
                    findings.append(ImportFinding(.changed, at: place, text))
                }
                if keys.count > Self.limit {
                    let message = "and \(keys.count - Self.limit) more keys differ"
                    findings.append(ImportFinding(.changed, at: place, message))
                }
            }
        }
    }

    private static func text(_ key: ConfigKeyChange) -> String {
        let text = "\(key.key): \(key.old ?? "-") -> \(key.new ?? "-")"
        let isPort = key.key.hasPrefix("route_table.") && key.key.hasSuffix(".port")
        guard isPort, let old = key.old, let new = key.new, old == "\"\(new)\"" else { return text }
        return text + " (a correction: rollsite reads no port that is a string)"
    }
}
