import DesiredState

extension Planner {
    /// Containers that stand for a service under another name than it desires, by that name.
    ///
    /// So it is after `container_name` changed, and with a container that Compose had made: a rename disturbs
    /// nobody, so nothing has to be made anew.
    static func misnamed(
        in ours: [String: LiveContainer], foreign: [String: LiveContainer], _ parties: [PartyResources]
    ) -> [String: LiveContainer] {
        let wanted = Set(parties.flatMap { $0.services.map(\.container.name) })
        var result: [String: LiveContainer] = [:]
        for party in parties {
            for service in party.services {
                let name = service.container.name
                // The old one of an interrupted recreate has been renamed already.
                guard foreign[name] == nil, ours[name] == nil, ours[PlanNames.old(name)] == nil else {
                    continue
                }
                let standing = ours.values.filter { container in
                    let labels = container.spec.labels
                    return labels[Labels.party] == party.party && labels[Labels.service] == service.name
                        && !wanted.contains(container.spec.name)
                        && PlanNames.lasting(container.spec.name) == nil && container.status != .dead
                }
                // The one that serves; of several, the others go.
                result[name] = standing.min { left, right in
                    (left.status == .running ? 0 : 1, left.spec.name)
                        < (right.status == .running ? 0 : 1, right.spec.name)
                }
            }
        }
        return result
    }

    /// Whether the plan gives the container the name that its service desires.
    func isMisnamed(_ container: LiveContainer) -> Bool {
        misnamed.values.contains { $0.id == container.id }
    }
}

extension LiveContainer {
    /// The spec; for an adopted container without the aliases that only Compose's names for it are.
    func withoutForeignAliases(for desired: ContainerSpec) -> ContainerSpec {
        guard isAdopted, let project = desired.labels[Labels.composeProject],
            let service = desired.labels[Labels.composeService]
        else { return spec }
        var spec = spec
        let names = Set(Adoption.composeNames(project: project, service: service))
        for (network, endpoint) in spec.networks {
            let wanted = desired.networks[network]?.aliases ?? []
            spec.networks[network]?.aliases = endpoint.aliases.filter {
                wanted.contains($0) || !names.contains($0)
            }
        }
        return spec
    }
}
