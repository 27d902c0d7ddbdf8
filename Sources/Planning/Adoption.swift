/// What adopting finds on a host: objects of the desired state that somebody else made.
public struct Adoption: Sendable, Equatable {
    public enum Kind: String, Sendable, Codable {
        case container, network, volume
    }

    /// An object that is recognised.
    public struct Object: Sendable, Equatable, Codable {
        public var party: String
        public var kind: Kind
        /// Its name on the host.
        public var name: String
        /// Full id; `nil` for a volume, which has none.
        public var id: String?
        /// The service that a container stands for; for a network or volume, its name.
        public var standsFor: String
        /// What it was recognised by, for people.
        public var evidence: String
    }

    /// An object that looks like one of the party's and is not taken.
    public struct Refusal: Sendable, Equatable, Codable {
        public var party: String
        public var kind: Kind
        public var name: String
        public var reason: String
    }

    public var objects: [Object] = []
    public var refusals: [Refusal] = []

    public init() {}

    public var isEmpty: Bool { objects.isEmpty && refusals.isEmpty }

    /// What each party takes over, by party id.
    public var adopted: [String: AdoptedObjects] {
        objects.reduce(into: [:]) { result, object in
            switch (object.kind, object.id) {
            case (.container, let id?):
                result[object.party, default: .init()].containers[id] = object.standsFor
            case (.network, let id?): result[object.party, default: .init()].networks[id] = object.standsFor
            default:
                var volumes = AdoptedObjects()
                volumes.volumes = [object.name]
                result[object.party, default: .init()].add(volumes)
            }
        }
    }

    /// Names that Compose gives to the first container of a service: those of its version 1 and of version 2.
    public static func composeNames(project: String, service: String) -> [String] {
        ["\(project)_\(service)_1", "\(project)-\(service)-1"]
    }
}
