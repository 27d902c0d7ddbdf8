public import DesiredState

/// A kind of change that waits for a person where the host's configuration says so.
public enum ApprovalClass: String, Sendable, CaseIterable {
    case restart
    case recreate
    /// A recreate of a service that keeps data: in a volume, or in the directories of `data` in blueprint.yaml.
    case statefulRecreate = "stateful-recreate"
    case networkRecreate = "network-recreate"
    case removal

    /// The kinds that a step is of.
    ///
    /// - Parameter stateful: Names of containers that keep data.
    static func of(_ step: Plan.Step, stateful: Set<String>) -> Set<ApprovalClass> {
        switch step.rung {
        case .restart: [.restart]
        case .recreate: stateful.contains(step.object) ? [.recreate, .statefulRecreate] : [.recreate]
        case .networkRecreate: [.networkRecreate]
        case .remove: [.removal]
        case .create, .writeFile, .signal, .updateInPlace, .networkConnect, .start: []
        }
    }
}

extension Plan {
    /// Why a party's part waits for a person: the kinds of change among the given ones, with what they are done to.
    public func approvals(
        of party: String, among classes: Set<ApprovalClass>, services: [ServiceSpec]
    ) -> [String] {
        let stateful = Set(services.filter(\.keepsData).map(\.container.name))
        var objects: [ApprovalClass: Set<String>] = [:]
        for step in steps where step.party == party {
            for kind in ApprovalClass.of(step, stateful: stateful).intersection(classes) {
                objects[kind, default: []].insert(step.object)
            }
        }
        return objects.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, names in
            "\(kind.rawValue) needs approval on this host: \(names.sorted().joined(separator: ", "))"
        }
    }
}

extension ServiceSpec {
    fileprivate var keepsData: Bool {
        !data.isEmpty || container.mounts.contains { $0.kind == .volume && !$0.readOnly }
    }
}
