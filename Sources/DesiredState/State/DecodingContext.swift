/// What the decoder has to know about the host that it decodes for.
public struct DecodingContext: Sendable {
    /// What stands in rendered files and containers where a secret goes.
    public enum SecretMode: Sendable {
        /// The secret; a missing one is a mistake.
        case values
        /// `<secret NAME>`, for output that people read.
        case placeholders
    }

    /// The host whose parties are wanted.
    public var host: String
    /// The value of `BASE_DIR`: an absolute path without a slash at its end.
    public var dataDirectory: String
    /// Values of `type: secret` by `NAME`, or by `PARTY/NAME` or `PARTY_NAME` for one party alone.
    public var secrets: [String: String]
    public var secretMode: SecretMode

    public init(
        host: String, dataDirectory: String, secrets: [String: String] = [:],
        secretMode: SecretMode = .values
    ) {
        self.host = host
        self.dataDirectory = dataDirectory
        self.secrets = secrets
        self.secretMode = secretMode
    }

    /// The value of a secret; the most specific one wins.
    func secret(_ name: String, of party: String) -> String? {
        secrets["\(party)/\(name)"] ?? secrets["\(party)_\(name)"] ?? secrets[name]
    }
}
