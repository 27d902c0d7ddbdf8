/// A service of compose.yaml, with the places that later checks report.
struct ComposeService: Sendable, Equatable {
    /// `spec.name` is the key in compose.yaml; labels are those of compose.yaml alone.
    var spec: ServiceSpec
    /// Where the service is declared.
    var location: SourceLocation
    /// Its own name, or the one that Compose gives it; then the place is that of the service.
    var containerName: Located<String>
    var image: Located<String>
    /// Why the image may be another one on another day.
    var imageWarning: String?
    var ports: [Located<PortBinding>] = []
    var addresses: [ComposeAddress] = []
    /// Paths of the host that are mounted.
    var hostPaths: [Located<String>] = []
    /// Docker names of the volumes that are mounted.
    var volumes: [Located<String>] = []
    /// Devices that a driver injects.
    var devices: [Located<DeviceSelection>] = []
    /// Services that must exist before this one, for whatever reason.
    var dependencies: [Located<String>] = []
}

/// A fixed address of a service.
struct ComposeAddress: Sendable, Equatable {
    /// Docker name of the network.
    var network: String
    var address: Located<String>
}
