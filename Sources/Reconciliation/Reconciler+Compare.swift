import DesiredState
import DockerEngine
import GitSource
import Planning

extension Reconciler {
    /// Looks for the newest commit and compares it with live state.
    ///
    /// Fetching, decoding the last known commit and reading the engine go on at the same time: mostly nothing
    /// new comes, and then everything is ready together.
    ///
    /// - Parameter adopting: Which parties take over what somebody else made for them.
    func compare(
        _ trigger: Trigger, adopting: (PartyResources) -> Bool = \.adoptsExisting
    ) async throws -> Comparison {
        fetch = trigger.fetches ? startFetch() : nil
        defer { fetch = nil }
        let reading = startReading()
        let taken = clock.now
        var observed = try snapshot()
        let known = try await reading.value.get()
        memory = known.memory
        var fetchError: GitError?
        var tip = known.tip
        switch await fetch?.value {
        case .success(let commit)?: tip = commit
        // A person wants the newest commit or the reason; the daemon goes on with what it has.
        case .failure(let error)? where trigger == .command: throw error
        case .failure(let error)?: fetchError = error
        case nil: break
        }
        guard let tip else {
            throw fetchError
                ?? GitError(.notFound, "read branch \(configuration.branch)", "nothing was fetched yet")
        }
        // Somebody may have asked for something while the fetch went on.
        let orders = try OperatorOrders.read(from: configuration.stateDirectory)
        let early = tip == known.tip && orders == known.orders ? known.commit : nil
        let decoded = try early?.get() ?? DecodedCommit(known.request(tip, configuration, orders, decoded))
        remember(decoded)
        // After a slow fetch the snapshot says too little about now.
        if taken.duration(to: clock.now) > .seconds(2) {
            observed = try snapshot()
        }
        var comparison = try compare(trigger, decoded, observed, adopting: adopting)
        comparison.fetchError = fetchError
        comparison.outcome?.fetchError = fetchError
        return comparison
    }

    /// Reads what is remembered and decodes the last known commit, beside this actor's own work.
    private func startReading() -> Task<Result<KnownState, any Error>, Never> {
        let (configuration, cached) = (configuration, decoded)
        return Task.detached { Result { try KnownState(configuration, cached) } }
    }

    /// Keeps a valid commit, so that the next pass decodes nothing.
    private func remember(_ commit: DecodedCommit) {
        decoded = commit.isReusable ? commit : nil
    }

    /// Reads what is ours; while the engine is removing some of it, waits a little for the end of that.
    ///
    /// Until then the name is taken, and a create would be refused.
    private func snapshot() throws(DockerError) -> ObservedEngine {
        let scope = ObservationScope(host: configuration.host, includesImagesInUse: true)
        let end = clock.now + .seconds(3)
        var observed = try docker.observe(scope)
        while observed.containers.values.contains(where: { $0.status == .removing }), clock.now < end {
            _ = docker.wait(atMost: .milliseconds(100))
            observed = try docker.observe(scope)
        }
        return observed
    }

    private func startFetch() -> Task<Result<String, GitError>, Never> {
        report(.fetching(repository: configuration.repository.description))
        let process = FetchProcess(executable: configuration.executable, service: configuration.fetchService)
        let request = configuration.fetchRequest(into: configuration.fetched.path)
        // Detached: this actor's queue is busy comparing meanwhile.
        return Task.detached { () async -> Result<String, GitError> in
            do throws(GitError) {
                return .success(try await process.fetch(request))
            } catch {
                return .failure(error)
            }
        }
    }

