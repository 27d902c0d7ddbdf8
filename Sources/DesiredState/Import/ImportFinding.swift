/// Something that an import says about what it read.
public struct ImportFinding: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Not in the state that was written: it is lost when fatesync takes over.
        case leftOut = "left out"
        /// Written differently on purpose, so that a plan shows it.
        case changed
        /// To be known, or to be done by a person.
        case note
    }

    public var kind: Kind
    /// Where it stands in what was read.
    public var location: SourceLocation
    /// On one line, with control characters escaped.
    public var message: String

    public init(_ kind: Kind, at location: SourceLocation, _ message: String) {
        self.kind = kind
        self.location = location
        self.message = message.escapingControls
    }

    init(_ kind: Kind, in file: String, _ message: String) {
        self.init(kind, at: SourceLocation(file: file), message)
    }
}

extension ImportFinding: Comparable, CustomStringConvertible {
    public static func < (left: Self, right: Self) -> Bool {
        (left.location, left.message) < (right.location, right.message)
    }

    /// `file:line:column: left out: message`.
    public var description: String {
        "\(location.file.escapingControls):\(location.line):\(location.column): \(kind.rawValue): \(message)"
    }
}

/// Why nothing could be imported at all.
public struct ImportError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
