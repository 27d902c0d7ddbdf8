import DesiredState

extension Planner {
    /// Lets the containers that stay see and read the config files, at the lowest rung that does it.
    mutating func planReaders(in context: PartyContext) {
        let files = context.party.files.sorted { $0.path < $1.path }
        var needs = ReaderNeeds()
        for file in files { declareNeeds(of: file, in: context, to: &needs) }
        for service in context.standing.keys.sorted() {
            addDetached(service, files, in: context, to: &needs)
        }
        for file in files { addPinned(file, in: context, to: &needs) }
        var restarts = needs.restarts
        var causes = restarts.reduce(into: [String: [String]]()) { $0[$1] = needs.causes(of: $1) }
        addDependants(of: context, to: &restarts, &causes)
        for file in files { chooseMethod(of: file, in: context, restarts) }
        for file in files { explain(file, needs) }
        for (service, path) in needs.spared where !restarts.contains(service) {
            if let container = context.standing[service]?.container { builder.spare(container.id, path) }
        }
        addSignals(needs, except: restarts, in: context)
        addRestarts(restarts, causes, in: context)
    }

    /// What the blueprint says that the readers of a file need.
    private mutating func declareNeeds(
        of file: FileSpec, in context: PartyContext, to needs: inout ReaderNeeds
    ) {
        holdForConfirmation(of: file, in: context.party)
        for service in file.services {
            guard let container = context.standing[service]?.container else { continue }
            if case .reload(_, let fragile) = file.onChange, fragile.contains(service),
                let reason = reasonToStartAgain(file, for: container)
            {
                needs.restart(service, reason, file.name)
            }
            let gap = gap(of: file, for: container)
            let parts = neededEffects(gap, of: file, on: service)
            for part in parts {
                if case .signal(let signal, _) = part.rule.effect, process(of: container) != nil {
                    needs.signal(service, signal, file)
                } else {
                    needs.restart(service, .changed, file.name)
                }
            }
            if case .known = gap {
                let keys = file.rules.isEmpty ? [] : parts.compactMap(\.key)
                needs.name(listed(keys, of: file), of: file.name, for: service)
                if parts.isEmpty, builder.maker(of: .file(file.path)) != nil {
                    needs.spare(service, file.path)
                }
            }
        }
    }

    /// A container that sees what was replaced long ago is mended by nothing but a start.
    private mutating func addDetached(
        _ service: String, _ files: [FileSpec], in context: PartyContext, to needs: inout ReaderNeeds
    ) {
        guard let container = context.standing[service]?.container else { return }
        for mount in container.spec.mounts.sorted(by: { $0.target < $1.target }) {
            guard let path = mount.hostPath(live.volumes) else { continue }
            guard let view = process(of: container)?.mounts[mount.target] else {
                // It cannot be looked at, but a restart for its sake was cut short.
                if let file = files.first(where: { $0.path == path }),
                    live.readings[container.id]?[path] == .owed
                {
                    needs.restart(service, .pinned, file.name)
                }
                continue
            }
            if view == .attached { continue }
            if let file = files.first(where: { $0.path == path }) {
                guard isRegularOrMissing(path) else { continue }
                if case .detached(let seen) = view, suffices(seen, of: file, for: service) { continue }
                needs.restart(service, .detached, file.name)
            } else if mount.kind == .volume, sharesVolume(mount.source, container) {
                // The engine mounts a volume when the first of its containers starts, and only then.
                builder.warn(
                    PlanWarning(
                        party: context.party.party, object: mount.source,
                        message: "shows a directory that was replaced, to several containers; stop all of "
                            + "them, and fatesync starts them"))
            } else {
                needs.restart(service, .detached, path)
            }
        }
    }

    private func isRegularOrMissing(_ path: String) -> Bool {
        switch live.files[path] {
        case .file, nil: true
        case .directory, .other: false
        }
    }

    private func sharesVolume(_ name: String, _ container: LiveContainer) -> Bool {
        live.containers.values.contains { other in
            other.id != container.id && other.status.holdsResources
                && other.spec.mounts.contains { $0.kind == .volume && $0.source == name }
        }
    }

    /// Who has to start again to see a file that is replaced.
    private func addPinned(_ file: FileSpec, in context: PartyContext, to needs: inout ReaderNeeds) {
        for pinned in pinned(by: file, in: context) where !pinned.seesWrites {
            guard !needs.restarts.contains(pinned.service) else { continue }
            needs.restart(pinned.service, .pinned, file.name)
        }
    }

    /// Writes a file in place where that alone reaches a container that does not start again.
    private mutating func chooseMethod(of file: FileSpec, in context: PartyContext, _ restarts: [String]) {
        guard let step = builder.maker(of: .file(file.path)) else { return }
        let isReached = pinned(by: file, in: context).contains {
            $0.seesWrites && !restarts.contains($0.service)
        }
        if isReached { builder.setWriteMethod(.inPlace, ofStep: step) }
    }

