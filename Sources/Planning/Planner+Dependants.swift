import DesiredState

extension Planner {
    /// Adds the services that restart with one that they depend on, where the blueprint asks for it.
    ///
    /// Live state alone decides, so that it holds across a crash between the two: a container that was made after
    /// the dependant had started says so itself, and so does a file. An engine that restarts a container by
    /// itself restarts no other one.
    mutating func addDependants(
        of context: PartyContext, to order: inout [String], _ causes: inout [String: [String]]
    ) {
        for service in ServiceOrder.sorted(context.party.services) {
            guard let standing = context.standing[service.name]?.container else { continue }
            for other in context.party.leaders(of: service) {
                let isNew =
                    replaced[other.container.name] != nil
                    || context.containers[other.name]?.isMade(afterStartOf: standing) == true
                guard isNew || isStale(readersOf: other.name, in: context, for: standing) else { continue }
                // After those that it restarts with, wherever its own files had put it.
                order.removeAll { $0 == service.name }
                order.append(service.name)
                causes[service.name, default: []].append("\(other.name) \(isNew ? "is new" : "restarts")")
            }
        }
    }

    /// Whether the service restarts for a file, or has done so, and the dependant has not since.
    private func isStale(
        readersOf service: String, in context: PartyContext, for dependant: LiveContainer
    ) -> Bool {
        guard let reader = context.containers[service] else { return false }
        return context.party.files.contains { file in
            guard isStale(file, for: dependant) else { return false }
            if restarts(service, for: file, reader) { return true }
            // What is still to be written cannot have been the reason of an earlier restart.
            guard case .file(let content, let mode, _)? = live.files[file.path], mode == file.mode,
                file.difference(from: content) == .none
            else { return false }
            let isReader = ([file.wholeRule] + file.rules).contains { rule in
                if case .restart(let services) = rule.effect { services.contains(service) } else { false }
            }
            return isReader && isNewer(reader, than: file)
        }
    }

    private func isNewer(_ container: LiveContainer, than file: FileSpec) -> Bool {
        guard case .file(_, _, let modified)? = live.files[file.path],
            let started = Timestamp.nanoseconds(rfc3339: container.startedAt)
        else { return false }
        return started > modified
    }

    /// The steps after which the services that one restarts with are there anew: the wait for them, or the start.
    func replacements(for service: String, in context: PartyContext) -> Set<Int> {
        guard let service = context.party.services.first(where: { $0.name == service }) else { return [] }
        let starts = context.party.leaders(of: service).compactMap { other in
            replaced[other.container.name] ?? context.starts[other.name]
        }
        return Set(
            starts.map { start in
                let recreate = builder.plan.steps[start].recreate
                let wait = builder.plan.steps[start...].first { step in
                    guard case .awaitContainer = step.action else { return false }
                    return recreate != nil && step.recreate == recreate
                }
                return wait?.id ?? start
            })
    }
}

extension PartyResources {
    /// The services that one restarts with, and those that these restart with, by name.
    func leaders(of service: ServiceSpec) -> [ServiceSpec] {
        var found: Set<String> = []
        var waiting = service.restartsWith
        while let next = waiting.popLast() {
            guard next != service.name, found.insert(next).inserted else { continue }
            waiting += services.first { $0.name == next }?.restartsWith ?? []
        }
        return services.filter { found.contains($0.name) }.sorted { $0.name < $1.name }
    }
}

extension LiveContainer {
    fileprivate func isMade(afterStartOf other: LiveContainer) -> Bool {
        guard let made = Timestamp.nanoseconds(rfc3339: createdAt),
            let started = Timestamp.nanoseconds(rfc3339: other.startedAt)
        else { return false }
        return made > started
    }
}
