public import Planning

/// What a snapshot is about.
public struct ObservationScope: Sendable, Equatable {
    /// The value of the host label that makes a container ours.
    public var host: String
    /// Names that the desired state wants, whoever has them.
    public var containerNames: Set<String>
    /// Full ids of containers without the label that are ours by adoption.
    public var containerIDs: Set<String> = []
    /// Compose projects whose containers may be adopted.
    public var composeProjects: Set<String> = []
    public var imageReferences: Set<String>
    /// Whether the images of containers in scope are read too.
    public var includesImagesInUse: Bool

    public init(
        host: String, containerNames: Set<String> = [], imageReferences: Set<String> = [],
        includesImagesInUse: Bool = false
    ) {
        self.host = host
        self.containerNames = containerNames
        self.imageReferences = imageReferences
        self.includesImagesInUse = includesImagesInUse
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
    /// What the list of containers said, to read more of them later.
    var list: [WireContainerSummary] = []
    /// Image references that were asked for, present or not.
    var askedImages: Set<String> = []
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
