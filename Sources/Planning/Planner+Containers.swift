import DesiredState

extension Planner {
    /// Plans the containers of a party in the order of their dependencies.
    mutating func planContainers(of party: PartyResources, networksRecreated: Set<String>) {
        let host = Set(builder.plan.steps.filter { $0.party == party.party && $0.action.isOnHost }.map(\.id))
        var starts: [String: Int] = [:]
        var context = PartyContext(party: party, hostSteps: host, networksRecreated: networksRecreated)
        for service in ServiceOrder.sorted(party.services) {
            let waits = Set(service.dependsOn.compactMap { starts[$0] })
            if let start = planService(service, in: &context, after: waits) { starts[service.name] = start }
        }
        planRestarts(in: context)
    }

    /// What the services of one party share while they are planned.
    struct PartyContext {
        let party: PartyResources
        /// Steps that make directories and write files; containers start after them.
        let hostSteps: Set<Int>
        let networksRecreated: Set<String>
        /// Containers that this plan leaves running as they are, by service.
        var standing: [String: LiveContainer] = [:]
    }

    /// Plans one service; answers the step that starts its container, if there is one.
    private mutating func planService(
        _ service: ServiceSpec, in context: inout PartyContext, after waits: Set<Int>
    ) -> Int? {
        let name = service.container.name
        if foreign[name] != nil {
            builder.warn(
                PlanWarning(
                    party: context.party.party, object: name,
                    message: "is the name of a container that fatesync did not make; rename or remove it"))
            return nil
        }
        let (current, restored) = planLeftovers(of: service, party: context.party.party)
        guard let current, current.status != .dead else {
            return planCreate(service, in: context, after: waits.union(restored), cause: "missing")
        }
        var comparison = ContainerComparison(live: current, desired: service.container, images: live.images)
        comparison.forceReconnects(to: context.networksRecreated, of: service.container)
        if comparison.rung == .recreate {
            return planRecreate(
                service, old: current, changes: comparison.changes, in: context, after: waits.union(restored))
        }
        return planInPlace(service, current: current, comparison, in: &context, after: waits.union(restored))
    }

    /// Changes that need no new container, and a start where it does not run.
    private mutating func planInPlace(
        _ service: ServiceSpec, current: LiveContainer, _ comparison: ContainerComparison,
        in context: inout PartyContext, after waits: Set<Int>
    ) -> Int? {
        let party = context.party
        let name = service.container.name
        var last = waits
        func add(
            _ planner: inout Planner, _ action: Action, _ rung: Rung, _ cause: String,
            _ changes: [FieldChange] = [], needs: [PlanBuilder.Need] = []
        ) -> Int {
            let id = planner.builder.add(
                action, of: name, party: party.party, rung: rung, cause: cause,
                changes: changes.masking(party.secrets), after: last, needs: needs)
            last = [id]
            return id
        }
        if comparison.rung == .updateInPlace {
            _ = add(
                &self, .updateContainer(.id(current.id), comparison.update), .updateInPlace, "changed",
                comparison.changes)
        }
        for (network, change) in comparison.disconnects {
            _ = add(
                &self, .disconnectNetwork(.id(current.id), network: network), .networkConnect, "changed",
                [change])
        }
        for (network, endpoint, change) in comparison.connects {
            _ = add(
                &self, .connectNetwork(.id(current.id), network: network, endpoint), .networkConnect,
                "changed", [change], needs: [.network(network)])
        }
        switch current.status {
        case .created, .exited:
            last.formUnion(context.hostSteps)
            return add(&self, .startContainer(.id(current.id)), .start, current.status.rawValue)
        case .paused:
            return add(&self, .unpauseContainer(.id(current.id)), .start, "paused")
        case .running, .restarting, .removing, .dead:
            context.standing[service.name] = current
            return nil
        }
    }

    /// Restarts of services whose config files changed after they had read them.
    private mutating func planRestarts(in context: PartyContext) {
        var order: [String] = []
        var causes: [String: [String]] = [:]
        for file in context.party.files.sorted(by: { $0.path < $1.path }) {
            guard case .restart(let services) = file.onChange else { continue }
            for service in services where isStale(file, for: context.standing[service]) {
                if !order.contains(service) { order.append(service) }
                causes[service, default: []].append(file.name)
            }
        }
        var last: Set<Int> = []
        for service in order {
            guard let container = context.standing[service], let files = causes[service] else { continue }
            let step = builder.add(
                .restartContainer(.id(container.id)), of: container.spec.name, party: context.party.party,
                rung: .restart, cause: "\(files.joined(separator: ", ")) changed",
                after: last.union(context.hostSteps))
            last = [step]
        }
    }

    /// Whether the container runs with an older version of the file.
    ///
    /// A file is replaced, never edited, so its modification time says when this version came. That holds
    /// across a crash between the write and the restart.
    private func isStale(_ file: FileSpec, for container: LiveContainer?) -> Bool {
        guard let container else { return false }
        guard case .file(let content, _, let modified) = live.files[file.path] else { return true }
        guard content == file.content else { return true }
        guard let started = Timestamp.nanoseconds(rfc3339: container.startedAt) else { return false }
        return modified > started
    }
}

extension Action {
    /// Whether the action touches the host's files rather than the engine.
    var isOnHost: Bool {
        switch self {
        case .makeDirectory, .writeFile: true
        default: false
        }
    }
}

extension ContainerComparison {
    /// A network made anew has no members, whatever the container says of the old one.
    mutating func forceReconnects(to networks: Set<String>, of spec: ContainerSpec) {
        for (name, endpoint) in spec.networks.sorted(by: { $0.key < $1.key }) where networks.contains(name) {
            reconnect(name, endpoint)
        }
    }
}
