/// A port at which a party or an exchange is dialled, by what answers there.
public enum EndpointPort: String, Sendable, CaseIterable {
    /// rollsite of eggroll, or OSX.
    case port
    /// nginx, for FATE Flow of parties that compute on Spark.
    case http, grpc
    case rabbitmq
    /// Pulsar; of an exchange, the proxy in front of it.
    case pulsar
    case pulsarSSL
    /// The proxy of FATE-Serving that faces other parties.
    case serving

    /// The place of the port in the map `endpoint`.
    public var key: String { self == .port ? rawValue : "ports.\(rawValue)" }
}

/// Where somebody is dialled from outside his own network.
public struct Endpoint: Sendable, Hashable {
    public var address: String
    public var ports: [EndpointPort: Int]
    /// Whether rollsite or OSX expects TLS at `port`.
    public var isSecure: Bool

    public init(_ address: String, _ ports: [EndpointPort: Int], isSecure: Bool = false) {
        self.address = address
        self.ports = ports
        self.isSecure = isSecure
    }
}

extension Endpoint: CustomStringConvertible {
    /// Such as `10.10.0.1:9370`, or `10.10.0.1 http 9300, grpc 9310`.
    public var description: String {
        let named = EndpointPort.allCases.filter { $0 != .port }.compactMap { port in
            ports[port].map { "\(port.rawValue) \($0)" }
        }
        let first = ports[.port].map { "\(address):\($0)" } ?? address
        let secure = isSecure ? " (TLS)" : ""
        return first + secure + (named.isEmpty ? "" : " " + named.joined(separator: ", "))
    }
}
