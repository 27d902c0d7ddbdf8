public import DesiredState

extension Planner {
    /// Creates and starts a container that is not there.
    mutating func planCreate(
        _ service: ServiceSpec, in context: PartyContext, after restored: Set<Int>, dependencies: Set<Int>
    ) -> Int {
        let create = planCreateCall(
            service, name: service.container.name, in: context, rung: .create, cause: "missing", changes: [],
            recreate: nil, after: restored)
        let start = builder.add(
            .startContainer(.created(byStep: create.id)), of: service.container.name,
            party: context.party.party, rung: .create, cause: "missing",
            after: dependencies.union(create.ready).union(context.hostSteps))
        if !service.container.deviceRequests.isEmpty {
            // Whether it really has its devices shows only when it runs.
            _ = builder.add(
                .awaitContainer(.created(byStep: create.id), Readiness(grace: 0)),
                of: service.container.name,
                party: context.party.party, rung: .create, cause: "missing", after: [start])
        }
        return start
    }

    /// Replaces a container: the new one is ready before the old one stops, and the old one is there until
    /// the new one has run for a while.
    ///
    /// The renames come before the stop, so that only stop and start lie in the outage.
    mutating func planRecreate(
        _ service: ServiceSpec, old standing: StandingContainer, _ old: LiveContainer,
        changes: [FieldChange], in context: PartyContext, dependencies: Set<Int>
    ) -> Int {
        let service = handingOver(service, from: old)
        let name = service.container.name
        let isStopped = stopped[old.id] != nil
        guardData(of: service, replacing: old, in: context.party.party)
        let index = builder.add(
            Plan.Recreate(
                party: context.party.party, service: service.name, name: name, oldID: old.id,
                oldWasRunning: old.status.holdsResources || standing.isRestored, createStep: -1),
            dependencies: dependencies)
        let create = planCreateCall(
            service, name: PlanNames.next(name), in: context, rung: .recreate, cause: "changed",
            changes: changes, recreate: index, after: standing.steps)
        builder.setCreateStep(create.id, ofRecreate: index)
        let new = ContainerReference.created(byStep: create.id)
        var actions: [Action] = [
            .checkContainer(new, ports: newPorts(of: service.container)),
            .renameContainer(.id(old.id), to: PlanNames.old(name)), .renameContainer(new, to: name),
        ]
        if old.status.holdsResources, !isStopped { actions.append(old.stop(at: service.stopTimeout)) }
        actions += [
            .startContainer(new), .awaitContainer(new, Readiness(probe: service.probe)),
            .removeContainer(.id(old.id), force: false),
        ]
        var last = dependencies.union(create.ready).union(context.hostSteps)
        var started = create.id
        for action in actions {
            let step = builder.add(
                action, of: name, party: context.party.party, rung: .recreate, cause: "changed", after: last,
                recreate: index)
            last = [step]
            if case .startContainer = action { started = step }
        }
        return started
    }

    /// The create call and the connects that older engines need after it.
    private mutating func planCreateCall(
        _ service: ServiceSpec, name: String, in context: PartyContext, rung: Rung, cause: String,
        changes: [FieldChange], recreate: Int?, after restored: Set<Int>
    ) -> (id: Int, ready: Set<Int>) {
        let spec = service.container
        let party = context.party.party
        var needs = spec.needs
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
            changes: changes, after: restored.union(context.hostSteps), needs: needs, recreate: recreate)
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
}

extension LiveContainer.Status {
    /// Whether the container may hold ports, addresses or files that its successor needs.
    public var holdsResources: Bool {
        switch self {
        case .running, .paused, .restarting: true
        case .created, .removing, .exited, .dead: false
        }
    }
}

extension LiveContainer {
    /// Stops it with the patience that it asks for.
    var stop: Action { .stopContainer(.id(id), timeout: spec.stopTimeout) }

    /// Stops it with the patience that its service asks for, or its own if that is longer.
    func stop(at timeout: Int?) -> Action {
        .stopContainer(.id(id), timeout: Self.patience(timeout, spec.stopTimeout))
    }

    /// The longer of what a blueprint and a container ask for; the engine's own is ten seconds.
    static func patience(_ service: Int?, _ container: Int?) -> Int? {
        service.map { max($0, container ?? 10) } ?? container
    }
}

extension PartyResources {
    /// Seconds that the container of a service has to end.
    func patience(with service: String, _ own: Int?) -> Int? {
        LiveContainer.patience(services.first { $0.name == service }?.stopTimeout, own)
    }
}

extension ContainerSpec {
    /// What must be there before the container is created or started.
    var needs: [PlanBuilder.Need] {
        networks.keys.map { .network($0) } + mounts.filter { $0.kind == .volume }.map { .volume($0.source) }
    }

    /// The networks that the create call itself joins: before API 1.44 the engine takes only one.
    public func networksAtCreate(apiVersion: String) -> Set<String> {
        EngineIdentity.describesEndpoints(apiVersion)
            ? Set(networks.keys) : Set([mainNetwork].compactMap(\.self))
    }

    /// The network that the engine counts as the container's own: before API 1.44 no other one takes a hardware
    /// address.
    public var mainNetwork: String? {
        networks.filter { $0.value.macAddress != nil }.keys.min() ?? networks.keys.min()
    }
}
