/// How a service shows that it serves, for containers whose image and compose.yaml have no healthcheck.
public struct Probe: Sendable, Equatable, Codable {
    public enum Check: Sendable, Equatable, Codable {
        /// A connection to this port of the container is accepted.
        case tcp(port: Int)
        /// A GET of this path is answered with a status from 200 to 399.
        case http(port: Int, path: String)
        /// This command, run in the container, ends with 0.
        case exec([String])
    }

    public var check: Check
    /// Seconds that a started container has until it must have passed once.
    public var timeout: Int

    public init(_ check: Check, timeout: Int = Self.defaultTimeout) {
        self.check = check
        self.timeout = timeout
    }

    /// A JVM or MySQL on a loaded host starts within it.
    public static let defaultTimeout = 60
}

extension Probe: CustomStringConvertible {
    /// The check in the words of blueprint.yaml, such as `tcp 9370`.
    public var description: String {
        switch check {
        case .tcp(let port): "tcp \(port)"
        case .http(let port, let path): "http \(port)\(path)"
        case .exec(let command): "exec \(command.joined(separator: " "))"
        }
    }
}
