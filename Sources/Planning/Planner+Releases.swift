import DesiredState

extension Planner {
    /// Holds the part of a party that moves to another release of FATE: another tag or another blueprint alone
    /// does not move its data, its schema and the code in its volumes.
    mutating func guardReleases() {
        for party in parties {
            guard let release = party.release, builder.plan.steps.contains(where: { $0.party == party.party })
            else { continue }
            let former = live.blueprints[party.party].flatMap { $0 == release.blueprint ? nil : $0 }
            let running = runningVersions(of: party, release)
            let wanted = release.tag.flatMap(PartyRelease.version(ofTag:))
            guard former != nil || !running.isEmpty else { continue }
            let old = running.isEmpty ? nil : "FATE \(running.joined(separator: " and "))"
            let new = wanted.map { "FATE \($0)" }
            let from = [old, former.map { "blueprint \($0)" }].compactMap { $0 }.joined(separator: ", ")
            let to = [running.isEmpty ? nil : new, former.map { _ in "blueprint \(release.blueprint)" }]
                .compactMap { $0 }.joined(separator: ", ")
            builder.hold(
                party.party,
                "it would go from \(from) to \(to), and a new tag or blueprint alone is no upgrade")
            for reason in steps(of: release, from: running + [former].compactMap { $0 }, to: wanted) {
                builder.hold(party.party, reason)
            }
        }
    }

    /// Versions of FATE that containers run whose image is to become one of another version.
    private func runningVersions(of party: PartyResources, _ release: PartyRelease) -> [String] {
        guard let tag = release.tag, let wanted = PartyRelease.version(ofTag: tag) else { return [] }
        let versions = party.services.compactMap { service -> String? in
            guard PartyRelease.tag(ofImage: service.container.image) == tag,
                let image = ours[service.container.name]?.spec.image
            else { return nil }
            return PartyRelease.tag(ofImage: image).flatMap(PartyRelease.version(ofTag:))
        }
        return Set(versions).subtracting([wanted]).sorted()
    }

    /// What a person has to do first.
    private func steps(of release: PartyRelease, from old: [String], to version: String?) -> [String] {
        if let version, let own = release.version, own != version {
            return [
                "blueprint \(release.blueprint) has the files, commands and paths of FATE \(own), not of "
                    + "\(version): give the party a blueprint of that version"
            ]
        }
        guard let upgrade = release.upgrades.first(where: { old.contains($0.from) }) else {
            let known = release.upgrades.map(\.from)
            let hint =
                known.isEmpty
                ? "states no upgrade" : "states an upgrade only from \(known.joined(separator: ", "))"
            return ["blueprint \(release.blueprint) \(hint): find out what it takes and do it first"]
        }
        return upgrade.steps.enumerated().map { "step \($0.offset + 1): \($0.element)" }
    }
}
