import FoundationEssentials

/// What a registry wants to see before it hands out an image; it never shows itself in text.
public struct RegistryCredential: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    let username: String
    let password: String
    let identityToken: String?
    let registry: String

    public init(username: String, password: String, registry: String) {
        self.init(username: username, password: password, identityToken: nil, registry: registry)
    }

    private init(username: String, password: String, identityToken: String?, registry: String) {
        self.username = username
        self.password = password
        self.identityToken = identityToken
        self.registry = registry
    }

    public var description: String { "credential for \(registry)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The value of `X-Registry-Auth`: JSON in base64 with the alphabet for URLs.
    var headerValue: String {
        let json: JSONText =
            if let identityToken {
                ["identitytoken": .string(identityToken), "serveraddress": .string(registry)]
            } else {
                [
                    "username": .string(username), "password": .string(password),
                    "serveraddress": .string(registry),
                ]
            }
        let base64 = Data(json.utf8).base64EncodedString()
        return String(
            base64.map { character in
                switch character {
                case "+": "-"
                case "/": "_"
                default: character
                }
            })
    }
}

extension RegistryCredential {
    /// The credential for `reference` in the bytes of a Docker `config.json`; `nil` when it has none.
    ///
    /// Only what stands in the file itself counts. A credential helper is a program that fatesync does not
    /// run, so a registry that needs one is an error and not "no credential".
    public static func find(
        for reference: String, inDockerConfig bytes: [UInt8]
    ) throws(DockerError) -> RegistryCredential? {
        let registry = ImageReference(reference).registry
        let operation = "read the credential for registry \(registry) in the Docker config file"
        let config: DockerConfigFile = try decodeJSON(bytes, operation)
        let entry = config.auths?.first { normalised($0.key) == registry }?.value
        if let entry, let credential = try entry.credential(registry: registry, operation) {
            return credential
        }
        // `docker login` leaves an empty entry where a store keeps the credential itself.
        let ownHelper = config.credHelpers?.first { normalised($0.key) == registry }?.value
        if let helper = ownHelper ?? (entry == nil ? nil : config.credsStore) {
            throw DockerError(
                .invalidCall, operation,
                "it is kept by the credential helper \"\(helper)\", which fatesync does not run; "
                    + "log in with a config file that has no credsStore and no credHelpers")
        }
        return nil
    }

    /// Docker Hub has an old URL as its key; others may be written with scheme and path.
    private static func normalised(_ key: String) -> String {
        var host = key[...]
        for scheme in ["https://", "http://"] where host.hasPrefix(scheme) {
            host = host.dropFirst(scheme.count)
        }
        host = host.prefix { $0 != "/" }
        return ["index.docker.io", "registry-1.docker.io"].contains(host) ? "docker.io" : String(host)
    }

    private struct DockerConfigFile: Decodable {
        var auths: [String: Entry]?
        var credHelpers: [String: String]?
        var credsStore: String?
    }

    private struct Entry: Decodable {
        var auth: String?
        var identitytoken: String?

        func credential(
            registry: String, _ operation: String
        ) throws(DockerError) -> RegistryCredential? {
            // Docker Hub knows itself by its old URL.
            let address = registry == "docker.io" ? "https://index.docker.io/v1/" : registry
            if let identitytoken, !identitytoken.isEmpty {
                return RegistryCredential(
                    username: "", password: "", identityToken: identitytoken, registry: address)
            }
            guard let auth, !auth.isEmpty else { return nil }
            let decoded = Data(base64Encoded: auth).map { String(decoding: $0, as: UTF8.self) }
            guard let decoded, let colon = decoded.firstIndex(of: ":") else {
                throw DockerError(.undecodable, operation, "its \"auth\" is not the base64 of user:password")
            }
            return RegistryCredential(
                username: String(decoded[..<colon]),
                password: String(decoded[decoded.index(after: colon)...].filter { $0 != "\0" }),
                registry: address)
        }
    }
}
