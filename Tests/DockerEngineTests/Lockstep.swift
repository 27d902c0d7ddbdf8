import DesiredState
import EngineModel
import Foundation

@testable import DockerEngine
@testable import Planning

/// One host twice, on a real engine and in the model: each action is done to both.
struct Lockstep {
    let lab: Lab
    var model: ModelHost
    /// Whether containers are started; creating them alone is ten times as fast.
    let isStarting: Bool
    /// Actions that both refused, with the engine's words.
    private(set) var refusals: [String] = []
    private(set) var actions = 0
    /// Ids in the model, by those of the engine.
    private var containers: [String: String] = [:]
    private var networks: [String: String] = [:]

    /// What the two did not do alike.
    struct Disagreement: Error, CustomStringConvertible {
        let description: String
    }

    init(lab: Lab, isStarting: Bool, images: [String: LiveImage]) throws {
        self.lab = lab
        self.isStarting = isStarting
        model = ModelHost(apiVersion: lab.client.engine?.apiVersion ?? "")
        model.live.images = images
        for network in try lab.observe().networks.values {
            if let own = model.network(named: network.spec.name) { networks[network.id] = own.id }
        }
    }

    /// Does an action to both; answers the model's id of a container that it made, `nil` where both refuse.
    @discardableResult
    mutating func perform(_ action: Action, _ created: [Int: String] = [:]) throws -> String? {
        switch action {
        case .writeFile, .pullImage, .signalContainer:
            _ = try model.perform(action, created)
            return ""
        case .makeDirectory(let directory):
            _ = try model.perform(action, created)
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
            return ""
        // The engine refuses it only while the container is still on the network "none", which live state leaves out.
        case .connectNetwork(.id(let id), _, _) where model.live.containers[id]?.spec.networkMode == "none":
            return nil
        default: break
        }
        actions += 1
        let before = model
        var refusal: String?
        var made: String?
        do throws(ModelHost.Refusal) {
            made = try model.perform(action, created)
        } catch {
            refusal = error.description
            model = before
        }
        let answer = try real(action, created, before: before)
        switch (answer, refusal) {
        case (.success(let answer), nil):
            if case .created(let id, _) = answer { remember(id, of: action, as: made) }
            return made ?? ""
        case (.failure(let text), _?):
            refusals.append("\(action.name): \(text)")
            return nil
        case (.success, let text?):
            throw Disagreement(description: "\(action.name): the engine does it, the model says: \(text)")
        case (.failure(let text), nil):
            throw Disagreement(description: "\(action.name): the model does it, the engine says: \(text)")
        }
    }

    private enum Answer {
        case success(EngineAnswer)
        case failure(String)
    }

    private func real(
        _ action: Action, _ created: [Int: String], before: ModelHost
    ) throws -> Answer {
        guard let call = call(for: action, created) else { return .success(.done(warnings: [])) }
        do {
            let answer = try lab.client.perform(call)
            // Nothing was done, because it was so already.
            return answer == .unchanged ? .failure("304") : .success(answer)
        } catch let error as DockerError where error.status != nil {
            return .failure(error.description)
        }
    }

    private mutating func remember(_ id: String, of action: Action, as made: String?) {
        if case .createNetwork(let spec) = action {
            networks[id] = model.network(named: spec.name)?.id
        } else {
            containers[id] = made
        }
    }

    private func call(for action: Action, _ created: [Int: String]) -> EngineCall? {
        func id(_ reference: ContainerReference) -> String {
            let own =
                switch reference {
                case .id(let id): id
                case .created(let step): created[step] ?? ""
                }
            return containers.first { $0.value == own }?.key ?? String(repeating: "0", count: 64)
        }
        switch action {
        case .createNetwork(let spec): return .createNetwork(spec)
        case .removeNetwork(let own):
            return .removeNetwork(id: networks.first { $0.value == own }?.key ?? "")
        case .createVolume(let spec): return .createVolume(spec)
        case .createContainer(let spec, let name): return .createContainer(spec, name: name)
        case .connectNetwork(let container, let network, let endpoint):
            return .connectNetwork(container: id(container), network: network, endpoint)
        case .disconnectNetwork(let container, let network):
            return .disconnectNetwork(container: id(container), network: network)
        case .updateContainer(let container, let update): return .updateContainer(id: id(container), update)
        case .renameContainer(let container, let name): return .renameContainer(id: id(container), to: name)
        case .startContainer(let container): return .startContainer(id: id(container))
        case .unpauseContainer(let container): return .unpauseContainer(id: id(container))
        case .stopContainer(let container, let timeout):
            return .stopContainer(id: id(container), timeout: timeout)
        case .restartContainer(let container, let timeout):
            return .restartContainer(id: id(container), timeout: timeout)
        case .removeContainer(let container, let force):
            return .removeContainer(id: id(container), force: force)
        case .discardContainer(let container): return .discardContainer(id: id(container))
        default: return nil
        }
    }

