import DesiredState
import DockerEngine
import Planning

/// Reads a container after a change, because the engine answers "done" to what it did not do.
///
/// An update ignores what it cannot change, a start that failed before may have taken a container off its
/// networks, and a start of a container that is just stopping says that it runs.
struct ReadBack {
    /// Networks that each container should be on, by full id.
    private var networks: [String: Set<String>]
    /// When each container was started last, by full id.
    private let starts: [String: String]

    init(_ live: LiveState) {
        networks = live.containers.mapValues { Set($0.networkIDs.keys) }
        starts = live.containers.mapValues(\.startedAt)
    }

    /// What came of a call, seen in the container.
    enum Finding: Equatable {
        case taken
        /// The engine did not do it; another plan may.
        case untaken(String)
        /// The container itself is at fault: no engine would start it.
        case broken(String)
        /// The engine cannot start this container any more, whatever is in it; a new one is the way.
        case unstartable(String)
    }

    /// Whether the container has to be read before the step counts as done.
    func isNeeded(after action: Action, _ result: Result<EngineAnswer, DockerError>) -> Bool {
        switch (action, result) {
        case (.updateContainer, .success), (.connectNetwork, .success), (.disconnectNetwork, .success): true
        case (.startContainer(.id), .success): true
        // In a restart loop the engine says that it cannot update a stopped container, and updates it. With
        // limits of another kind it says that both cannot be, and a new container is the way.
        case (.updateContainer, .failure(let error)) where [409, 500].contains(error.status): true
        // The engine notes in a container why it does not start; without that note the engine itself is in trouble.
        case (.startContainer, .failure): true
        // The answer was lost, and what it said shows in the container.
        case (_, .failure(let error)): error.outcomeIsUnknown
        default: false
        }
    }

    /// Compares what was asked for with what the container shows.
    mutating func judge(
        _ action: Action, _ result: Result<EngineAnswer, DockerError>, _ container: LiveContainer
    ) -> Finding {
        let found = Set(container.networkIDs.keys)
        switch action {
        case .updateContainer(_, let update):
            let fields = update.untaken(in: container)
            guard !fields.isEmpty else { return .taken }
            let list = fields.map { "\($0.field) is \($0.old) and not \($0.new)" }.joined(separator: ", ")
            guard case .failure(let error) = result else {
                return .untaken("the engine accepted the update and did not do it: \(list)")
            }
            return .untaken("\(error); \(list)")
        case .connectNetwork(_, let network, let endpoint):
            networks[container.id, default: []].insert(network)
            guard found.contains(network) else {
                return .untaken("the engine said that it connected network \(network), but it did not")
            }
            let shown = container.spec.networks[network]
            // Which addresses of an overlay network are fixed cannot be seen.
            if let wanted = endpoint.ipv4Address, let address = shown?.ipv4Address, address != wanted {
                return .untaken("the address on network \(network) is \(address) and not \(wanted)")
            }
            let missing = endpoint.aliases.subtracting(shown?.aliases ?? [])
            guard missing.isEmpty else {
                let list = missing.sorted().joined(separator: ", ")
                return .untaken("it has no alias \(list) on network \(network)")
            }
            return .taken
        case .disconnectNetwork(_, let network):
            networks[container.id]?.remove(network)
            guard found.contains(network) else { return .taken }
            return .untaken("the engine said that it disconnected network \(network), but it did not")
        case .renameContainer(_, let name):
            return settled(container.spec.name == name, result)
        case .stopContainer:
            return settled(!container.status.holdsResources, result)
        case .unpauseContainer:
            return settled(container.status != .paused, result)
        case .removeContainer, .discardContainer:
            return settled(container.status == .removing, result)
        case .restartContainer:
            return settled(container.startedAt != starts[container.id], result)
        case .startContainer:
            if case .failure(let error) = result, !container.status.holdsResources {
                if container.hasRemains { return .unstartable("\(error)") }
                return container.error.isEmpty ? .untaken("\(error)") : .broken("\(error)")
            }
            if container.status == .created {
                return .untaken("the engine said that it started the container, but it is only created")
            }
            let missing = networks[container.id, default: []].subtracting(found)
            guard !missing.isEmpty else { return .taken }
            let list = missing.sorted().joined(separator: ", ")
            return .untaken("it started without its networks \(list)")
        default: return .taken
        }
    }

    private func settled(_ isDone: Bool, _ result: Result<EngineAnswer, DockerError>) -> Finding {
        guard !isDone, case .failure(let error) = result else { return .taken }
        return .untaken("\(error)")
    }
}

extension LiveContainer {
    /// Whether the last start met what an engine that died during an earlier one had left of this very container.
    ///
    /// The engine has no word for it but the runtime's text. Taking it for something else only means that a person
    /// has to help.
    fileprivate var hasRemains: Bool {
        error.contains(id)
            && ["already exists", "file exists", "with id exists"].contains(where: error.contains)
    }
}
