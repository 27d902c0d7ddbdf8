import DesiredState

/// Parties over several hosts: networks that a Swarm makes, and services that run elsewhere.
extension Planner {
    /// Notes why a party's part must not run on an engine that cannot make or join its overlays.
    mutating func checkSwarm(for party: PartyResources) {
        let own = party.networks.filter { $0.driver == "overlay" }
        for network in own where live.swarm != nil && live.swarm != .manager {
            let state =
                live.swarm == .worker
                ? "this host is a worker of one: run `docker node promote` for it on a manager"
                : "this host is not part of one: run `docker swarm init` here, or join an existing Swarm as a manager"
            builder.refuse(
                party.party,
                "network \(network.name) is an overlay, which only a manager of a Docker Swarm can make, and \(state)"
            )
        }
        for network in party.joinedNetworks {
            if live.swarm == .inactive {
                builder.refuse(
                    party.party,
                    "network \(network.name) is an overlay of a Docker Swarm, and this host is not part of one: run "
                        + "`docker swarm join-token worker` on the host that makes it, and here what that prints"
                )
            }
            if let other = networksByName[network.name], other.spec.driver != "overlay" {
                builder.refuse(
                    party.party,
                    "this host has a network \(network.name) with driver \(other.spec.driver), which hides the overlay "
                        + "of that name; remove it (`docker network rm \(network.name)`)")
            }
        }
    }

    /// An overlay is removed only when the containers of all hosts have left it, which no single host can bring about.
    mutating func refuseOverlayChange(_ network: LiveNetwork, _ changes: [FieldChange], party: String) {
        guard network.spec.driver == "overlay" else { return }
        let fields = changes.map { "\($0.field) \($0.old) -> \($0.new)" }.joined(separator: ", ")
        builder.refuse(
            party,
            "network \(network.spec.name) changes (\(fields)), and containers of other hosts may be on this overlay; give "
                + "the network another name in the same commit, then each host moves its containers")
    }

    /// The networks that the container can be on, by name: also an overlay that another host makes.
    ///
    /// A worker shows such a network only while a container that runs uses it.
    func reachableNetworks(of container: LiveContainer, in party: PartyResources) -> [String: String] {
        var result = networkIDs
        for network in party.joinedNetworks where result[network.name] == nil {
            if let id = container.networkIDs[network.name], !id.isEmpty { result[network.name] = id }
        }
        return result
    }

    /// The other host that the container's service runs on; `nil` when it runs nowhere else.
    func newHost(of container: LiveContainer) -> String? {
        guard let service = container.spec.labels[Labels.service],
            let host = desired.placements[party(of: container)]?.services[service],
            host != desired.host
        else { return nil }
        return host
    }

    /// Holds the party's part when it removes a node that has data which no other node has.
    mutating func guardNode(_ container: LiveContainer) {
        let party = party(of: container)
        guard let node = desired.nodes[party],
            let mount = container.spec.mounts.first(where: { $0.target.pathCleaned == node.directory })
        else { return }
        let path = mount.hostPath(live.volumes)
        guard path.map(live.filledDirectories.contains) ?? true else { return }
        let place = path ?? "volume \(mount.source)"
        let target = newHost(of: container).map { ", or copy it to host \($0) first," } ?? ""
        builder.hold(
            party,
            "it removes \(container.spec.name), a node with data in \(place), and no other node has what is in there: "
                + "eggroll moves no table; delete or export its tables\(target) and then confirm")
    }
}
