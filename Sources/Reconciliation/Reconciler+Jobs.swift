import AuditJournal
import DesiredState
import Glibc
import Planning

/// A party whose change would end jobs.
struct JobHold {
    /// Its running containers that jobs depend on.
    var containers: Set<String>
    /// Seconds since 1970: since when something of the party has been held, and until when it may be.
    var since: Int64
    var until: Int64
    var answer: JobAnswer
}

extension Reconciler {
    /// Asks FATE Flow before the plan ends jobs, and leaves out what would, up to the party's patience.
    ///
    /// Where nothing would, nobody is asked. What else the plan does goes on.
    func holdForJobs(_ comparison: inout Comparison) throws {
        comparison.jobHolds = [:]
        comparison.overruled = [:]
        comparison.desired.busy = []
        let parties = comparison.desired.parties.filter { party in
            party.jobs != nil && !comparison.desired.waiting.contains(party.party)
        }
        let guarded = comparison.live.guarded(of: parties, host: configuration.host)
        let disturbed = comparison.plan.disturbances(of: guarded)
        guard !disturbed.isEmpty, comparison.plan.held == nil else { return }
        let confirmations = try Confirmation.all(in: configuration.stateDirectory)
        let answers = ask(parties.filter { disturbed[$0.party] != nil }, comparison.live)
        let now = Int64(time(nil))
        for party in parties {
            guard let answer = answers[party.party], let jobs = party.jobs else { continue }
            let since = memory.parties[party.party]?.heldSince ?? now
            let hold = JobHold(
                containers: guarded[party.party] ?? [], since: since, until: since + Int64(jobs.maxHold),
                answer: answer)
            guard let reason = hold.reason else {
                comparison.jobHolds[party.party] = hold
                continue
            }
            let part = HeldPart(comparison.plan, party: party.party, jobs: hold)
            if let confirmation = confirmations[part.plan] {
                comparison.confirmed.append((part, confirmation))
            } else if now >= hold.until {
                comparison.overruled[party.party] = "\(reason), and maxHold (\(jobs.maxHold) s) is over"
            } else {
                comparison.held.append(part)
                comparison.desired.busy.formUnion(hold.containers)
                // A person's word for this plan is not used up by what does not run yet.
                let isConfirmed = comparison.confirmed.contains { $0.part.party == party.party }
                if isConfirmed { comparison.desired.waiting.insert(party.party) }
                comparison.confirmed.removeAll { $0.part.party == party.party }
            }
            comparison.jobHolds[party.party] = hold
        }
        guard !comparison.desired.busy.isEmpty else { return }
        comparison.plan = Planner.plan(from: comparison.live, to: comparison.desired)
        comparison.plan.held = nil
        for index in comparison.held.indices where comparison.held[index].until != nil {
            comparison.held[index].steps = comparison.plan.postponed.filter {
                $0.party == comparison.held[index].party
            }.map(\.description)
        }
    }

    /// Remembers since when jobs hold something of a party; a party that wants nothing of the kind begins anew.
    func noteHeldSince(_ comparison: Comparison) throws(HostFileError) {
        guard comparison.outcome == nil else { return }
        let before = memory
        for party in memory.parties.keys where comparison.jobHolds[party] == nil {
            memory.parties[party]?.heldSince = nil
        }
        for (party, hold) in comparison.jobHolds {
            if hold.reason != nil {
                memory.parties[party, default: .init()].heldSince = hold.since
            } else {
                memory.parties[party]?.heldSince = nil
            }
        }
        if memory != before { try memory.write(configuration.stateDirectory.hostState) }
    }

    private func ask(_ parties: [PartyResources], _ live: LiveState) -> [String: JobAnswer] {
        var answers: [String: JobAnswer] = [:]
        var queries: [(party: String, query: JobQuery)] = []
        let service = configuration.namespaceService.map { NamespaceService(at: $0) }
        for party in parties {
            guard let jobs = party.jobs else { continue }
            if let place = jobs.elsewhere {
                let query = distantQuery(jobs, at: place, of: party.party, live, through: service)
                answers[party.party] = query == nil ? .unknown(place.obstacle(to: jobs)) : nil
                if let query { queries.append((party.party, query)) }
                continue
            }
            let container = live.running(jobs.service, of: party.party, host: configuration.host)
            // Jobs are children of FATE Flow, so without it none runs.
            guard let container, let address = container.address else {
                answers[party.party] = JobAnswer.idle
                continue
            }
            let namespace = NetworkNamespace(
                ofProcess: container.pid, in: container.id, through: service)
            queries.append(
                (party.party, JobQuery(jobs.api, at: address, port: jobs.port, in: namespace)))
        }
        for (entry, answer) in zip(queries, JobQuery.answers(of: queries.map(\.query))) {
            answers[entry.party] = answer
        }
        return answers
    }

    /// Asks a FATE Flow of another host, over the network that one of the party's containers here is on with it.
    private func distantQuery(
        _ jobs: JobGuard, at place: JobGuard.Place, of party: String, _ live: LiveState,
        through service: NamespaceService?
    ) -> JobQuery? {
        let own = live.containers.values.filter {
            $0.status == .running && $0.spec.labels[Labels.party] == party
                && $0.spec.labels[Labels.host] == configuration.host
        }.sorted { $0.id < $1.id }
        guard let address = place.address,
            let namespace = own.compactMap({
                NetworkNamespace(ofProcess: $0.pid, in: $0.id, through: service)
            }).first
        else { return nil }
        return JobQuery(jobs.api, at: address, port: jobs.port, in: namespace)
    }
}

extension JobGuard.Place {
    /// Why its service cannot be asked from here.
    fileprivate func obstacle(to jobs: JobGuard) -> String {
        address == nil
            ? "service \(jobs.service) runs on host \(host) without a fixed address, so it cannot be asked from here"
            : "service \(jobs.service) runs on host \(host), and no container here has a network to ask it over"
    }
}

extension JobHold {
    /// Why the change has to wait; `nil` when no job runs.
    var reason: String? {
        switch answer {
        case .idle: nil
        case .running(let ids):
            "\(ids.count) \(ids.count == 1 ? "job runs" : "jobs run") (\(Self.list(ids)))"
        case .unknown(let why): "jobs may run: \(why)"
        }
    }

    var end: String { moment(until) }

    /// More than a few ids help nobody.
    private static func list(_ ids: [String]) -> String {
        let shown = ids.prefix(5).joined(separator: ", ")
        return ids.count > 5 ? "\(shown) and \(ids.count - 5) more" : shown
    }
}
