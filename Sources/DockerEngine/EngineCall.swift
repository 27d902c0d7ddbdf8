public import DesiredState
public import Planning

/// One call to the engine: everything that fatesync asks of it, and nothing more.
///
/// Containers are addressed by full id: the engine takes a shorter text for the beginning of any id.
public enum EngineCall: Sendable, Equatable {
    /// Creates the container with the networks that `ContainerSpec.networksAtCreate` names.
    case createContainer(ContainerSpec, name: String)
    case startContainer(id: String)
    /// `timeout`: seconds until SIGKILL.
    ///
    /// It also sets the call's deadline, so it should be the container's own when that is not the engine's
    /// default of ten.
    case stopContainer(id: String, timeout: Int?)
    case restartContainer(id: String, timeout: Int?)
    case unpauseContainer(id: String)
    case renameContainer(id: String, to: String)
    /// Removes the container; its anonymous volumes stay.
    case removeContainer(id: String, force: Bool)
    /// Removes the container, running or not, with the anonymous volumes that were made for it.
    ///
    /// A volume that it mounts by name stays, even one that the engine had made for another container.
    case discardContainer(id: String)
    case updateContainer(id: String, ResourceUpdate)
    /// `network` is an id or a name.
    case connectNetwork(container: String, network: String, EndpointSpec)
    /// Also lets go of a network that does not exist any more.
    case disconnectNetwork(container: String, network: String)
    case createNetwork(NetworkSpec)
    case removeNetwork(id: String)
    /// Answers with the volume that has the name, which may be an older one with other options.
    case createVolume(VolumeSpec)
    /// Success says that the stream ended well; `inspectImage` says whether the image is there.
    case pullImage(String, RegistryCredential?)
    case inspectContainer(id: String)
    /// Whether a path exists in the container, started or not; a missing one is refused with 404.
    case findPath(id: String, path: String)
    /// Prepares a command in a running container.
    case createExec(container: String, command: [String])
    /// Starts a prepared command and does not wait for it.
    case startExec(id: String)
    case inspectExec(id: String)
    case inspectImage(String)
    case inspectNetwork(id: String)
    case inspectVolume(name: String)
}

/// The exact bytes of a call, as the journal records them.
///
/// Credentials travel in a header and are not part of it.
public struct EngineRequest: Sendable, Equatable {
    public let method: String
    /// With version prefix and query.
    public let path: String
    public let body: [UInt8]
}

/// What the engine said to a call.
public enum EngineAnswer: Sendable, Equatable {
    /// A new container or network; warnings tell what the engine did not do.
    case created(id: String, warnings: [String])
    case done(warnings: [String])
    /// 304: it was so already. A stop may be under way, so this is no proof of a running container.
    case unchanged
    case container(LiveContainer)
    case image(LiveImage)
    case network(LiveNetwork)
    case volume(LiveVolume)
    case pulled(digest: String?)
    /// A command in a container; `nil` while it runs.
    case command(exitCode: Int?)
}

extension EngineCall {
    /// Whether the call may change something in the engine.
    public var isMutation: Bool {
        switch self {
        case .inspectContainer, .inspectImage, .inspectNetwork, .inspectVolume, .findPath, .inspectExec: false
        default: true
        }
    }

    /// What the call does, as it follows "cannot" in an error.
    var operation: String {
        switch self {
        case .createContainer(_, let name): "create container \(name)"
        case .startContainer(let id): "start container \(id.shortID)"
        case .stopContainer(let id, _): "stop container \(id.shortID)"
        case .restartContainer(let id, _): "restart container \(id.shortID)"
        case .unpauseContainer(let id): "unpause container \(id.shortID)"
        case .renameContainer(let id, let name): "rename container \(id.shortID) to \(name)"
        case .removeContainer(let id, _), .discardContainer(let id): "remove container \(id.shortID)"
        case .findPath(let id, let path): "find \(path) in container \(id.shortID)"
        case .createExec(let id, let command):
            "prepare \(command.first ?? "-") in container \(id.shortID)"
        case .startExec(let id): "start command \(id.shortID)"
        case .inspectExec(let id): "inspect command \(id.shortID)"
        case .updateContainer(let id, _): "update container \(id.shortID)"
        case .connectNetwork(let id, let network, _):
            "connect container \(id.shortID) to network \(network.shortID)"
        case .disconnectNetwork(let id, let network):
            "disconnect container \(id.shortID) from network \(network.shortID)"
        case .createNetwork(let spec): "create network \(spec.name)"
        case .removeNetwork(let id): "remove network \(id.shortID)"
        case .createVolume(let spec): "create volume \(spec.name)"
        case .pullImage(let reference, _): "pull image \(reference)"
        case .inspectContainer(let id): "inspect container \(id.shortID)"
        case .inspectImage(let reference): "inspect image \(reference)"
        case .inspectNetwork(let id): "inspect network \(id.shortID)"
        case .inspectVolume(let name): "inspect volume \(name)"
        }
    }
}

extension String {
    /// Whether the text is a whole id, and not the beginning of one or a name.
    var isFullID: Bool {
        utf8.count == 64 && utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Whether the text can be the id of a network that a swarm manages.
    var isSwarmID: Bool {
        utf8.count == 25 && utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
    }

    /// The first twelve digits of an id, as people know it from `docker ps`; other text as it is.
    var shortID: String { isFullID ? String(prefix(12)) : self }
}
