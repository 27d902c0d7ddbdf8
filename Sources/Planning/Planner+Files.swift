import DesiredState

extension Planner {
    /// Writes a config file that is missing or differs; answers the step.
    mutating func planFile(_ file: FileSpec, of party: PartyResources) -> Int? {
        var cause = "missing"
        var changes: [FieldChange] = []
        var effects: [ChangeEffect] = []
        switch live.files[file.path] {
        case .file(let content, let mode, _):
            let difference = file.difference(from: content)
            guard difference != .none || mode != file.mode else { return nil }
            if mode != file.mode {
                changes.append(FieldChange("mode", String(mode, radix: 8), String(file.mode, radix: 8)))
            }
            switch difference {
            case .none: cause = "permissions changed"
            case .unreadable: cause = "not readable as \(file.format?.rawValue ?? "text")"
            case .keys, .bytes: cause = "content differs"
            }
            effects = file.rules(for: difference)?.map(\.rule.effect) ?? []
            if !file.isSecret { changes += shown(difference, of: content, file) }
        case .directory, .other:
            builder.warn(
                PlanWarning(
                    party: party.party, object: file.path,
                    message: "is not a regular file; fatesync replaces only regular files"))
            return nil
        case nil: break
        }
        if waitsForJobs(file, of: party, cause: cause, effects) { return nil }
        if cause == "content differs" { cause += text(ofEffects: effects) }
        return builder.add(
            .writeFile(file, .rename), of: file.path, party: party.party, rung: .writeFile, cause: cause,
            changes: changes, after: parentSteps(of: file.path), makes: .file(file.path))
    }

    /// How a change takes effect where nothing has to be done for it; restarts and signals are added when it is
    /// known whom they disturb.
    private func text(ofEffects effects: [ChangeEffect]) -> String {
        if let seconds = effects.compactMap(\.reloadSeconds).max() {
            return ", in effect within \(seconds) s"
        }
        return !effects.isEmpty && effects.allSatisfy { $0 == .nothing } ? ", needs nothing" : ""
    }

    private func shown(
        _ difference: ConfigDifference, of content: [UInt8], _ file: FileSpec
    ) -> [FieldChange] {
        switch difference {
        case .none: []
        case .unreadable, .bytes: LineDifference.changes(from: content, to: file.content, masking: mask)
        case .keys(let keys): KeyDifference.changes(keys, masking: mask)
        }
    }
}

/// The keys in which two config files differ, as fields of a plan.
enum KeyDifference {
    /// At most this many are shown; the rest is counted.
    private static let limit = 20

    static func changes(_ keys: [ConfigKeyChange], masking mask: SecretMask) -> [FieldChange] {
        // Masked before it is cut, so that no half of a secret is left.
        let shown = { (text: String?) -> String in
            guard let text else { return "-" }
            return mask.hides(text) ? SecretMask.text : text.shortened
        }
        var changes = keys.prefix(limit).map { FieldChange(shown($0.key), shown($0.old), shown($0.new)) }
        if keys.count > limit {
            changes.append(FieldChange("keys", "-", "and \(keys.count - limit) more"))
        }
        return changes
    }
}
