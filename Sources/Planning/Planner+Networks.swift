import DesiredState

extension Planner {
    /// Plans the party's networks; answers the names of those that are made anew under living containers.
    mutating func planNetworks(of party: PartyResources) -> Set<String> {
        var recreated: Set<String> = []
        for network in party.networks.sorted(by: { $0.name < $1.name }) {
            guard let existing = networksByName[network.name] else {
                addCreate(network, party: party.party, rung: .create, cause: "missing")
                continue
            }
            let changes = existing.spec.changes(to: network)
            guard !changes.isEmpty else { continue }
            guard existing.spec.labels[Labels.host] == desired.host else {
                builder.warn(
                    PlanWarning(
                        party: party.party, object: network.name,
                        message: "is a network that fatesync did not make, and differs; remove or rename it",
                        changes: changes))
                continue
            }
            recreated.insert(network.name)
            planRecreate(network, existing: existing, changes: changes, party: party.party)
        }
        return recreated
    }

    /// A network cannot be changed: its containers leave it, it is removed and made again, they come back.
    private mutating func planRecreate(
        _ network: NetworkSpec, existing: LiveNetwork, changes: [FieldChange], party: String
    ) {
        let members = ours.values.filter { $0.spec.networks[network.name] != nil }
            .sorted { $0.spec.name < $1.spec.name }
        let leaves = members.map { member in
            builder.add(
                .disconnectNetwork(.id(member.id), network: network.name), of: member.spec.name,
                party: party, rung: .networkRecreate, cause: "network \(network.name) changes")
        }
        let remove = builder.add(
            .removeNetwork(id: existing.id), of: network.name, party: party, rung: .networkRecreate,
            cause: "changed", changes: changes, after: Set(leaves))
        addCreate(
            network, party: party, rung: .networkRecreate, cause: "changed", changes: changes, after: [remove]
        )
    }

    private mutating func addCreate(
        _ network: NetworkSpec, party: String, rung: Rung, cause: String, changes: [FieldChange] = [],
        after: Set<Int> = []
    ) {
        _ = builder.add(
            .createNetwork(network), of: network.name, party: party, rung: rung, cause: cause,
            changes: changes, after: after, makes: .network(network.name))
    }

    /// Plans the party's volumes; one that exists is never changed and never removed.
    mutating func planVolumes(of party: PartyResources) {
        for volume in party.volumes.sorted(by: { $0.name < $1.name }) {
            guard let existing = live.volumes[volume.name] else {
                let device = volume.driverOptions["device"]
                _ = builder.add(
                    .createVolume(volume), of: volume.name, party: party.party, rung: .create,
                    cause: "missing", needs: device.map { [.directory($0)] } ?? [],
                    makes: .volume(volume.name))
                continue
            }
            let changes = existing.spec.changes(to: volume)
            guard !changes.isEmpty else { continue }
            builder.warn(
                PlanWarning(
                    party: party.party, object: volume.name,
                    message: "is a volume that differs from the desired state; volumes are never recreated, "
                        + "because they may hold data",
                    changes: changes))
        }
    }
}

extension NetworkSpec {
    /// The fields that differ; labels of somebody else's tools are not ours to compare.
    func changes(to desired: NetworkSpec) -> [FieldChange] {
        FieldValue.scalar(driver).changes(to: .scalar(desired.driver), field: "driver")
            + poolChanges(to: desired)
            + FieldValue.scalar("\(attachable)")
            .changes(to: .scalar("\(desired.attachable)"), field: "attachable")
            + FieldValue.scalar("\(isInternal)")
            .changes(to: .scalar("\(desired.isInternal)"), field: "internal")
            + FieldValue.entries(relevantOptions(to: desired))
            .changes(to: .entries(desired.driverOptions), field: "driver_opts")
            + FieldValue.entries(labels.filter { desired.labels[$0.key] != nil })
            .changes(to: .entries(desired.labels), field: "labels")
    }

    /// Without pools the engine chooses a subnet; newer engines fill in the gateway that they chose.
    private func poolChanges(to desired: NetworkSpec) -> [FieldChange] {
        guard !desired.pools.isEmpty else { return [] }
        let wanted = Dictionary(desired.pools.map { ($0.subnet, $0) }) { first, _ in first }
        let shown = pools.map { pool in
            var pool = pool
            if wanted[pool.subnet]?.gateway == nil { pool.gateway = nil }
            return pool.text
        }
        return FieldValue.set(shown).changes(to: .set(desired.pools.map(\.text)), field: "ipam")
    }

    /// Overlay networks get options from the engine that nobody asked for.
    private func relevantOptions(to desired: NetworkSpec) -> [String: String] {
        driverOptions.filter { key, _ in
            desired.driverOptions[key] != nil || !key.hasPrefix("com.docker.network.driver.overlay")
        }
    }
}

extension AddressPool {
    var text: String {
        ([subnet] + [gateway.map { "gateway \($0)" }, range.map { "range \($0)" }].compactMap { $0 })
            .joined(separator: " ")
    }
}

extension VolumeSpec {
    func changes(to desired: VolumeSpec) -> [FieldChange] {
        FieldValue.scalar(driver).changes(to: .scalar(desired.driver), field: "driver")
            + FieldValue.entries(driverOptions)
            .changes(to: .entries(desired.driverOptions), field: "driver_opts")
    }
}
