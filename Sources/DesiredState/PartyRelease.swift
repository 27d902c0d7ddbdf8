/// Which FATE a party's blueprint is made for, and which one its images are.
public struct PartyRelease: Sendable, Equatable {
    /// Name of the blueprint.
    public var blueprint: String
    /// Version of FATE that the files, commands and paths of the blueprint belong to, such as `1.5.1`.
    public var version: String?
    /// Tag of the party's FATE images.
    public var tag: String?
    public var upgrades: [Upgrade]

    /// What a person does before a party of an older release moves to this one.
    public struct Upgrade: Sendable, Equatable {
        /// Version of FATE or name of a blueprint.
        public var from: String
        public var steps: [String]

        public init(from: String, steps: [String]) {
            self.from = from
            self.steps = steps
        }
    }

    public init(
        blueprint: String, version: String? = nil, tag: String? = nil, upgrades: [Upgrade] = []
    ) {
        self.blueprint = blueprint
        self.version = version
        self.tag = tag
        self.upgrades = upgrades
    }

    /// The version that a tag such as `1.5.1-release` begins with; `nil` for any other tag.
    public static func version(ofTag tag: some StringProtocol) -> String? {
        let number = tag.prefix { "0123456789.".utf8.contains($0.asciiValue ?? 0) }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return String(number)
    }

    /// The tag of an image's name; `nil` when it has none.
    public static func tag(ofImage image: String) -> String? {
        let name = image.prefix { $0 != "@" }
        let last = name[(name.lastIndex(of: "/") ?? name.startIndex)...]
        return last.lastIndex(of: ":").map { String(last[last.index(after: $0)...]) }
    }
}
