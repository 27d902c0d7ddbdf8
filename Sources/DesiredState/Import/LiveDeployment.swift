/// Containers with all that belongs to them, as an engine shows them.
public struct LiveDeployment: Sendable {
    public struct Container: Sendable {
        /// Full id.
        public var id: String
        /// As the engine reports it, what the image brings included.
        public var spec: ContainerSpec
        /// What the image brings; `nil` when it is not known.
        public var image: ImageDefaults?

        public init(id: String, spec: ContainerSpec, image: ImageDefaults?) {
            self.id = id
            self.spec = spec
            self.image = image
        }
    }

    /// What an image gives to containers that say nothing else.
    public struct ImageDefaults: Sendable {
        public var command: [String] = []
        public var entrypoint: [String] = []
        /// `NAME=value` lines.
        public var environment: [String] = []
        public var labels: [String: String] = [:]
        public var exposedPorts: Set<String> = []
        /// Places that become anonymous volumes.
        public var volumes: Set<String> = []
        public var user = ""
        public var workingDirectory = ""
        public var stopSignal = ""
        public var healthcheck: Healthcheck?

        public init() {}
    }

    public var containers: [Container]
    public var networks: [NetworkSpec]
    public var volumes: [VolumeSpec]
    /// Config files by the directory `confs` that they are below, and their path there.
    public var confs: [String: [String: [UInt8]]] = [:]
    /// What the reader of the files left out.
    public var findings: [ImportFinding] = []

    public init(containers: [Container], networks: [NetworkSpec], volumes: [VolumeSpec]) {
        self.containers = containers.sorted { $0.spec.name < $1.spec.name }
        self.networks = networks
        self.volumes = volumes
    }

    /// The directories `confs` on the host that containers mount something of.
    public var confsDirectories: Set<String> { Set(containers.compactMap { Self.confsDirectory($0.spec) }) }

    /// The directory `confs` that a container mounts something of; `nil` for one that does not.
    static func confsDirectory(_ spec: ContainerSpec) -> String? {
        spec.mounts.filter { $0.kind == .bind }.map(\.source).sorted().lazy.compactMap { source in
            (source + "/").range(ofText: "/confs/").map { String(source[..<$0.lowerBound]) + "/confs" }
        }.first
    }

    /// Its networks beside those that every engine has.
    static func ownNetworks(_ spec: ContainerSpec) -> Set<String> {
        Set(spec.networks.keys).subtracting(["bridge", "host", "none"])
    }
}
