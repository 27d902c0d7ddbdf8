/// The qualified name of a device of the Container Device Interface, such as `vendor.com/class=name`.
public struct CDIName: Sendable, Hashable, CustomStringConvertible {
    /// Vendor and class, such as `nvidia.com/gpu`.
    public let kind: String
    /// The device among those of its kind, such as `0`.
    public let device: String

    /// Reads a name; `nil` unless it has the form that the engine takes.
    public init?(_ text: String) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, text.utf8.count <= 512 else { return nil }
        let kind = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        guard kind.count == 2, kind.allSatisfy(Self.isKindPart), Self.isDevice(halves[1]) else { return nil }
        self.kind = String(halves[0])
        device = String(halves[1])
    }

    public var description: String { "\(kind)=\(device)" }

    /// Whether a text can be a vendor or a class.
    static func isKindPart(_ text: Substring) -> Bool {
        guard let first = text.first, let last = text.last, !first.isNumber else { return false }
        return String(first).isAlphanumeric(or: "") && String(last).isAlphanumeric(or: "")
            && text.isAlphanumeric(or: "-_.")
    }

    /// Whether a text can be the name of a device of a kind.
    static func isDevice(_ text: Substring) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        return String(first).isAlphanumeric(or: "") && String(last).isAlphanumeric(or: "")
            && text.isAlphanumeric(or: "-_.:")
    }
}
