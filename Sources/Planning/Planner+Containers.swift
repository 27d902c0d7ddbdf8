import DesiredState

extension Planner {
    /// Plans the containers of a party in the order of their dependencies.
    mutating func planContainers(
        of party: PartyResources, host: Set<Int>, standing: [String: StandingContainer]
    ) {
        var starts: [String: Int] = [:]
        var context = PartyContext(party: party, hostSteps: host)
        for service in ServiceOrder.sorted(party.services) {
            let name = service.container.name
            // One that starts before a service that it restarts with would have to start again.
            let earlier = service.dependsOn + party.leaders(of: service).map(\.name)
            let dependencies = Set(earlier.compactMap { starts[$0] })
            guard foreign[name] == nil else {
                builder.warn(
                    PlanWarning(
                        party: party.party, object: name,
                        message: "is the name of a container that fatesync did not make; take it over with "
                            + "`fatesync adopt`, or rename or remove it")
                )
                continue
            }
            starts[service.name] = planService(
                service, standing[name] ?? StandingContainer(), in: &context, dependencies: dependencies)
        }
        planReaders(in: context)
        planDeviceRestarts(in: context)
    }

    /// What the services of one party share while they are planned.
    struct PartyContext {
        let party: PartyResources
        /// Steps that make directories and write files; containers start after them.
        let hostSteps: Set<Int>
        /// Containers that this plan neither replaces nor starts, with the steps that change them, by service.
        var standing: [String: (container: LiveContainer, steps: Set<Int>)] = [:]
        /// Containers that this plan does not replace, by service.
        var containers: [String: LiveContainer] = [:]
        /// Steps that start such a container, by service.
        var starts: [String: Int] = [:]
    }

    /// Plans one service; answers the step that starts its container, if there is one.
    private mutating func planService(
        _ service: ServiceSpec, _ standing: StandingContainer, in context: inout PartyContext,
        dependencies: Set<Int>
    ) -> Int? {
        let name = service.container.name
        let shared = service.container.sharedContainers.filter { replaced[$0] != nil }
        var standing = standing
        // The engine resolves the name of a shared container when it creates the one that joins it.
        standing.steps.formUnion(shared.compactMap { replaced[$0] })
        if desired.waiting.contains(context.party.party) {
            return planUpkeep(of: standing, in: context, dependencies: dependencies)
        }
        guard let current = standing.container else {
            guard !cannotHave(service.container, party: context.party.party) else { return nil }
            let start = planCreate(service, in: context, after: standing.steps, dependencies: dependencies)
            replaced[name] = start
            return start
        }
        var comparison = ContainerComparison(
            live: namingSharedContainers(current), desired: service.container, images: live.images,
            networkIDs: reachableNetworks(of: current, in: context.party))
        comparison.rejoin(vacated)
        comparison.keepAddresses(of: current, live.engine)
        comparison.replaceWith(shared)
        if desired.withoutUpdate.contains(current.id) { comparison.replaceInsteadOfUpdate() }
        if desired.withoutStart.contains(current.id), !current.status.holdsResources {
            comparison.force(FieldChange("container", "cannot be started", "new"))
        }
        spare(current, &comparison, named: name, party: context.party.party)
        var isHeld = false
        if comparison.rung == .recreate {
            isHeld = cannotHave(service.container, party: context.party.party)
            if isHeld { comparison.keepOnlyNetworks() }
        } else if !current.status.holdsResources {
            isHeld = lacksDevices(current.spec, named: name, party: context.party.party)
        }
        if comparison.rung == .recreate {
            let start = planRecreate(
                service, old: standing, current, changes: comparison.changes, in: context,
                dependencies: dependencies)
            replaced[name] = start
            return start
        }
        if let former = standing.formerName {
            standing.steps = [
                builder.add(
                    .renameContainer(.id(current.id), to: name), of: name, party: context.party.party,
                    rung: .updateInPlace, cause: "changed",
                    changes: [FieldChange("container_name", former, name)], after: standing.steps)
            ]
        }
        return planInPlace(
            service, current, comparison, in: &context, after: standing.steps, dependencies: dependencies,
            isHeld: isHeld)
    }