    /// The containers that mount a single file which is to be written, and do not see it as it is to be.
    ///
    /// Such a mount keeps the very file that was there when the container started. What is not known counts as
    /// such, as long as nobody replaced the file.
    private func pinned(
        by file: FileSpec, in context: PartyContext
    ) -> [(service: String, seesWrites: Bool)] {
        guard builder.maker(of: .file(file.path)) != nil else { return [] }
        let found: [(service: String, seesWrites: Bool)] = context.standing.sorted { $0.key < $1.key }
            .compactMap {
                service, standing in
                let container = standing.container
                // In a restart loop the next try mounts the file anew.
                if container.status == .restarting { return nil }
                let mount = container.spec.mounts.first { $0.kind == .bind && $0.source == file.path }
                guard let mount else { return nil }
                let view = process(of: container)?.mounts[mount.target] ?? .attached
                let seen: LiveFile? = if case .detached(let old) = view { old } else { live.files[file.path] }
                if suffices(seen, of: file, for: service) { return nil }
                return (service, view == .attached && toleratesWriting(file, service))
            }
        // One reader that must not find a half-written file decides for all of them.
        guard found.allSatisfy({ toleratesWriting(file, $0.service) }) else {
            return found.map { ($0.service, false) }
        }
        return found
    }

    /// Whether the reader bears to find a half-written file: it rereads it, or is told to when it is whole.
    private func toleratesWriting(_ file: FileSpec, _ service: String) -> Bool {
        guard case .file = live.files[file.path] else { return false }
        return switch file.onChange {
        case .nothing: true
        case .reload(_, let fragile): !fragile.contains(service)
        case .signal: true
        case .restart: false
        }
    }

    /// Says at the write of a file whom it disturbs.
    private mutating func explain(_ file: FileSpec, _ needs: ReaderNeeds) {
        guard let step = builder.maker(of: .file(file.path)) else { return }
        let restarts = needs.restarts(for: file.name)
        if !restarts.isEmpty {
            builder.addToCause(", restart of \(restarts.joined(separator: ", "))", ofStep: step)
        }
    }

    private mutating func addSignals(
        _ needs: ReaderNeeds, except restarts: [String], in context: PartyContext
    ) {
        for (service, signals) in needs.signals.sorted(by: { $0.key < $1.key })
        where !restarts.contains(service) {
            guard let standing = context.standing[service],
                let process = process(of: standing.container)?.identity
            else { continue }
            for (signal, files) in signals.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let delivery = SignalDelivery(signal: signal, process: process, files: files.map(\.path))
                _ = builder.add(
                    .signalContainer(.id(standing.container.id), delivery),
                    of: standing.container.spec.name, party: context.party.party, rung: .signal,
                    cause: ReaderNeeds.Reason.changed.text(files.map(\.name)) + ", SIG\(signal.rawValue)",
                    after: context.hostSteps.union(standing.steps))
            }
        }
    }

    private mutating func addRestarts(
        _ order: [String], _ causes: [String: [String]], in context: PartyContext
    ) {
        var last: Set<Int> = []
        for service in order {
            guard let standing = context.standing[service], let why = causes[service] else { continue }
            let spec = standing.container.spec
            guard !isBusy(standing.container) else {
                postpone(
                    "restart", of: spec.name, context.party.party, container: standing.container.id,
                    cause: why.joined(separator: "; "))
                continue
            }
            guard !lacksDevices(spec, named: spec.name, party: context.party.party) else { continue }
            let step = builder.add(
                .restartContainer(
                    .id(standing.container.id),
                    timeout: context.party.patience(with: service, spec.stopTimeout)), of: spec.name,
                party: context.party.party, rung: .restart, cause: why.joined(separator: "; "),
                after: last.union(context.hostSteps).union(standing.steps)
                    .union(replacements(for: service, in: context)))
            last = [step]
        }
    }
}

// MARK: - What a container sees and has read

extension Planner {
    /// The main process of a container that has one; between the tries of a restart loop there is none.
    private func process(of container: LiveContainer) -> LiveProcess? {
        [.running, .paused].contains(container.status) ? live.processes[container.id] : nil
    }

    /// Whether the container runs with another version of the file than the desired one.
    func isStale(_ file: FileSpec, for container: LiveContainer) -> Bool {
        if case .none = gap(of: file, for: container) { false } else { true }
    }

    /// Why rereading alone does not bring the container to what the file is to say; `nil` when it does.
    private func reasonToStartAgain(
        _ file: FileSpec, for container: LiveContainer
    ) -> ReaderNeeds.Reason? {
        switch live.files[file.path] {
        case nil: return .unreadable
        case .directory, .other: return nil
        case .file(let content, _, _):
            if file.difference(from: content) == .unreadable { return .unreadable }
            if file.removesKeptKeys(from: content) { return .removed }
            guard live.readings[container.id]?[file.path] == .owed else { return nil }
            return file.readersKeepRemovedKeys ? .removed : .unreadable
        }
    }
}
