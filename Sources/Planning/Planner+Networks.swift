import DesiredState

/// A network of fatesync that the plan removes, to make it anew or for good.
struct GoingNetwork {
    let live: LiveNetwork
    /// What differs; empty when the network is not desired any more.
    let changes: [FieldChange]
}

extension Planner {
    /// Finds the networks that must go, and takes containers out of those that must go before another comes.
    mutating func planVacating() -> [String: GoingNetwork] {
        let changing = parties.filter { !desired.waiting.contains($0.party) }
        let wanted = changing.flatMap(\.networks).sorted { $0.name < $1.name }
        let byName = Dictionary(wanted.map { ($0.name, $0) }) { first, _ in first }
        var going: [String: GoingNetwork] = [:]
        for (name, network) in networksByName
        where network.spec.labels[Labels.host] == desired.host
            && !desired.frozen.union(desired.waiting).contains(network.spec.labels[Labels.party] ?? "-")
        {
            let changes = byName[name].map { network.changes(to: $0) }
            if changes?.isEmpty == true { continue }
            going[name] = GoingNetwork(live: network, changes: changes ?? [])
        }
        keepBusy(&going)
        let coming = wanted.filter { networksByName[$0.name] == nil || going[$0.name] != nil }
        for (name, network) in going.sorted(by: { $0.key < $1.key }) {
            let blocks = coming.contains { $0.name == name || $0.overlaps(network.live.spec) }
            if blocks { vacate(network) }
        }
        return going
    }

    private mutating func vacate(_ network: GoingNetwork) {
        let name = network.live.spec.name
        vacated.insert(name)
        let members = ours.values.filter { $0.spec.networks[name] != nil }
        for member in members.sorted(by: { $0.spec.name < $1.spec.name }) where !isRemoved(member) {
            let party = network.live.spec.labels[Labels.party] ?? party(of: member)
            var last: Set<Int> = []
            if member.status == .restarting { last = [stopRestartLoop(of: member, party: party, after: [])] }
            let step = builder.add(
                .disconnectNetwork(.id(member.id), network: name), of: member.spec.name, party: party,
                rung: .networkRecreate, cause: "network \(name) changes", after: last)
            departed[member.id, default: []].insert(step)
        }
    }

    /// Between two tries the engine has taken such a container off its networks, and then refuses changes.
    mutating func stopRestartLoop(of container: LiveContainer, party: String, after: Set<Int>) -> Int {
        if let step = stopped[container.id] { return step }
        let step = builder.add(
            container.stop, of: container.spec.name, party: party, rung: .networkConnect,
            cause: "it is in a restart loop, and its networks change", after: after)
        stopped[container.id] = step
        return step
    }

    /// Plans the party's networks; one that changes is removed and made again.
    mutating func planNetworks(of party: PartyResources, going: [String: GoingNetwork]) {
        for network in party.networks.sorted(by: { $0.name < $1.name })
        where builder.maker(of: .network(network.name)) == nil {
            guard let existing = networksByName[network.name] else {
                addCreate(network, party: party.party, rung: .create, cause: "missing")
                continue
            }
            let changes = existing.changes(to: network)
            guard !changes.isEmpty else { continue }
            guard going[network.name] != nil else {
                if builder.plan.postponed.contains(where: { $0.object == network.name }) { continue }
                builder.warn(
                    PlanWarning(
                        party: party.party, object: network.name,
                        message: "is a network that fatesync did not make, and differs; take it over with "
                            + "`fatesync adopt`, or remove or rename it",
                        changes: changes))
                continue
            }
            refuseOverlayChange(existing, changes, party: party.party)
            let remove = builder.add(
                .removeNetwork(id: existing.id), of: network.name, party: party.party, rung: .networkRecreate,
                cause: "changed", changes: changes, after: departures(from: existing))
            addCreate(
                network, party: party.party, rung: .networkRecreate, cause: "changed", changes: changes,
                after: [remove])
        }
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
        for volume in party.volumes.sorted(by: { $0.name < $1.name })
        where builder.maker(of: .volume(volume.name)) == nil {
            guard let existing = live.volumes[volume.name] else {
                let device = volume.driverOptions["device"]
                _ = builder.add(
                    .createVolume(volume), of: volume.name, party: party.party, rung: .create,
                    cause: "missing", needs: device.map { [.directory($0)] } ?? [],
                    makes: .volume(volume.name))
                continue
            }
            let changes = existing.changes(to: volume)
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

extension LiveVolume {
    /// The fields that differ; labels that an adopted volume lacks are none.
    fileprivate func changes(to desired: VolumeSpec) -> [FieldChange] {
        var desired = desired
        if isAdopted { desired.labels = spec.labels }
        return spec.changes(to: desired)
    }
}

extension LiveNetwork {
    /// The fields that differ; labels that an adopted network lacks are none.
    fileprivate func changes(to desired: NetworkSpec) -> [FieldChange] {
        var desired = desired
        if isAdopted { desired.labels = spec.labels }
        return spec.changes(to: desired)
    }
}
