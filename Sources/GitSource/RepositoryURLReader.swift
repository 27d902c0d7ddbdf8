internal import DesiredState

/// Takes the text of a repository URL apart.
struct RepositoryURLReader {
    private(set) var transport = RepositoryURL.Transport.local
    private(set) var host = ""
    private(set) var port: Int?
    private(set) var user: String?
    private(set) var path = ""

    private let text: String

    init(_ text: String) {
        self.text = text
    }

    mutating func read() throws(GitError) {
        guard !text.isEmpty else { throw refusal("it is empty; write a path or a URL") }
        guard text.utf8.count < 4096 else { throw refusal("it is longer than 4095 bytes") }
        guard !text.unicodeScalars.contains(where: { $0.isUnsafeToPrint }) else {
            throw refusal("it contains a control character")
        }
        if text.hasPrefix("/") {
            path = text
        } else if let (scheme, rest) = text.split(at: "://") {
            try read(scheme: scheme, rest: rest)
        } else {
            try readShortForm()
        }
    }

    private mutating func read(scheme: Substring, rest: Substring) throws(GitError) {
        switch scheme.lowercased() {
        case "file": return try readFile(rest)
        case "http": transport = .http
        case "https": transport = .https
        case "ssh", "git+ssh", "ssh+git": transport = .ssh
        case "git": throw refusal("git:// authenticates nobody; use https:// or ssh://")
        default: throw refusal("this scheme is not supported; use \(Self.supported)")
        }
        guard let slash = rest.firstIndex(of: "/") else {
            throw refusal("the path after the host is missing")
        }
        try readAuthority(rest[..<slash])
        path = String(rest[slash...])
        guard path.count > 1 else { throw refusal("the path after the host is missing") }
        try checkPath()
    }

    private mutating func readFile(_ rest: Substring) throws(GitError) {
        let local = rest.hasPrefix("localhost/") ? rest.dropFirst("localhost".count) : rest
        guard local.hasPrefix("/") else {
            throw refusal("file:// takes an absolute path: file:///srv/state.git")
        }
        guard let decoded = String(local).percentDecoded,
            !decoded.unicodeScalars.contains(where: { $0.isUnsafeToPrint })
        else { throw refusal("a % sequence in the path is not valid") }
        path = decoded
    }

    /// `user@host:path`; a path that starts with `/` is the same as in `ssh://user@host/path`.
    private mutating func readShortForm() throws(GitError) {
        guard !text.contains("::") else {
            throw refusal("remote helpers are not supported; use \(Self.supported)")
        }
        guard let (login, rest) = text.split(at: ":"), !login.contains("/"), login.contains("@") else {
            throw refusal("it is neither an absolute path nor a URL; use \(Self.supported)")
        }
        transport = .ssh
        try readAuthority(login)
        path = String(rest)
        guard !path.isEmpty, !path.hasPrefix("-") else { throw refusal("the path after the host is missing") }
        try checkPath()
    }

    private mutating func readAuthority(_ authority: Substring) throws(GitError) {
        var server = authority
        if let mark = authority.lastIndex(of: "@") {
            let name = authority[..<mark]
            server = authority[authority.index(after: mark)...]
            guard !name.contains(":") else {
                throw refusal("it holds a password; put the password into a token file instead")
            }
            guard name.isPlain(besides: "._~+-"), !name.hasPrefix("-") else {
                throw refusal("the user is not valid")
            }
            user = String(name)
        }
        if server.hasPrefix("[") {
            guard let end = server.firstIndex(of: "]") else { throw refusal("the closing ] is missing") }
            try readHost(server[server.index(after: server.startIndex)..<end], besides: ":.")
            server = server[server.index(after: end)...]
        } else {
            let end = server.firstIndex(of: ":") ?? server.endIndex
            try readHost(server[..<end], besides: ".-_")
            server = server[end...]
        }
        try readPort(server)
    }

    private mutating func readHost(_ name: Substring, besides extra: String) throws(GitError) {
        guard name.isPlain(besides: extra), !name.hasPrefix("-") else {
            throw refusal("the host is not valid")
        }
        host = name.lowercased()
    }

    private mutating func readPort(_ rest: Substring) throws(GitError) {
        guard !rest.isEmpty else { return }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.isPlain(besides: ""), let number = Int(digits), 1...65535 ~= number
        else {
            throw refusal("the port is not a number from 1 to 65535")
        }
        port = number
    }

    /// A path goes to a shell on some ssh servers and into a request line over http.
    private func checkPath() throws(GitError) {
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !path.contains(where: { "'\"`$\\?#;&|<>".contains($0) })
        else { throw refusal("the path contains a space, a quote, `?`, `#` or another special character") }
    }

    private static let supported = "an absolute path, file://, https://, http://, ssh:// or user@host:path"

    private func refusal(_ reason: String) -> GitError {
        GitError(.invalid, "use the repository URL \"\(redacted)\"", reason)
    }

    /// The text without what stands before the last `@`: that may be a password.
    private var redacted: String {
        guard let mark = text.lastIndex(of: "@") else { return String(text.prefix(120)) }
        let scheme = text.split(at: "://").map { "\($0.0.filter { $0 != "@" })://" } ?? ""
        return "\(scheme.prefix(20))***\(text[mark...].prefix(120))"
    }
}

extension StringProtocol where SubSequence == Substring {
    /// What stands before and after the first `separator`.
    fileprivate func split(at separator: String) -> (Substring, Substring)? {
        var start = startIndex
        while start < endIndex {
            let rest = self[start...]
            if rest.hasPrefix(separator) { return (self[..<start], rest.dropFirst(separator.count)) }
            start = index(after: start)
        }
        return nil
    }

    /// Whether the text is not empty and holds ASCII letters, digits and these others only.
    fileprivate func isPlain(besides extra: String) -> Bool {
        !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || extra.contains($0) }
    }
}
