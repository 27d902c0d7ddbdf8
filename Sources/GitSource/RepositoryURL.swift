/// Where the state repository is: checked, without a password, safe to print.
///
/// An absolute path, `file://`, `http://`, `https://`, `ssh://` or the short form `user@host:path` of ssh.
/// Every other form that git knows would start a program or speak a protocol without authentication.
public struct RepositoryURL: Sendable, Equatable {
    /// How the repository is reached.
    public enum Transport: String, Sendable {
        case local, http, https, ssh
    }

    public let transport: Transport
    /// The server's name in lower case, an IPv6 address without brackets; empty for a local repository.
    public let host: String
    /// The port if the URL names one.
    public let port: Int?
    /// The user that the URL names.
    public let user: String?
    /// The path on the server; relative to the user's home only in the short form of ssh.
    public let path: String

    /// Reads the text that an operator wrote.
    ///
    /// - Throws: `GitError` with code `.invalid`; it never shows what stands before an `@`.
    public init(parsing text: String) throws(GitError) {
        var reader = RepositoryURLReader(text)
        try reader.read()
        transport = reader.transport
        host = reader.host
        port = reader.port
        user = reader.user
        path = reader.path
    }
}

extension RepositoryURL: CustomStringConvertible {
    /// The URL for people.
    ///
    /// The user of an http URL is left out, because some put a token there.
    public var description: String {
        switch transport {
        case .local: path
        case .http, .https: origin + path
        case .ssh where isRelative: "\(loginName)@\(host):\(path)"
        case .ssh: "ssh://\(loginName)@\(authority)\(path)"
        }
    }
}

extension RepositoryURL {
    /// The user to log in as over ssh; `git` is what the hosting services use.
    var loginName: String { user ?? "git" }

    /// The URL as libgit2 gets it.
    ///
    /// A local path goes as `file://`, since libgit2 takes a path with a colon for ssh.
    var address: String {
        switch transport {
        case .local: "file://" + path.percentEncoded
        default: description
        }
    }

    /// Scheme, host and port.
    var origin: String { "\(transport.rawValue)://\(authority)" }

    /// The server's name as it stands in known_hosts: the port is written unless it is 22.
    var knownHostsName: String {
        guard let port, port != 22 else { return host }
        return "[\(host)]:\(port)"
    }

    private var isRelative: Bool { !path.hasPrefix("/") }

    private var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }
}

extension String {
    /// The text with everything but unreserved characters and `/` written as `%XX`.
    var percentEncoded: String {
        var result = ""
        for byte in utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII,
                scalar.properties.isAlphabetic || "0123456789-._~/".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    /// The text with every `%XX` replaced by its byte, or nil if that is not UTF-8 or not well formed.
    var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = Substring(self).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
