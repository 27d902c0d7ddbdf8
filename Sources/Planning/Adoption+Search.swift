public import DesiredState

extension Adoption {
    /// Recognises what the parties desire among what is there and is not fatesync's yet.
    ///
    /// Labels are no condition. A container is known by its name, or as the one that Compose makes for the
    /// service, and runs the image that the service desires, whatever its tag; everything else about it may
    /// differ and then shows in the plan. Networks and volumes are known by name.
    ///
    /// - Parameter live: A state in which what was adopted before is claimed already.
    public static func find(
        in live: LiveState, for parties: [PartyResources], host: String
    ) -> Adoption {
        var search = Search(live: live, host: host)
        for party in parties.sorted(by: { $0.party < $1.party }) {
            search.findContainers(of: party)
            search.findNetworks(of: party)
            search.findVolumes(of: party)
        }
        return search.adoption
    }
}

/// One search, with what it shares.
private struct Search {
    let live: LiveState
    let host: String
    var adoption = Adoption()

    /// A container that may be a service's.
    private struct Match {
        var service: ServiceSpec
        var container: LiveContainer
        var evidence: String
    }

    mutating func findContainers(of party: PartyResources) {
        var matches: [Match] = []
        for service in party.services.sorted(by: { $0.name < $1.name }) where !hasOwn(service, of: party) {
            let found = live.containers.values.sorted { $0.spec.name < $1.spec.name }.compactMap {
                evidence($0, for: service, of: party)
            }
            guard found.count < 2 else {
                let names = found.map(\.container.spec.name).joined(separator: ", ")
                for (container, _) in found {
                    refuse(
                        party, .container, container.spec.name,
                        "\(found.count) containers look like service \(service.name) (\(names)); "
                            + "rename or remove all but one")
                }
                continue
            }
            matches += found.map { Match(service: service, container: $0.container, evidence: $0.text) }
        }
        let services = Dictionary(grouping: matches, by: \.container.id).mapValues { $0.map(\.service.name) }
        for match in matches {
            let fitting = services[match.container.id] ?? []
            let name = match.container.spec.name
            if fitting.count > 1 {
                refuse(
                    party, .container, name, "it fits the services \(fitting.joined(separator: " and "))")
            } else if let reason = obstacle(match.container, for: match.service) {
                refuse(party, .container, name, reason)
            } else {
                adoption.objects.append(
                    Adoption.Object(
                        party: party.party, kind: .container, name: name, id: match.container.id,
                        standsFor: match.service.name, evidence: match.evidence))
            }
        }
    }

    private func hasOwn(_ service: ServiceSpec, of party: PartyResources) -> Bool {
        live.containers.values.contains { container in
            let labels = container.spec.labels
            guard labels[Labels.host] == host, labels[Labels.party] == party.party else { return false }
            return container.spec.name == service.container.name || labels[Labels.service] == service.name
        }
    }

    /// Why a container may be the service's; `nil` when nothing speaks for it.
    private func evidence(
        _ container: LiveContainer, for service: ServiceSpec, of party: PartyResources
    ) -> (container: LiveContainer, text: String)? {
        let labels = container.spec.labels
        guard container.status != .removing, container.status != .dead else { return nil }
        if container.spec.name == service.container.name { return (container, "its name and its image") }
        guard labels[Labels.host] == nil else { return nil }
        if labels[Labels.composeProject] == party.project, labels[Labels.composeService] == service.name {
            // `compose run` starts a second container that is not the service's.
            guard labels[Labels.composeOneOff]?.lowercased() != "true" else { return nil }
            return (container, "the labels of Compose project \(party.project) and its image")
        }
        let names = Adoption.composeNames(project: party.project, service: service.name)
        guard names.contains(container.spec.name) else { return nil }
        return (container, "the name that Compose gives it and its image")
    }

    private func obstacle(_ container: LiveContainer, for service: ServiceSpec) -> String? {
        if let owner = ownership(container.spec.labels) { return owner }
        let desired = service.container.image
        // It may have been started by the image's id.
        if container.imageID == live.images[desired]?.id { return nil }
        guard container.spec.image.repositoryName != desired.repositoryName else { return nil }
        return "it runs image \(container.spec.image) and service \(service.name) desires \(desired)"
    }

    mutating func findNetworks(of party: PartyResources) {
        for network in party.networks.sorted(by: { $0.name < $1.name }) {
            let found = live.networks.values.filter { $0.spec.name == network.name }.sorted { $0.id < $1.id }
            guard let first = found.first, !isOwn(first.spec.labels) else { continue }
            if found.count > 1 {
                refuse(
                    party, .network, network.name,
                    "\(found.count) networks have this name; remove all but one by id")
            } else if let owner = ownership(first.spec.labels) {
                refuse(party, .network, network.name, owner)
            } else {
                adoption.objects.append(
                    Adoption.Object(
                        party: party.party, kind: .network, name: network.name, id: first.id,
                        standsFor: network.name, evidence: "its name"))
            }
        }
    }

    mutating func findVolumes(of party: PartyResources) {
        for volume in party.volumes.sorted(by: { $0.name < $1.name }) {
            guard let found = live.volumes[volume.name], !isOwn(found.spec.labels) else { continue }
            if let owner = ownership(found.spec.labels) {
                refuse(party, .volume, volume.name, owner)
            } else {
                adoption.objects.append(
                    Adoption.Object(
                        party: party.party, kind: .volume, name: volume.name, id: nil,
                        standsFor: volume.name, evidence: "its name"))
            }
        }
    }

    private func isOwn(_ labels: [String: String]) -> Bool { labels[Labels.host] == host }

    /// Whose the object is, if another fatesync, or another party of this one, has labelled it.
    private func ownership(_ labels: [String: String]) -> String? {
        guard let other = labels[Labels.host] else { return nil }
        guard other == host else { return "it belongs to fatesync on host \(other)" }
        return "it belongs to party \(labels[Labels.party] ?? "-")"
    }

    private mutating func refuse(
        _ party: PartyResources, _ kind: Adoption.Kind, _ name: String, _ reason: String
    ) {
        adoption.refusals.append(
            Adoption.Refusal(party: party.party, kind: kind, name: name, reason: reason))
    }
}

extension String {
    /// The last part of an image reference without tag and digest: `python` of `hub.example/fate/python:1.5.1`.
    fileprivate var repositoryName: Substring {
        let reference = split(separator: "@", omittingEmptySubsequences: false)[0]
        let last = reference.split(separator: "/").last ?? reference
        return last.split(separator: ":", omittingEmptySubsequences: false)[0]
    }
}
