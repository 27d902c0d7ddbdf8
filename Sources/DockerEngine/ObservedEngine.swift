public import Planning

/// What a snapshot is about.
public struct ObservationScope: Sendable, Equatable {
    /// The value of the host label that makes a container ours.
    public var host: String
    /// Names that the desired state wants, whoever has them.
    public var containerNames: Set<String>
    public var imageReferences: Set<String>

    public init(host: String, containerNames: Set<String>, imageReferences: Set<String>) {
        self.host = host
        self.containerNames = containerNames
        self.imageReferences = imageReferences
    }
}

/// The engine's part of the live state, read at one time.
public struct ObservedEngine: Sendable, Equatable {
    public var engine: EngineIdentity
    /// Containers within the scope, by full id.
    public var containers: [String: LiveContainer] = [:]
    /// All networks, by full id.
    public var networks: [String: LiveNetwork] = [:]
    /// All volumes, by name.
    public var volumes: [String: LiveVolume] = [:]
    /// By the reference that was asked for; what is missing is not on this host.
    public var images: [String: LiveImage] = [:]
    /// Host ports that running containers hold, foreign ones included.
    public var publishedPorts: [PublishedPort] = []
}

/// A host port that a running container holds.
public struct PublishedPort: Sendable, Hashable {
    /// `0.0.0.0` and `::` are one entry each.
    public var hostAddress: String
    public var port: Int
    public var proto: String
    public var containerName: String
    public var containerID: String
}
