import DesiredState
import EngineModel
import Planning

extension Lockstep {
    /// A call that somebody could make by hand, whether the engine takes it or not.
    mutating func byHand(_ random: inout SeededRandom, _ desired: DesiredHost) throws {
        let all = model.live.containers.values.sorted { $0.id < $1.id }
        guard let container = random.pick(all), let other = random.pick(all) else { return }
        let own = model.live.networks.values.filter { !$0.spec.labels.isEmpty }.sorted { $0.id < $1.id }
        guard let network = random.pick(own) else { return }
        let reference = ContainerReference.id(container.id)
        let joined = random.pick(container.spec.networks.keys.sorted()) ?? network.spec.name
        // Engine 20.10 drops the connection when such a container is to join a network that does not exist.
        let sharesAnother = container.spec.networkMode?.hasPrefix("container:") == true
        var actions: [Action] = [
            .updateContainer(reference, limits(&random)),
            .disconnectNetwork(reference, network: joined),
            .disconnectNetwork(reference, network: network.spec.name),
            .connectNetwork(reference, network: network.spec.name, EndpointSpec(aliases: ["hand"])),
            sharesAnother
                ? .renameContainer(reference, to: other.spec.name)
                : .connectNetwork(reference, network: lab.host + "-missing", EndpointSpec()),
            .renameContainer(reference, to: other.spec.name),
            .renameContainer(reference, to: PlanNames.old(container.spec.name)),
            .removeContainer(reference, force: false),
            .removeContainer(reference, force: true),
            .removeNetwork(id: network.id),
            .createNetwork(network.spec),
        ]
        if var spec = random.pick(desired.parties.flatMap(\.services).map(\.container)) {
            actions.append(.createContainer(spec, name: spec.name))
            actions.append(.createContainer(spec, name: PlanNames.next(spec.name)))
            spec.mounts.insert(Mount(.bind, from: "/no/such/place", to: "/nowhere"))
            actions.append(.createContainer(spec, name: lab.host + "-stray"))
        }
        if isStarting {
            actions += [
                .stopContainer(reference, timeout: nil), .startContainer(reference),
                .unpauseContainer(reference), .restartContainer(reference, timeout: nil),
            ]
        }
        if let action = random.pick(actions) { try perform(action) }
    }

    private func limits(_ random: inout SeededRandom) -> ResourceUpdate {
        let updates = [
            ResourceUpdate(restart: RestartPolicy(name: "unless-stopped")),
            ResourceUpdate(restart: RestartPolicy(name: "on-failure", maximumRetries: 2)),
            ResourceUpdate(memory: 1 << 26, memorySwap: 1 << 27), ResourceUpdate(memory: 1 << 29),
            ResourceUpdate(memory: 1 << 26, memorySwap: -1), ResourceUpdate(memory: 0, memorySwap: 0),
            ResourceUpdate(nanoCPUs: 250_000_000), ResourceUpdate(nanoCPUs: 0),
            ResourceUpdate(pidsLimit: 7), ResourceUpdate(pidsLimit: 0), ResourceUpdate(pidsLimit: -1),
        ]
        return random.pick(updates) ?? ResourceUpdate()
    }
}
