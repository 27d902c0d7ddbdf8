import DesiredState
package import Planning

extension ModelHost {
    /// Carries out one action; answers the id of a container that it makes.
    package mutating func perform(
        _ action: Action, _ created: [Int: String] = [:]
    ) throws(Refusal) -> String? {
        clock += 1
        switch action {
        case .makeDirectory(let directory):
            guard live.files[directory.path] == nil else { throw Refusal("exists") }
            live.files[directory.path] = .directory
        case .writeFile(let file, let method): try write(file, method)
        case .pullImage(let reference):
            guard live.images[reference] == nil else { throw Refusal("is here already") }
            guard let image = registry[reference] else { throw Refusal("no such image") }
            live.images[reference] = image
        case .createNetwork(let spec): try createNetwork(spec)
        case .removeNetwork(let id): try removeNetwork(id)
        case .createVolume(let spec):
            guard live.volumes[spec.name] == nil else { throw Refusal("volume exists") }
            live.volumes[spec.name] = LiveVolume(spec: spec)
        case .createContainer(let spec, let name): return try create(spec, name: name)
        default: try change(action, created)
        }
        return nil
    }

    private mutating func change(_ action: Action, _ created: [Int: String]) throws(Refusal) {
        switch action {
        case .connectNetwork(let reference, let network, let endpoint):
            try connect(try find(reference, created), network, endpoint)
        case .disconnectNetwork(let reference, let network):
            try disconnect(try find(reference, created), network)
        case .updateContainer(let reference, let update):
            try self.update(try find(reference, created), update)
        case .renameContainer(let reference, let name):
            let id = try find(reference, created).id
            guard container(named: name) == nil else { throw Refusal("the name \(name) is taken") }
            live.containers[id]?.spec.name = name
        case .startContainer(let reference):
            let container = try find(reference, created)
            try start(container)
            noteContested(by: container)
        case .awaitContainer(let reference, _):
            let container = try find(reference, created)
            guard container.status == .running else { throw Refusal("does not run") }
        case .checkContainer(let reference, _): _ = try find(reference, created)
        case .discardContainer(let reference):
            live.containers[try find(reference, created).id] = nil
        case .unpauseContainer(let reference):
            try set(.running, try find(reference, created), from: [.paused])
        case .signalContainer(let reference, let delivery):
            try signal(try find(reference, created), delivery)
        case .stopContainer(let reference, _):
            try set(.exited, try find(reference, created), from: [.running, .paused, .restarting])
        case .restartContainer(let reference, _):
            let container = try find(reference, created)
            if container.isUp { try set(.exited, container, from: [.running, .paused, .restarting]) }
            try start(try find(reference, created))
        case .removeContainer(let reference, let force):
            let container = try find(reference, created)
            if container.isUp, !force { throw Refusal("cannot remove a running container") }
            live.containers[container.id] = nil
        default: throw Refusal("is no action on a container")
        }
    }

    private func find(
        _ reference: ContainerReference, _ created: [Int: String]
    ) throws(Refusal) -> LiveContainer {
        let id =
            switch reference {
            case .id(let id): id
            case .created(let step): created[step] ?? "(not created)"
            }
        guard let container = live.containers[id] else { throw Refusal("no such container \(id.prefix(12))") }
        return container
    }

    private mutating func set(
        _ status: LiveContainer.Status, _ container: LiveContainer, from allowed: Set<LiveContainer.Status>
    ) throws(Refusal) {
        guard allowed.contains(container.status) else { throw Refusal("is \(container.status)") }
        live.containers[container.id]?.status = status
    }

    private mutating func update(
        _ container: LiveContainer, _ update: ResourceUpdate
    ) throws(Refusal) {
        guard container.status != .dead else { throw Refusal("is dead") }
        var spec = container.spec
        if let restart = update.restart, !restart.name.isEmpty { spec.restart = restart }
        // Zero means "as it is", and memory may not outgrow the stored limit of memory and swap.
        let memory = update.memory.flatMap { $0 == 0 ? nil : $0 }
        let swap = update.memorySwap.flatMap { $0 == 0 ? nil : $0 }
        if let memory, swap == nil, memory > spec.memorySwap {
            throw Refusal("update the memoryswap at the same time")
        }
        spec.memory = memory ?? spec.memory
        spec.memorySwap = swap ?? spec.memorySwap
        if let cpus = update.nanoCPUs, cpus != 0 { spec.nanoCPUs = cpus }
        if let pids = update.pidsLimit { spec.pidsLimit = max(pids, 0) }
        live.containers[container.id]?.spec = spec
    }
}

extension LiveContainer {
    /// Whether the engine counts it as running.
    package var isUp: Bool { [.running, .paused, .restarting].contains(status) }
}
