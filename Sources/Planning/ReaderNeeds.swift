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
    private(set) var spared: [(service: String, path: String)] = []
    /// The keys for whose sake a service restarts, for people, by service and file.
    private var keys: [String: [String: String]] = [:]

    mutating func restart(_ service: String, _ reason: Reason, _ name: String) {
        if !restarts.contains(service) { restarts.append(service) }
        if reasons[service]?[reason]?.contains(name) == true { return }
        reasons[service, default: [:]][reason, default: []].append(name)
    }

    mutating func signal(_ service: String, _ signal: ReloadSignal, _ file: FileSpec) {
        if signals[service]?[signal]?.contains(where: { $0.path == file.path }) == true { return }
        signals[service, default: [:]][signal, default: []].append(file)
    }

    mutating func name(_ list: String, of file: String, for service: String) {
        keys[service, default: [:]][file] = list
    }

    /// Notes that a service goes on with what it has read of a file.
    mutating func spare(_ service: String, _ path: String) { spared.append((service, path)) }

    func causes(of service: String) -> [String] {
        Reason.allCases.compactMap { reason in
            reasons[service]?[reason].map { names in
                reason.text(names.map { reason == .changed ? $0 + (keys[service]?[$0] ?? "") : $0 })
            }
        }
    }

    /// The services that restart for the sake of a file, in that order.
    func restarts(for file: String) -> [String] {
        restarts.filter { service in reasons[service]?.values.contains { $0.contains(file) } == true }
    }
}