    /// Carries a plan out in its own order, without the starts and stops where containers are not started.
    mutating func carryOut(_ plan: Plan) throws {
        var created: [Int: String] = [:]
        for step in plan.steps where isStarting || !step.action.isAboutRunning {
            guard let id = try perform(step.action, created) else {
                let reason = refusals.last ?? ""
                throw Disagreement(description: "both refuse \(step.action.name) \(step.object): \(reason)")
            }
            created[step.id] = id
        }
    }
}

// MARK: - What both show

extension Lockstep {
    /// What the real engine shows, in the model's ids and on the model's clock.
    func observe() throws -> LiveState {
        let observed = try lab.observe()
        var live = model.live
        live.engine = observed.engine
        live.containers = [:]
        for container in observed.containers.values {
            guard let own = containers[container.id] else {
                throw Disagreement(description: "\(container.spec.name) is of nobody")
            }
            live.containers[own] = translated(container, own)
        }
        live.networks = model.live.networks.filter { $0.value.spec.labels.isEmpty }
        for network in observed.networks.values where network.spec.labels[Labels.host] == lab.host {
            guard let own = networks[network.id] else { continue }
            live.networks[own] = LiveNetwork(id: own, spec: network.spec)
        }
        let prefix = lab.host + "-"
        live.volumes = observed.volumes.filter { $0.key.hasPrefix(prefix) }
        return live
    }

    private func translated(_ container: LiveContainer, _ own: String) -> LiveContainer {
        var container = container
        if let name = container.spec.hostname, container.id.hasPrefix(name) {
            container.spec.hostname = String(own.prefix(12))
        }
        // A container that is gone has no name that could stand for it.
        if let mode = container.spec.networkMode, mode.hasPrefix("container:"),
            let other = containers[String(mode.dropFirst("container:".count))]
        {
            container.spec.networkMode = "container:\(other)"
        }
        container.id = own
        container.networkIDs = container.networkIDs.mapValues { networks[$0] ?? $0 }
        // Times differ, and mean nothing for this comparison.
        container.startedAt = model.live.containers[own]?.startedAt ?? ""
        container.createdAt = model.live.containers[own]?.createdAt ?? ""
        return container
    }

    /// Where the engine's containers, networks and volumes differ from the model's.
    func differences(_ real: LiveState) -> [String] {
        var result: [String] = []
        for id in Set(real.containers.keys).union(model.live.containers.keys) {
            guard let left = real.containers[id], let right = model.live.containers[id] else {
                result.append("container \(id.prefix(12)) is on one side only")
                continue
            }
            result += left.differences(from: named(right)).map { "\(left.spec.name) \($0)" }
        }
        let own = { (state: LiveState) in
            state.networks.values.filter { !$0.spec.labels.isEmpty }.map { "\($0.id) \($0.spec.name)" }
                .sorted()
        }
        if own(real) != own(model.live) { result.append("networks \(own(real)) and \(own(model.live))") }
        for (name, volume) in model.live.volumes where real.volumes[name]?.spec != volume.spec {
            result.append("volume \(name) \(String(describing: real.volumes[name])) and \(volume)")
        }
        return result
    }

    /// The model keeps the ids of shared containers, as the engine does; the client reads their names.
    private func named(_ container: LiveContainer) -> LiveContainer {
        var container = container
        if let mode = container.spec.networkMode, mode.hasPrefix("container:"),
            let other = model.live.containers[String(mode.dropFirst("container:".count))]
        {
            container.spec.networkMode = "container:\(other.spec.name)"
        }
        return container
    }
}

extension LiveContainer {
    /// The real one first.
    fileprivate func differences(from model: LiveContainer) -> [String] {
        let (left, right) = (
            spec.normalised(image: nil, containerID: id), model.spec.normalised(image: nil, containerID: id)
        )
        // With another namespace goes its name.
        let fields = ContainerField.all.filter { $0.name != "hostname" || !left.sharesNetworkNamespace }
        var result = fields.flatMap { field in
            field.changes(
                from: ComparedContainer(spec: left, imageID: imageID),
                to: ComparedContainer(spec: right, imageID: imageID))
        }.map { "\($0.field): \($0.old), in the model \($0.new)" }
        if left.networks != right.networks {
            result.append("networks: \(left.networks), in the model \(right.networks)")
        }
        if status != model.status { result.append("status: \(status), in the model \(model.status)") }
        if networkIDs != model.networkIDs {
            result.append("network ids: \(networkIDs), in the model \(model.networkIDs)")
        }
        if spec.name != model.spec.name {
            result.append("name: \(spec.name), in the model \(model.spec.name)")
        }
        if imageID != model.imageID { result.append("image: \(imageID), in the model \(model.imageID)") }
        return result
    }
}

extension Action {
    /// Whether the action starts, stops or waits for a process.
    var isAboutRunning: Bool {
        switch self {
        case .startContainer, .awaitContainer, .stopContainer, .restartContainer, .unpauseContainer: true
        default: false
        }
    }
}
