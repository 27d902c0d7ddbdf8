/// A route of the engine's host to a network.
public struct HostRoute: Sendable, Equatable {
    /// Such as `192.168.0.0/16`.
    public var subnet: String
    public var interface: String

    public init(subnet: String, interface: String) {
        self.subnet = subnet
        self.interface = interface
    }
}

/// A port of the engine's host that a process listens at and no container publishes.
public struct HostListener: Sendable, Equatable {
    /// `0.0.0.0` and `::` are every address.
    public var address: String
    public var port: Int
    public var proto: String
    /// For people: `process 4711 (nginx)`.
    public var process: String

    public init(address: String, port: Int, proto: String, process: String) {
        self.address = address
        self.port = port
        self.proto = proto
        self.process = process
    }
}