    private func compare(
        _ trigger: Trigger, _ decoded: DecodedCommit, _ observed: ObservedEngine,
        adopting: (PartyResources) -> Bool
    ) throws -> Comparison {
        var desired = DesiredHost(host: configuration.host, parties: decoded.state.state.parties)
        desired.placements = decoded.state.state.placements
        desired.nodes = decoded.state.state.nodes
        let parties = desired.parties.filter(adopting)
        let live = try liveState(observed, for: desired, adopting: parties)
        var comparison = Comparison(
            trigger: trigger, revision: decoded.revision, previous: memory.accepted, resolved: decoded.state,
            desired: desired, live: live, plan: Plan(), frozen: [:], orders: decoded.orders,
            branchTip: decoded.branchTip, forsaken: decoded.forsaken, fetchError: nil)
        if let reason = decoded.rewriting {
            comparison.outcome = PassOutcome(.untrusted(reason), comparison)
            return comparison
        }
        if let reason = decoded.unreadable ?? unusable(decoded.state, live: live) {
            comparison.outcome = PassOutcome(.held(reason), comparison)
            return comparison
        }
        comparison.adoption = Adoption.find(in: live, for: parties, host: configuration.host)
        comparison.live = live.claiming(comparison.adoption.adopted, host: configuration.host)
        try plan(&comparison)
        return comparison
    }

    /// Reads live state for what is desired, from the beginning.
    func observe(_ desired: DesiredHost) throws -> LiveState {
        try liveState(docker.observe(ObservationScope(host: configuration.host)), for: desired)
    }

    /// Completes a snapshot of the engine with what is desired beside it, and reads the files.
    private func liveState(
        _ observed: ObservedEngine, for desired: DesiredHost, adopting parties: [PartyResources] = []
    ) throws -> LiveState {
        let specs = desired.parties.flatMap { $0.services.map(\.container) }
        var scope = ObservationScope(
            host: desired.host, containerNames: Set(specs.map(\.name)),
            imageReferences: Set(specs.map(\.image)))
        scope.containerIDs = Set(memory.adopted.values.flatMap(\.containers.keys))
        scope.addCandidates(of: parties)
        let observed = try docker.extend(observed, to: scope)
        var files: [String: LiveFile] = [:]
        for party in desired.parties {
            for path in party.directories.map(\.path) + party.files.map(\.path) {
                files[path] = try HostFiles.read(path)
            }
        }
        // Not the data directories: containers write there all the time.
        watched = Set(desired.parties.flatMap { $0.files.map { HostFiles.parent(of: $0.path) } })
        var live = LiveState(
            engine: observed.engine, containers: observed.containers, networks: observed.networks,
            volumes: observed.volumes, images: observed.images, files: files,
            devices: try devices(for: specs, observed))
        if configuration.docker.isLocal {
            let paths = Set(desired.parties.flatMap { $0.files.map(\.path) })
            live.processes = HostProcesses.read(live.containers, volumes: live.volumes, files: paths)
        }
        live.readings = memory.readings(of: live.containers)
        live.readVersions = memory.readVersions(of: live.containers)
        live.blueprints = memory.parties.compactMapValues(\.blueprint)
        live.publishedPorts = observed.publishedPorts
        let networks = desired.parties.flatMap { $0.networks + $0.joinedNetworks }
        if networks.contains(where: { $0.driver == "overlay" }) { live.swarm = try docker.readSwarmRole() }
        if configuration.docker.isLocal {
            try live.addHost(of: desired, engineAt: configuration.docker.socketPath)
        }
        return live.claiming(memory.adopted, host: desired.host)
    }

    /// Why nothing may be changed: a party that runs here has no valid desired state, old or new.
    func unusable(_ resolved: ResolvedDesiredState, live: LiveState) -> String? {
        let running = Set(live.containers.values.compactMap { $0.spec.labels[Labels.party] })
        for unit in resolved.unresolved.sorted(by: { "\($0)" < "\($1)" }) {
            switch unit {
            case .federation: return "federation.yaml is invalid, and no valid one was applied before"
            case .blueprint(let name) where !running.isEmpty:
                return "blueprint \(name) is invalid, and no valid one was applied before"
            case .party(let id) where running.contains(id):
                return "party \(id) runs here and is invalid, and what was applied before is not known"
            case .blueprint, .party: continue
            }
        }
        return nil
    }
}