    /// Whether a new container of that kind could not be made or would not start now; then a warning says why.
    private mutating func cannotHave(_ spec: ContainerSpec, party: String) -> Bool {
        lacksDevices(spec, named: spec.name, party: party) || lacksImage(spec, party: party)
            || awaitsDevices(spec, party: party)
    }

    /// Changes that need no new container, and a start where it does not run and is not held.
    private mutating func planInPlace(
        _ service: ServiceSpec, _ current: LiveContainer, _ comparison: ContainerComparison,
        in context: inout PartyContext, after restored: Set<Int>, dependencies: Set<Int>, isHeld: Bool
    ) -> Int? {
        // Its networks could be changed only after a stop, from which it would not come back.
        if isHeld, current.status == .restarting { return nil }
        let name = service.container.name
        let party = context.party.party
        context.containers[service.name] = current
        var status = current.status
        var last = restored.union(departed[current.id] ?? [])
        func add(
            _ action: Action, _ rung: Rung, _ cause: String, _ changes: [FieldChange] = [],
            needs: [PlanBuilder.Need] = []
        ) {
            last = [
                builder.add(
                    action, of: name, party: party, rung: rung, cause: cause, changes: changes, after: last,
                    needs: needs)
            ]
        }
        if comparison.rung == .updateInPlace {
            let update = Action.updateContainer(.id(current.id), comparison.update)
            add(update, .updateInPlace, "changed", comparison.changes)
        }
        if status == .restarting, comparison.changesNetworks {
            last.insert(stopRestartLoop(of: current, party: party, after: last))
            status = .exited
        }
        for (network, change) in comparison.disconnects {
            add(.disconnectNetwork(.id(current.id), network: network), .networkConnect, "changed", [change])
        }
        for (network, endpoint, change) in comparison.connects {
            add(
                .connectNetwork(.id(current.id), network: network, endpoint), .networkConnect, "changed",
                [change], needs: [.network(network)])
        }
        if isHeld { return nil }
        switch status {
        case .created, .exited:
            last.formUnion(context.hostSteps.union(dependencies))
            add(
                .startContainer(.id(current.id)), .start, current.status.rawValue,
                needs: service.container.needs)
            context.starts[service.name] = last.first
            return last.first
        case .paused:
            add(.unpauseContainer(.id(current.id)), .start, "paused")
            context.standing[service.name] = (current, last)
            return last.first
        case .running, .restarting, .removing, .dead:
            context.standing[service.name] = (current, last)
            return nil
        }
    }

    /// The container with names instead of ids where it joins another one's namespaces.
    func namingSharedContainers(_ container: LiveContainer) -> LiveContainer {
        var container = container
        let named = { (mode: String?) -> String? in
            guard let mode, mode.hasPrefix("container:") else { return mode }
            let text = String(mode.dropFirst("container:".count))
            let name = live.containers[text]?.spec.name ?? text
            return "container:\(misnamed.first { $0.value.spec.name == name }?.key ?? name)"
        }
        container.spec.networkMode = named(container.spec.networkMode)
        container.spec.ipcMode = named(container.spec.ipcMode)
        return container
    }
}

extension ContainerComparison {
    var changesNetworks: Bool { !connects.isEmpty || !disconnects.isEmpty }

    /// Containers have left these networks already; those that are desired are joined again.
    mutating func rejoin(_ vacated: Set<String>) {
        disconnects.removeAll { vacated.contains($0.network) }
        for (name, endpoint) in desired.networks.sorted(by: { $0.key < $1.key })
        where vacated.contains(name) && !connects.contains(where: { $0.network == name }) {
            connects.append((name, endpoint, FieldChange("networks.\(name)", "-", endpoint.text)))
        }
    }

    /// A container that joins another one's namespaces is lost when that one is made anew.
    mutating func replaceWith(_ shared: [String]) {
        for name in shared { force(FieldChange("shared container \(name)", "old", "new")) }
    }
}
