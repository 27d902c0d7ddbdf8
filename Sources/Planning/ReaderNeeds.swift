import DesiredState

/// What running containers need in order to see and read the config files of a plan.
struct ReaderNeeds {
    enum Reason: Int, CaseIterable {
        case changed, unreadable, removed, pinned, detached

        func text(_ names: [String]) -> String {
            let names = names.joined(separator: ", ")
            return switch self {
            case .changed: "\(names) changed"
            case .unreadable: "\(names) could not be read"
            case .removed: "\(names) lost an entry that its reader keeps"
            case .pinned: "\(names) is mounted singly"
            case .detached: "\(names) was replaced behind the mount"
            }
        }
    }

    /// The services to restart, in the order in which they are restarted.
    private(set) var restarts: [String] = []
    private var reasons: [String: [Reason: [String]]] = [:]
    private(set) var signals: [String: [ReloadSignal: [FileSpec]]] = [:]

    mutating func restart(_ service: String, _ reason: Reason, _ name: String) {
        if !restarts.contains(service) { restarts.append(service) }
        if reasons[service]?[reason]?.contains(name) == true { return }
        reasons[service, default: [:]][reason, default: []].append(name)
    }

    mutating func signal(_ service: String, _ signal: ReloadSignal, _ file: FileSpec) {
        signals[service, default: [:]][signal, default: []].append(file)
    }

    func causes(of service: String) -> [String] {
        Reason.allCases.compactMap { reason in reasons[service]?[reason].map(reason.text) }
    }
}
