/// Where an engine listens.
public struct DockerEndpoint: Sendable, Equatable, CustomStringConvertible {
    enum Transport: Sendable, Equatable {
        case unix(path: String)
        case tcp(authority: String, tls: TLSFiles?)
    }

    let transport: Transport
    /// The endpoint as it was written.
    public let description: String

    /// Reads `unix:///path` or `tcp://host:port`.
    ///
    /// Plain `tcp://` is allowed on loopback only: whoever reaches an open port of an engine is root there.
    /// `tls` has no meaning for a unix socket.
    public init(parsing text: String, tls: TLSFiles? = nil) throws(DockerError) {
        func invalid(_ reason: String) -> DockerError {
            DockerError(.invalidEndpoint, "use Docker endpoint \(text)", reason)
        }
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/") else { throw invalid("the path of a unix socket must be absolute") }
            guard path.utf8.count <= 107 else {
                throw invalid(
                    "the path has \(path.utf8.count) bytes; the kernel allows 107 for a unix socket")
            }
            transport = .unix(path: path)
        } else if text.hasPrefix("tcp://") {
            let authority = String(text.dropFirst("tcp://".count))
            guard let host = Self.host(of: authority) else { throw invalid("write it as tcp://host:port") }
            guard tls != nil || Self.isLoopback(host) else {
                throw invalid(
                    "without TLS only a loopback address is allowed; give CA, certificate and key files")
            }
            transport = .tcp(authority: authority, tls: tls)
        } else {
            throw invalid("write it as unix:///path or tcp://host:port")
        }
        description = text
    }

    /// Whether the engine is on this host, as far as its address tells.
    public var isLocal: Bool {
        if case .unix = transport { true } else { false }
    }

    /// The socket of an engine on this host; `nil` for one that is reached over TCP.
    public var socketPath: String? {
        if case .unix(let path) = transport { path } else { nil }
    }

    /// What the paths of the API are appended to.
    var baseURL: String {
        switch transport {
        case .unix: "http://localhost"
        case .tcp(let authority, .none): "http://\(authority)"
        case .tcp(let authority, .some): "https://\(authority)"
        }
    }

    private static func host(of authority: String) -> String? {
        guard let colon = authority.lastIndex(of: ":") else { return nil }
        var host = authority[..<colon]
        guard let port = Int(authority[authority.index(after: colon)...]), (1...65535).contains(port),
            !host.isEmpty
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let isPlain = host.utf8.allSatisfy { byte in
            Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":")].contains(byte)
        }
        return isPlain ? String(host) : nil
    }

    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isIPv4 = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
        return host == "localhost" || host == "::1" || (isIPv4 && parts[0] == "127")
    }
}

/// The files that prove to a remote engine who asks, and to us who answers.
public struct TLSFiles: Sendable, Equatable {
    public var certificateAuthority: String
    public var certificate: String
    public var key: String

    public init(certificateAuthority: String, certificate: String, key: String) {
        self.certificateAuthority = certificateAuthority
        self.certificate = certificate
        self.key = key
    }
}
