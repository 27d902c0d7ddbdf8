import DesiredState
import DockerEngine
import GitSource
import Planning

extension Reconciler {
    /// Looks for the newest commit and compares it with live state.
    ///
    /// While the fetch runs, the last known commit is already compared: mostly nothing new comes, and then
    /// the answer is ready.
    func compare(_ trigger: Trigger) async throws -> Comparison {
        memory = try HostState.read(configuration.stateDirectory.hostState)
        fetch = trigger.fetches ? startFetch() : nil
        defer { fetch = nil }
        var early: Comparison?
        if let tip = try knownTip() { early = try compare(trigger, at: tip) }
        var fetchError: GitError?
        var tip = early?.revision.commit
        switch await fetch?.value {
        case .success(let commit)?: tip = commit
        case .failure(let error)?: fetchError = error
        case nil: break
        }
        guard let tip else {
            throw fetchError
                ?? GitError(.notFound, "read branch \(configuration.branch)", "nothing was fetched yet")
        }
        var comparison: Comparison
        if let early, early.revision.commit == tip {
            comparison = early
        } else {
            comparison = try compare(trigger, at: tip)
        }
        comparison.fetchError = fetchError
        comparison.outcome?.fetchError = fetchError
        return comparison
    }

    private func startFetch() -> Task<Result<String, GitError>, Never> {
        report(.fetching(repository: configuration.repository.description))
        let process = FetchProcess(executable: configuration.executable)
        let request = FetchRequest(
            repository: configuration.repositoryText, branch: configuration.branch,
            bareRepository: configuration.stateDirectory.repository,
            tokenFile: configuration.credentials.tokenFile,
            sshKeyFile: configuration.credentials.sshKeyFile,
            knownHostsFile: configuration.credentials.knownHostsFile,
            caFile: configuration.credentials.certificateAuthorityFile,
            deadlineSeconds: configuration.fetchDeadline)
        // Detached: this actor's queue is busy comparing meanwhile.
        return Task.detached { () async -> Result<String, GitError> in
            do throws(GitError) {
                return .success(try await process.fetch(request))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The commit that the last fetch brought; `nil` before the first one.
    private func knownTip() throws(GitError) -> String? {
        guard case .directory? = try? HostFiles.read(configuration.stateDirectory.repository) else {
            return nil
        }
        do throws(GitError) {
            let repository = try StateRepository(opening: configuration.stateDirectory.repository)
            return try repository.tip(of: configuration.branch)
        } catch  where error.code == .notFound {
            return nil
        }
    }

    private func compare(_ trigger: Trigger, at tip: String) throws -> Comparison {
        let repository = try StateRepository(opening: configuration.stateDirectory.repository)
        let revision = try repository.revision(tip, branch: configuration.branch)
        let (resolved, unreadable) = try decode(tip, in: repository)
        let desired = DesiredHost(host: configuration.host, parties: resolved.state.parties)
        let live = try observe(desired)
        var comparison = Comparison(
            trigger: trigger, revision: revision, previous: memory.accepted, resolved: resolved,
            desired: desired, live: live, plan: Plan(), frozen: [:], fetchError: nil)
        if let reason = try rewriting(to: tip, in: repository) {
            comparison.outcome = PassOutcome(.untrusted(reason), comparison)
            return comparison
        }
        if let reason = unreadable ?? unusable(resolved, live: live) {
            comparison.outcome = PassOutcome(.held(reason), comparison)
            return comparison
        }
        plan(&comparison)
        return comparison
    }

    /// Why the commit does not follow from what was applied; `nil` when it does.
    private func rewriting(
        to tip: String, in repository: borrowing StateRepository
    ) throws(GitError) -> String? {
        guard let accepted = memory.accepted, accepted != tip else { return nil }
        do throws(GitError) {
            try repository.requireGrowth(of: configuration.branch, from: accepted, to: tip)
            return nil
        } catch {
            guard error.code == .rewritten else { throw error }
            return "\(error)"
        }
    }

    /// Reads live state for what is desired: the engine, then the files.
    func observe(_ desired: DesiredHost) throws -> LiveState {
        let specs = desired.parties.flatMap { $0.services.map(\.container) }
        let observed = try docker.observe(
            ObservationScope(
                host: desired.host, containerNames: Set(specs.map(\.name)),
                imageReferences: Set(specs.map(\.image))))
        var files: [String: LiveFile] = [:]
        for party in desired.parties {
            for path in party.directories.map(\.path) + party.files.map(\.path) {
                files[path] = try HostFiles.read(path)
            }
        }
        // Not the data directories: containers write there all the time.
        watched = Set(desired.parties.flatMap { $0.files.map { HostFiles.parent(of: $0.path) } })
        return LiveState(
            engine: observed.engine, containers: observed.containers, networks: observed.networks,
            volumes: observed.volumes, images: observed.images, files: files)
    }

    /// Plans, and leaves out the parties whose revision failed or whose plan did not help before.
    private func plan(_ comparison: inout Comparison) {
        let commit = comparison.revision.commit
        for (party, state) in memory.parties where state.failed == commit {
            comparison.frozen[party] = state.failure ?? "this revision failed before"
        }
        comparison.desired.frozen = Set(comparison.frozen.keys)
        comparison.plan = Planner.plan(from: comparison.live, to: comparison.desired)
        guard !comparison.trigger.isManual else { return }
        for party in comparison.plan.parties {
            let attempt = PlanJournal.attempt(comparison.plan, of: party, at: commit)
            guard memory.parties[party]?.attempted == attempt else { continue }
            comparison.frozen[party] =
                "the same plan was carried out before and did not reach its goal; "
                + "look at `fatesync audit list --party \(party)`, then push a new commit or run `fatesync sync`"
        }
        guard comparison.frozen.count > comparison.desired.frozen.count else { return }
        comparison.desired.frozen = Set(comparison.frozen.keys)
        comparison.plan = Planner.plan(from: comparison.live, to: comparison.desired)
    }
}
