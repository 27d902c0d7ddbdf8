import DesiredState
import DockerEngine
import Glibc
import Planning

/// Finds out who holds a host port that a new container wants, while the old one still serves.
struct PortCheck {
    let published: [PublishedPort]
    /// Of an engine on this host; ports are bound where it listens.
    let socketPath: String?
    let service: NamespaceService?

    init(_ live: LiveState, _ endpoint: DockerEndpoint, through service: NamespaceService?) {
        published = live.publishedPorts
        socketPath = endpoint.socketPath
        self.service = service
    }

    /// Why the container could not have one of the ports; `nil` when nothing is known against it.
    func objection(to ports: [PortBinding]) -> String? {
        for port in ports {
            let text = "host port \(port.hostPort)/\(port.proto)"
            let holder = published.first { other in
                PortBinding(
                    containerPort: 0, proto: other.proto, hostAddress: other.hostAddress,
                    hostPort: other.port
                ).collides(with: port)
            }
            if let holder { return "\(text) is held by container \(holder.containerName)" }
            if isBound(port) { return "\(text) is held by a process of the host" }
        }
        return nil
    }

    private func isBound(_ port: PortBinding) -> Bool {
        let namespace = socketPath.flatMap { NetworkNamespace(ofListenerAt: $0, through: service) }
        guard port.proto == "tcp", let socket = namespace?.makeSocket() else { return false }
        defer { close(socket) }
        let host = port.hostAddress.isEmpty ? "0.0.0.0" : port.hostAddress
        guard let address = sockaddr_in(host, port: port.hostPort) else { return false }
        // As the engine does: connections of yesterday that are still closing hold nothing.
        var yes: Int32 = 1
        _ = setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return address.withGenericPointer { bind(socket, $0, $1) } != 0 && errno == EADDRINUSE
    }
}
