import DesiredState

/// What a running container lacks of a config file as it is desired.
enum ReadingGap {
    /// A key, or a file without keys, and what holds for it.
    typealias Part = (key: String?, rule: ConfigKeyRule)

    case none
    /// What differs between what the container has read and what is desired.
    case known([Part])
    /// Something, but nobody knows what the container has read.
    case unknown
}

extension Planner {
    /// Compares what the container has read with the desired file.
    ///
    /// What it has read is known only while the file is still the version that stood there at its start, or that
    /// it is remembered to run with. Then the keys in which that version differs from the desired one are exactly
    /// those that the container lacks. Otherwise every rule of the file holds.
    func gap(of file: FileSpec, for container: LiveContainer) -> ReadingGap {
        switch live.files[file.path] {
        case nil: return .unknown
        // It cannot be written, so a restart would show nothing new.
        case .directory, .other: return .none
        case .file(let content, let mode, let modified):
            let difference = file.difference(from: content)
            if difference == .none, mode == file.mode {
                switch live.readings[container.id]?[file.path] {
                case .current?: return .none
                case .owed?: return .unknown
                // Nothing is remembered: what came after the start of the container counts as not read.
                case nil: return hasRead(file, modified, container) == false ? .unknown : .none
                }
            }
            guard mode == file.mode, hasRead(file, modified, container) == true,
                let parts = file.rules(for: difference)
            else { return .unknown }
            return .known(parts)
        }
    }

    /// Whether the container runs with the version of the file that has this modification time.
    ///
    /// `nil`: nobody knows when it started.
    func hasRead(_ file: FileSpec, _ modified: Int64, _ container: LiveContainer) -> Bool? {
        if live.readings[container.id]?[file.path] == .owed { return false }
        if let version = live.readVersions[container.id]?[file.path] { return version == modified }
        return Timestamp.nanoseconds(rfc3339: container.startedAt).map { modified <= $0 }
    }

    /// What fatesync has to do to the container for the file's sake.
    func neededEffects(_ gap: ReadingGap, of file: FileSpec, on service: String) -> [ReadingGap.Part] {
        let parts: [ReadingGap.Part] =
            switch gap {
            case .none: []
            case .known(let parts): parts
            case .unknown: ([file.wholeRule] + file.rules).map { (nil, $0) }
            }
        return parts.filter { $0.rule.effect.actsOn(service) }
    }

    /// Whether the container is restarted for the file's sake.
    func restarts(_ service: String, for file: FileSpec, _ container: LiveContainer) -> Bool {
        neededEffects(gap(of: file, for: container), of: file, on: service).contains { part in
            if case .restart = part.rule.effect { true } else { false }
        }
    }

    /// Whether a container that sees this version of the file misses nothing that its service reads.
    func suffices(_ seen: LiveFile?, of file: FileSpec, for service: String) -> Bool {
        guard case .file(let content, let mode, _)? = seen, mode == file.mode,
            let parts = file.rules(for: file.difference(from: content))
        else { return false }
        return parts.allSatisfy { part in part.rule.readers.map { !$0.contains(service) } ?? false }
    }

    /// Holds the party's part for changes that wait for a person.
    ///
    /// Only what somebody runs with can change; what was written behind the back of fatesync is put back.
    mutating func holdForConfirmation(of file: FileSpec, in party: PartyResources) {
        guard case .file(let content, _, let modified)? = live.files[file.path],
            builder.maker(of: .file(file.path)) != nil
        else { return }
        let parts = file.rules(for: file.difference(from: content)) ?? [(nil, file.wholeRule)]
        let readers = party.services.filter { service in
            guard let container = ours[service.container.name], container.status != .created else {
                return false
            }
            return hasRead(file, modified, container) != false
                || live.readings[container.id]?[file.path] == nil
        }.map(\.name)
        var keys: [String: [String]] = [:]
        for (key, rule) in parts {
            guard let why = rule.confirmation,
                rule.effect.services.contains(where: readers.contains)
                    || readers.contains(where: { rule.readers?.contains($0) == true })
            else { continue }
            keys[why, default: []] += [key].compactMap { $0 }
        }
        for (why, keys) in keys.sorted(by: { $0.key < $1.key }) {
            builder.hold(party.party, "\(file.name)\(listed(keys, of: file)) changes: \(why)")
        }
    }

    /// The keys in parentheses for people; nothing for a file with a secret.
    func listed(_ keys: [String], of file: FileSpec) -> String {
        guard !keys.isEmpty, !file.isSecret else { return "" }
        let shown = keys.prefix(3).map { mask.hides($0) ? SecretMask.text : $0.shortened }
        let rest = keys.count > 3 ? ", \(keys.count - 3) more" : ""
        return " (\(shown.joined(separator: ", "))\(rest))"
    }
}

extension ChangeEffect {
    /// Whether fatesync restarts or signals the service upon every change.
    fileprivate func actsOn(_ service: String) -> Bool {
        switch self {
        case .nothing, .reload: false
        case .signal(_, let services), .restart(let services): services.contains(service)
        }
    }
}
