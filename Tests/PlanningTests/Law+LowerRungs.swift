import DesiredState
import EngineModel
import Planning

extension Law {
    /// Steps that disturb a container although something that disturbs it less would have done.
    func lowerRungs(_ example: LawExample) -> [String] {
        var highest: [String: Rung] = [:]
        for step in example.plan.steps {
            guard let id = step.action.containerID else { continue }
            highest[id] = max(highest[id] ?? .create, step.rung)
        }
        return highest.compactMap { id, rung in
            guard rung > .updateInPlace, rung != .remove, let old = example.host.live.containers[id] else {
                return nil
            }
            let name = example.plan.lastName(of: old)
            if rung == .restart { return needlessRestart(of: old, named: name, example) }
            guard let wanted = example.wanted(name) else { return nil }
            var host = example.host
            host.change(id, to: wanted, below: rung)
            let rest = Planner.plan(from: host.live, to: example.desired)
            // A member of a network is disturbed for the network.
            let stands = rest.steps.contains { step in
                step.rung >= rung && (step.object == name || rung == .networkRecreate)
            }
            return stands ? nil : "\(name): \(rung.name) was not needed, then:\n\(rest)"
        }
    }

    /// A restart is needed only for a file that its blueprint says it is, written after the container read it,
    /// or for another container that the blueprint says it is.
    private func needlessRestart(
        of container: LiveContainer, named name: String, _ example: LawExample
    ) -> String? {
        let started = Timestamp.nanoseconds(rfc3339: container.startedAt) ?? 0
        for party in example.desired.parties {
            guard let service = party.services.first(where: { $0.container.name == name }) else { continue }
            var readers: Set = [service.name]
            // Whom it restarts with, and those whom they restart with.
            for _ in party.services {
                readers.formUnion(party.services.filter { readers.contains($0.name) }.flatMap(\.restartsWith))
            }
            for file in party.files {
                guard case .restart(let services) = file.onChange else { continue }
                guard !readers.isDisjoint(with: services) else { continue }
                guard case .file(let content, let mode, let modified)? = example.host.live.files[file.path],
                    content == file.content, mode == file.mode, modified <= started
                else { return nil }
            }
            for other in party.services where other.name != service.name && readers.contains(other.name) {
                let made = example.host.container(named: other.container.name)?.createdAt ?? ""
                if (Timestamp.nanoseconds(rfc3339: made) ?? .max) > started { return nil }
                let isMade = example.plan.steps.contains { step in
                    guard case .createContainer(let spec, _) = step.action else { return false }
                    return spec.name == other.container.name
                }
                if isMade { return nil }
            }
        }
        return "\(name): nothing needs the restart"
    }
}

extension Plan {
    /// The name under which a container goes on when the plan is carried out.
    fileprivate func lastName(of container: LiveContainer) -> String {
        let names = steps.compactMap { step in
            if case .renameContainer(.id(container.id), let name) = step.action { name } else { String?.none }
        }
        let name = names.last ?? container.spec.name
        return PlanNames.lasting(name) ?? name
    }
}

extension ModelHost {
    /// Brings a container as near to its spec as everything below a rung can; refusals change nothing.
    fileprivate mutating func change(_ id: String, to spec: ContainerSpec, below rung: Rung) {
        let container = ContainerReference.id(id)
        var actions: [Action] = [
            .updateContainer(
                container,
                ResourceUpdate(
                    restart: spec.restart, memory: spec.memory,
                    memorySwap: spec.memorySwap == 0 ? 2 * spec.memory : spec.memorySwap,
                    nanoCPUs: spec.nanoCPUs, pidsLimit: spec.pidsLimit))
        ]
        if rung > .networkConnect {
            if rung > .start {
                actions += [.unpauseContainer(container), .stopContainer(container, timeout: nil)]
            }
            actions += (live.containers[id]?.spec.networks.keys.sorted() ?? [])
                .map { .disconnectNetwork(container, network: $0) }
            actions += spec.networks.sorted { $0.key < $1.key }
                .map { .connectNetwork(container, network: $0.key, $0.value) }
            if rung > .start { actions.append(.startContainer(container)) }
        }
        for action in actions {
            // A refusal is the point: that rung does not reach.
            _ = try? perform(action)
        }
    }
}
