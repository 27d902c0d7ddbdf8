import DesiredState

extension Planner {
    /// Whether a container with these requests certainly cannot start; then a warning says why.
    ///
    /// Nothing of it is stopped: a container that runs keeps its devices, and would not come back.
    mutating func lacksDevices(_ spec: ContainerSpec, named name: String, party: String) -> Bool {
        guard !spec.deviceRequests.isEmpty, let reason = live.devices?.obstacle(to: spec.deviceRequests)
        else {
            return false
        }
        builder.hold(back: name, of: party, because: "it could not start with its devices: \(reason)")
        return true
    }

    /// Restarts of containers that have lost a device which the host still has.
    ///
    /// The engine sets devices up at each start. Where the host has lost the device too, nothing helps but a person.
    mutating func planDeviceRestarts(in context: PartyContext) {
        for (service, standing) in context.standing.sorted(by: { $0.key < $1.key }) {
            let container = standing.container
            guard container.status == .running, let lost = live.devices?.lost[container.id], !lost.isEmpty
            else {
                continue
            }
            let name = container.spec.name
            let party = context.party.party
            let gone = lost.filter { !$0.isOnHost }.map(\.path)
            guard gone.isEmpty else {
                builder.warn(
                    PlanWarning(
                        party: party, object: name,
                        message:
                            "has lost \(gone.joined(separator: ", ")), which this host does not have any more; "
                            + "bring the device back, then it is restarted"))
                continue
            }
            guard !isBusy(container) else {
                postpone("restart", of: name, party, container: container.id, cause: "it has lost a device")
                continue
            }
            guard !lacksDevices(container.spec, named: name, party: party), !isRestarted(container) else {
                continue
            }
            _ = builder.add(
                .restartContainer(
                    .id(container.id),
                    timeout: context.party.patience(with: service, container.spec.stopTimeout)),
                of: name, party: party,
                rung: .restart, cause: "it has lost a device",
                changes: lost.map { FieldChange("device \($0.path)", $0.reason, "usable") },
                after: context.hostSteps.union(standing.steps))
        }
    }

    private func isRestarted(_ container: LiveContainer) -> Bool {
        builder.plan.steps.contains { step in
            guard case .restartContainer(.id(let id), _) = step.action else { return false }
            return id == container.id
        }
    }
}
