internal import Crypto
internal import FoundationEssentials

/// The keys of ssh servers that the operator has pinned, in the format of OpenSSH's known_hosts.
struct KnownHosts {
    /// What the file says about a key that a server showed.
    enum Verdict: Equatable {
        case trusted
        case revoked
        /// The file has another key of the same type: another server, or somebody in between.
        case changed
        /// The file has keys of other types only.
        case otherTypes([String])
        case unknownHost
    }

    private struct Entry {
        let isRevoked: Bool
        let hosts: Substring
        let type: Substring
        let key: [UInt8]
    }

    private let entries: [Entry]

    /// Reads the text; lines that cannot be read pin nothing, as in OpenSSH.
    init(_ text: String) {
        entries = text.split(whereSeparator: \.isNewline).compactMap(Self.entry)
    }

    /// Looks for `key` under `host`, which is written as in the file: `name`, or `[name]:port`.
    func verdict(on key: [UInt8], of host: String) -> Verdict {
        let mine = entries.filter { Self.matches($0.hosts, host) }
        if mine.contains(where: { $0.isRevoked && $0.key == key }) { return .revoked }
        let pinned = mine.filter { !$0.isRevoked }
        if pinned.contains(where: { $0.key == key }) { return .trusted }
        guard !pinned.isEmpty else { return .unknownHost }
        let type = Self.type(of: key)
        guard pinned.contains(where: { $0.type == type }) else {
            return .otherTypes(Set(pinned.map { String($0.type) }).sorted())
        }
        return .changed
    }

    /// The keys that are pinned for `host`, by their type.
    func pinned(of host: String) -> [String: [UInt8]] {
        let mine = entries.filter { !$0.isRevoked && Self.matches($0.hosts, host) }
        return Dictionary(mine.map { (String($0.type), $0.key) }, uniquingKeysWith: { first, _ in first })
    }

    /// The type that stands at the start of a key, such as `ssh-ed25519`.
    static func type(of key: [UInt8]) -> String {
        guard key.count >= 4 else { return "unknown" }
        let length = key[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= min(64, key.count - 4) else { return "unknown" }
        return String(decoding: key[4..<4 + length], as: UTF8.self)
    }

    /// The fingerprint that `ssh-keygen -l` prints.
    static func fingerprint(of key: [UInt8]) -> String {
        let digest = Data(SHA256.hash(data: key)).base64EncodedString()
        return "SHA256:" + digest.prefix { $0 != "=" }
    }

    private static func entry(_ line: Substring) -> Entry? {
        var fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
        guard let first = fields.first, !first.hasPrefix("#") else { return nil }
        let isRevoked = first == "@revoked"
        if isRevoked { fields = fields.dropFirst() }
        // `@cert-authority` vouches for certificates, which libssh2 does not do.
        guard fields.count >= 3, let hosts = fields.first, !hosts.hasPrefix("@") else { return nil }
        let type = fields[fields.startIndex + 1]
        guard let key = Data(base64Encoded: String(fields[fields.startIndex + 2])) else { return nil }
        guard Self.type(of: Array(key)) == type else { return nil }
        return Entry(isRevoked: isRevoked, hosts: hosts, type: type, key: Array(key))
    }

    private static func matches(_ hosts: Substring, _ host: String) -> Bool {
        if hosts.hasPrefix("|") { return matchesHash(hosts, host) }
        var isFound = false
        for pattern in hosts.lowercased().split(separator: ",") {
            if pattern.hasPrefix("!") {
                if matchesPattern(pattern.dropFirst(), host[...]) { return false }
            } else if matchesPattern(pattern, host[...]) {
                isFound = true
            }
        }
        return isFound
    }

    /// `|1|salt|hash`, where the hash is HMAC-SHA1 of the name with the salt as key.
    private static func matchesHash(_ field: Substring, _ host: String) -> Bool {
        let parts = field.split(separator: "|")
        guard parts.count == 3, parts[0] == "1", let salt = Data(base64Encoded: String(parts[1])),
            let hash = Data(base64Encoded: String(parts[2]))
        else { return false }
        return HMAC<Insecure.SHA1>.isValidAuthenticationCode(
            hash, authenticating: Data(host.utf8), using: SymmetricKey(data: salt))
    }

    /// `*` stands for any text, `?` for one character.
    private static func matchesPattern(_ pattern: Substring, _ text: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        switch first {
        case "*":
            let rest = pattern.drop { $0 == "*" }
            return rest.isEmpty || text.indices.contains { matchesPattern(rest, text[$0...]) }
        case "?": return !text.isEmpty && matchesPattern(pattern.dropFirst(), text.dropFirst())
        default: return text.first == first && matchesPattern(pattern.dropFirst(), text.dropFirst())
        }
    }
}
