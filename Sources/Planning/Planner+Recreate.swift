public import DesiredState

extension Planner {
    /// Creates and starts a container that is not there.
    mutating func planCreate(
        _ service: ServiceSpec, in context: PartyContext, after waits: Set<Int>, cause: String
    ) -> Int {
        let create = planCreateCall(
            service, name: service.container.name, in: context, rung: .create, cause: cause, changes: [],
            recreate: nil, after: waits.filter { isRemovalOrRename($0) })
        return builder.add(
            .startContainer(.created(byStep: create.id)), of: service.container.name,
            party: context.party.party, rung: .create, cause: cause,
            after: waits.union(create.ready).union(context.hostSteps))
    }

    /// Replaces a container: the new one is ready before the old one stops, and the old one is there until
    /// the new one has run for a while.
    ///
    /// The renames come before the stop, so that only stop and start lie in the outage.
    mutating func planRecreate(
        _ service: ServiceSpec, old: LiveContainer, changes: [FieldChange], in context: PartyContext,
        after waits: Set<Int>
    ) -> Int {
        let party = context.party.party
        let name = service.container.name
        let changes = changes.masking(context.party.secrets)
        let index = builder.add(
            Plan.Recreate(
                party: party, service: service.name, name: name, oldID: old.id,
                oldWasRunning: old.status == .running || old.status == .restarting, createStep: -1))
        let create = planCreateCall(
            service, name: PlanNames.next(name), in: context, rung: .recreate, cause: "changed",
            changes: changes, recreate: index, after: waits.filter { isRemovalOrRename($0) })
        builder.setCreateStep(create.id, ofRecreate: index)
        let new = ContainerReference.created(byStep: create.id)
        var last = waits.union(create.ready).union(context.hostSteps)
        var started = 0
        var actions: [Action] = [
            .renameContainer(.id(old.id), to: PlanNames.old(name)), .renameContainer(new, to: name),
        ]
        if old.status.holdsResources { actions.append(.stopContainer(.id(old.id))) }
        actions += [
            .startContainer(new), .awaitContainer(new, seconds: PlanDefaults.graceSeconds),
            .removeContainer(.id(old.id), force: false),
        ]
        for action in actions {
            let step = builder.add(
                action, of: name, party: party, rung: .recreate, cause: "changed", after: last,
                recreate: index)
            last = [step]
            if case .startContainer = action { started = step }
        }
        return started
    }

    /// The create call and the connects that older engines need after it.
    private mutating func planCreateCall(
        _ service: ServiceSpec, name: String, in context: PartyContext, rung: Rung, cause: String,
        changes: [FieldChange], recreate: Int?, after waits: Set<Int>
    ) -> (id: Int, ready: Set<Int>) {
        let spec = service.container
        let party = context.party.party
        var needs: [PlanBuilder.Need] = spec.networks.keys.map { .network($0) }
        needs += spec.mounts.filter { $0.kind == .volume }.map { .volume($0.source) }
        if live.images[spec.image] == nil {
            if builder.maker(of: .image(spec.image)) == nil {
                _ = builder.add(
                    .pullImage(spec.image), of: spec.image, party: party, rung: .create, cause: "missing",
                    makes: .image(spec.image))
            }
            needs.append(.image(spec.image))
        }
        let create = builder.add(
            .createContainer(spec, name: name), of: spec.name, party: party, rung: rung, cause: cause,
            changes: changes, after: waits.union(context.hostSteps), needs: needs, recreate: recreate)
        var ready: Set<Int> = [create]
        let atCreate = spec.networksAtCreate(apiVersion: live.engine.apiVersion)
        for (network, endpoint) in spec.networks.sorted(by: { $0.key < $1.key })
        where !atCreate.contains(network) {
            ready.insert(
                builder.add(
                    .connectNetwork(.created(byStep: create), network: network, endpoint), of: spec.name,
                    party: party, rung: rung, cause: cause, after: [create], recreate: recreate))
        }
        return (create, ready)
    }

    private func isRemovalOrRename(_ step: Int) -> Bool {
        switch builder.plan.steps[step].action {
        case .removeContainer, .renameContainer: true
        default: false
        }
    }

    /// Resolves what an interrupted recreate left, from names alone.
    ///
    /// Answers the container that now counts as the service's, and the steps that make it so.
    mutating func planLeftovers(
        of service: ServiceSpec, party: String
    ) -> (current: LiveContainer?, steps: Set<Int>) {
        let name = service.container.name
        var steps: Set<Int> = []
        func drop(_ planner: inout Planner, _ container: LiveContainer, _ cause: String) -> Int {
            planner.builder.add(
                .removeContainer(.id(container.id), force: true), of: container.spec.name, party: party,
                rung: .remove, cause: cause)
        }
        if let next = ours[PlanNames.next(name)] {
            steps.insert(drop(&self, next, "left by an interrupted recreate"))
        }
        guard var old = ours[PlanNames.old(name)] else { return (ours[name], steps) }
        if let current = ours[name] {
            if current.status == .running {
                steps.insert(drop(&self, old, "replaced by a recreate that was interrupted"))
                return (current, steps)
            }
            steps.insert(drop(&self, current, "its start was interrupted; the old container comes back"))
        }
        let rename = builder.add(
            .renameContainer(.id(old.id), to: name), of: name, party: party, rung: .updateInPlace,
            cause: "an interrupted recreate left it as \(old.spec.name)", after: steps)
        old.spec.name = name
        return (old, [rename])
    }
}

/// Numbers that plans use and no file sets.
enum PlanDefaults {
    /// A new container counts as good when it has run this long; with a healthcheck, when it is healthy.
    static let graceSeconds = 1
}

extension LiveContainer.Status {
    /// Whether the container may hold ports, addresses or files that its successor needs.
    var holdsResources: Bool {
        switch self {
        case .running, .paused, .restarting: true
        case .created, .removing, .exited, .dead: false
        }
    }
}

extension ContainerSpec {
    /// The networks that the create call itself joins: before API 1.44 the engine takes only one.
    public func networksAtCreate(apiVersion: String) -> Set<String> {
        let parts = apiVersion.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 2, (parts[0], parts[1]) < (1, 44) else { return Set(networks.keys) }
        return Set(networks.keys.sorted().prefix(1))
    }
}
