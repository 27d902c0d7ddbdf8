import AuditJournal
import DesiredState
import DockerEngine
import Planning

extension Reconciler {
    /// Takes over what somebody else made for parties, records it, and answers what differs.
    ///
    /// Nothing is changed on the host: the outcome's plan is what a sync would do.
    ///
    /// - Parameter ids: The parties; empty is all of this host.
    public func adopt(_ ids: Set<String>) async -> PassOutcome {
        await timed(.command) { reconciler in
            let comparison = try await reconciler.compare(.command) { ids.isEmpty || ids.contains($0.party) }
            try reconciler.recordSource(comparison)
            if let outcome = comparison.outcome { return outcome }
            let known = comparison.desired.parties.map(\.party)
            if let unknown = ids.subtracting(known).sorted().first {
                let list = known.isEmpty ? "none" : known.joined(separator: ", ")
                return PassOutcome(
                    .failed("cannot adopt party \(unknown): the valid parties of this host are \(list)"),
                    comparison)
            }
            try reconciler.adopt(comparison)
            return PassOutcome(.planned, comparison)
        }
    }

    /// Records what is taken over, first in the journal, then in the memory.
    func adopt(_ comparison: Comparison) throws {
        guard !comparison.adoption.objects.isEmpty else { return }
        let records = comparison.adoption.objects.map { object in
            var record = JournalRecord(.objectAdopted)
            record.cause = JournalCause(comparison.trigger.journalWord)
            record.source = source(of: comparison)
            record.party = object.party
            record.action = "\(object.kind.rawValue).adopt"
            record.object = JournalObject(name: object.name, id: object.id)
            record.outcome = .ok
            record.details = [
                "why": .string("recognised by \(object.evidence)"), "as": .string(object.standsFor),
            ]
            return record
        }
        _ = try writer().append(records, sync: true)
        for (party, objects) in comparison.adoption.adopted {
            memory.parties[party, default: .init()].add(objects)
        }
        try memory.write(configuration.stateDirectory.hostState)
    }

    /// Leaves parties alone in which it is not clear what is theirs: next to a container that is not taken, its
    /// service would get a second one.
    func freezeRefused(_ comparison: inout Comparison) {
        let parties = comparison.desired.parties.filter(\.adoptsExisting).map(\.party)
        for refusal in comparison.adoption.refusals where parties.contains(refusal.party) {
            comparison.frozen[refusal.party] =
                "cannot adopt \(refusal.kind.rawValue) \(refusal.name): \(refusal.reason)"
        }
    }
}

extension HostState {
    /// What each party has adopted, by party id.
    var adopted: [String: AdoptedObjects] { parties.compactMapValues(\.adopted) }

    /// Forgets adopted objects that are not there any more.
    mutating func keepAdopted(in live: LiveState) {
        for party in parties.keys {
            parties[party]?.adopted?.keepOnly(in: live)
            if parties[party]?.adopted?.isEmpty == true { parties[party]?.adopted = nil }
        }
    }
}

extension HostState.PartyState {
    fileprivate mutating func add(_ objects: AdoptedObjects) {
        var all = adopted ?? AdoptedObjects()
        all.add(objects)
        adopted = all
    }
}

extension ObservationScope {
    /// Widens the scope to what may be adopted for the parties.
    mutating func addCandidates(of parties: [PartyResources]) {
        composeProjects = Set(parties.map(\.project))
        for party in parties {
            for service in party.services {
                containerNames.formUnion(
                    Adoption.composeNames(project: party.project, service: service.name))
            }
        }
    }
}
