public import DesiredState

/// One change: exactly one call to the engine, or one write to the host.
public enum Action: Sendable, Equatable {
    case makeDirectory(DirectorySpec)
    case writeFile(FileSpec, WriteMethod)
    case pullImage(String)
    case createNetwork(NetworkSpec)
    case removeNetwork(id: String)
    case createVolume(VolumeSpec)
    /// Creates the container under `name`, which differs from `spec.name` while an old one still serves.
    case createContainer(ContainerSpec, name: String)
    case connectNetwork(ContainerReference, network: String, EndpointSpec)
    case disconnectNetwork(ContainerReference, network: String)
    case updateContainer(ContainerReference, ResourceUpdate)
    case renameContainer(ContainerReference, to: String)
    case startContainer(ContainerReference)
    /// Looks whether the container, which was never started, could run: its program is there, and no foreign
    /// process or container holds one of the host's `ports`.
    ///
    /// Changes nothing, and passes where it cannot tell.
    case checkContainer(ContainerReference, ports: [PortBinding])
    /// Reads until the container has proved itself; changes nothing but for a probe that runs a command in it.
    case awaitContainer(ContainerReference, Readiness)
    case unpauseContainer(ContainerReference)
    /// `timeout`: the container's own seconds between SIGTERM and SIGKILL; `nil` is the engine's default.
    case stopContainer(ContainerReference, timeout: Int?)
    /// Sends a signal to the main process from the host: through the engine it would disarm `unless-stopped`.
    case signalContainer(ContainerReference, SignalDelivery)
    case restartContainer(ContainerReference, timeout: Int?)
    /// Removes a stopped container; anonymous volumes stay.
    case removeContainer(ContainerReference, force: Bool)
    /// Removes a container that never served, whatever it does, with the anonymous volumes that were made for it.
    case discardContainer(ContainerReference)

    /// How the container that is waited for proves itself.
    public var readiness: Readiness? {
        if case .awaitContainer(_, let readiness) = self { readiness } else { nil }
    }

    /// The action's name in the plan, the journal and the progress.
    public var name: String {
        switch self {
        case .makeDirectory: "directory.create"
        case .writeFile: "file.write"
        case .signalContainer: "container.signal"
        case .pullImage: "image.pull"
        case .createNetwork: "network.create"
        case .removeNetwork: "network.remove"
        case .createVolume: "volume.create"
        case .createContainer: "container.create"
        case .connectNetwork: "network.connect"
        case .disconnectNetwork: "network.disconnect"
        case .updateContainer: "container.update"
        case .renameContainer: "container.rename"
        case .startContainer: "container.start"
        case .checkContainer: "container.check"
        case .awaitContainer: "container.await"
        case .unpauseContainer: "container.unpause"
        case .stopContainer: "container.stop"
        case .restartContainer: "container.restart"
        case .removeContainer, .discardContainer: "container.remove"
        }
    }
}

/// Which container a step means.
public enum ContainerReference: Sendable, Equatable, Hashable {
    /// An existing container, by full id.
    case id(String)
    /// The container that an earlier step of the same plan creates.
    case created(byStep: Int)
}

/// How a config file is written.
public enum WriteMethod: Sendable, Equatable {
    /// A new file takes the place of the old one at once: readers find the old bytes or the new ones.
    case rename
    /// The bytes of the file itself change, which is seen through a mount of the single file too.
    case inPlace
}

/// A signal to a container's main process.
public struct SignalDelivery: Sendable, Equatable {
    public var signal: ReloadSignal
    /// The process that it is meant for; never sent to another one with the same number.
    public var process: ProcessIdentity
    /// Absolute paths of the config files that it is to reread.
    public var files: [String]

    public init(signal: ReloadSignal, process: ProcessIdentity, files: [String]) {
        self.signal = signal
        self.process = process
        self.files = files
    }
}

/// The fields that the engine can change in a running container.
///
/// `nil` leaves a field as it is.
public struct ResourceUpdate: Sendable, Equatable, Codable {
    public var restart: RestartPolicy?
    public var memory: Int64?
    public var memorySwap: Int64?
    public var nanoCPUs: Int64?
    public var pidsLimit: Int64?

    public init(
        restart: RestartPolicy? = nil, memory: Int64? = nil, memorySwap: Int64? = nil,
        nanoCPUs: Int64? = nil, pidsLimit: Int64? = nil
    ) {
        self.restart = restart
        self.memory = memory
        self.memorySwap = memorySwap
        self.nanoCPUs = nanoCPUs
        self.pidsLimit = pidsLimit
    }
}
