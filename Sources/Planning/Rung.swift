/// How much a change disturbs, from nothing to a new network; each plan takes the lowest rung that works.
public enum Rung: Int, Sendable, Comparable, Codable, CaseIterable {
    /// Makes something that was missing; no running process notices.
    case create
    case writeFile
    case signal
    case updateInPlace
    case networkConnect
    case start
    case restart
    case recreate
    case networkRecreate
    case remove

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The word for plans and the journal.
    public var name: String {
        switch self {
        case .create: "create"
        case .writeFile: "write file"
        case .signal: "signal"
        case .updateInPlace: "update in place"
        case .networkConnect: "connect network"
        case .start: "start"
        case .restart: "restart"
        case .recreate: "recreate"
        case .networkRecreate: "recreate network"
        case .remove: "remove"
        }
    }

    /// The rung that a plan or the journal calls so.
    public init?(name: String) {
        guard let rung = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = rung
    }
}
