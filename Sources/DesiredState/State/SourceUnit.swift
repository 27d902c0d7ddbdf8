/// A part of the state repository that is valid or invalid as a whole.
public enum SourceUnit: Hashable, Sendable {
    case federation
    case blueprint(String)
    case party(String)

    /// The unit that a path belongs to; `nil` for a path that no unit owns, such as `README.md`.
    public init?(path: String) {
        if path == "federation.yaml" {
            self = .federation
            return
        }
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts[1].isEmpty else { return nil }
        switch parts[0] {
        case "blueprints": self = .blueprint(String(parts[1]))
        case "parties": self = .party(String(parts[1]))
        default: return nil
        }
    }

    /// Whether a text can be the id of a party.
    public static func isPartyID(_ text: String) -> Bool { PartyFile.isID(text) }

    /// Whether a path belongs to this unit.
    public func owns(_ path: String) -> Bool { SourceUnit(path: path) == self }
}

extension SourceUnit: CustomStringConvertible {
    public var description: String {
        switch self {
        case .federation: "federation.yaml"
        case .blueprint(let name): "blueprints/\(name)"
        case .party(let id): "parties/\(id)"
        }
    }
}

extension SourceTree {
    /// The files below a directory, by their path below it.
    func files(below directory: String) -> [String: [UInt8]] {
        let prefix = directory + "/"
        var result: [String: [UInt8]] = [:]
        for (path, bytes) in files where path.hasPrefix(prefix) {
            result[String(path.dropFirst(prefix.count))] = bytes
        }
        return result
    }
}
