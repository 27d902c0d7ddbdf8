import AuditJournal
import DockerEngine
import Planning

/// Carries a plan out: independent steps together, each recorded before and after.
///
/// It decides nothing: what to do stands in the plan, and what may run next in `Execution`.
struct PlanExecutor {
    /// More connections than this make an engine slower, not faster.
    private static let inFlightLimit = 16

    let client: DockerClient
    let journal: PlanJournal
    let apiVersion: String
    let secrets: Set<String>
    let credential: (String) throws(DockerError) -> RegistryCredential?
    let report: ProgressReport
    /// Whether the caller wants no new step to begin.
    let isStopping: () -> Bool

    private(set) var execution: Execution
    var calls: [CallID: Pending] = [:]
    var awaits: [Int: HealthWait] = [:]
    /// Steps that wait for another host, by step.
    var hostWaits: [Int: HostWait] = [:]
    /// Parties with such a step.
    var waitedForHosts: Set<String> = []
    /// Containers that are looked at before the old one stops, by step.
    var checks: [Int: ProgramCheck] = [:]
    private let ports: PortCheck
    /// Who enters the network namespaces of containers; `nil` is this process.
    let namespaceService: NamespaceService?
    private var outages: OutageClock
    private var readBack: ReadBack
    /// Containers, by full id, in which an update did not take.
    private(set) var untakenUpdates: Set<String> = []
    /// Containers, by full id, that the engine cannot start any more.
    private(set) var unstartable: Set<String> = []
    /// What came of each pull that has ended, by step; `nil` is an image.
    private(set) var pulls: [Int: DockerError?] = [:]
    /// Whether the answer to some call was lost, so that only live state tells what came of it.
    private(set) var hasUnknown = false
    /// What containers are to have of what they request.
    let devices: DeviceInventory?
    let clock = ContinuousClock()

    /// A step whose call is on its way.
    struct Pending {
        var step: Plan.Step
        var started: ContinuousClock.Instant
        /// Whether the call only reads the container that the step waits for.
        var isWait = false
        /// The call of a command that probes a container.
        var command: ExecProbe.Call?
        /// The path that the call looks for.
        var path: String?
        /// What the engine said, while the container is read to see whether it is so.
        var answer: Result<EngineAnswer, DockerError>?
    }

    init(
        _ plan: Plan, from live: LiveState, client: DockerClient, journal: PlanJournal, apiVersion: String,
        secrets: Set<String>, namespaceService: NamespaceService?,
        credential: @escaping (String) throws(DockerError) -> RegistryCredential?,
        report: @escaping ProgressReport, isStopping: @escaping () -> Bool
    ) {
        self.client = client
        self.journal = journal
        self.apiVersion = apiVersion
        self.secrets = secrets.filter { !$0.isEmpty }
        self.credential = credential
        self.report = report
        self.isStopping = isStopping
        execution = Execution(plan)
        readBack = ReadBack(live)
        devices = live.devices
        self.namespaceService = namespaceService
        ports = PortCheck(live, client.endpoint, through: namespaceService)
        outages = OutageClock(plan)
    }

    /// Runs until every step has an end.
    ///
    /// - Returns: Where each step ended, and the error that made the journal stop all changes, if one did.
    mutating func run() -> (execution: Execution, journalError: JournalError?) {
        var journalError: JournalError?
        do throws(JournalError) {
            while !execution.isDone { try turn() }
        } catch {
            // Nothing new starts without a record; what is on its way is waited for, because dropping it
            // would not stop it.
            journalError = error
            while !calls.isEmpty { _ = client.wait(atMost: .milliseconds(500)).map { finishUnrecorded($0) } }
        }
        return (execution, journalError)
    }

    private mutating func turn() throws(JournalError) {
        if isStopping() {
            execution.cancelWaiting()
            // A pull may take minutes, and what it has brought is kept.
            for (id, pending) in calls where pending.step.action.isPull { client.cancel(id) }
        }
        try startReady()
        var results: [StepResult] = []
        if !calls.isEmpty {
            for outcome in client.wait(atMost: .milliseconds(awaits.isEmpty ? 500 : 50)) {
                if let result = handle(outcome) { results.append(result) }
            }
        }
        try journal.results(results)
        try advanceWaits()
        try retryForOtherHosts()
        let pauses = awaits.values.map(\.nextLook) + hostWaits.values.map(\.nextTry)
        if calls.isEmpty, let next = pauses.min() {
            // Only waits are left: sleep until the next look, woken by nobody but time.
            let isProbing = awaits.values.contains { $0.stage != nil }
            let pause = isProbing ? .milliseconds(20) : clock.now.duration(to: next)
            _ = client.wait(atMost: max(.milliseconds(1), pause))
        }
    }

    private mutating func startReady() throws(JournalError) {
        let ready = execution.takeReady(limit: Self.inFlightLimit - calls.count)
        guard !ready.isEmpty else { return }
        var prepared: [(step: Plan.Step, call: Result<EngineCall?, DockerError>)] = []
        for step in ready { prepared.append((step, engineCall(for: step.action))) }
        try journal.intents(
            prepared.filter { $0.step.action.isRecorded }.map { step, call in
                (step, digest(of: step.action, call), objectID(of: step.action))
            })
        var results: [StepResult] = []
        for (step, call) in prepared {
            report(.stepStarted(step, index: step.id, count: execution.plan.steps.count))
            let started = clock.now
            switch call {
            case .failure(let error):
                results.append(finish(step, .failed, error: "\(error)", since: started))
            case .success(.some(let call)):
                outages.begin(step, at: started)
                calls[client.submit(call)] = Pending(step: step, started: started)
            case .success(nil):
                switch step.action {
                case .awaitContainer(_, let readiness):
                    awaits[step.id] = HealthWait(
                        step: step, started: started, readiness: readiness, nextLook: started)
                case .checkContainer(_, let wanted): check(step, ports.objection(to: wanted), since: started)
                default: results.append(performOnHost(step, since: started))
                }
            }
        }
        try journal.results(results)
    }

    /// SHA-256 of what is sent or written; none where a secret is in it, because a short one could be guessed.
    func digest(of action: Action, _ call: Result<EngineCall?, DockerError>) -> String? {
        var bytes = action.fileContent
        if case .success(let call?) = call {
            let request = call.request(apiVersion: apiVersion)
            bytes = Array("\(request.method) \(request.path)\n".utf8) + request.body
        }
        guard let bytes else { return nil }
        let text = secrets.isEmpty ? "" : String(decoding: bytes, as: UTF8.self)
        return secrets.contains { text.contains($0) } ? nil : PlanJournal.digest(of: bytes)
    }

    private mutating func performOnHost(
        _ step: Plan.Step, since started: ContinuousClock.Instant
    ) -> StepResult {
        do throws(HostFileError) {
            switch step.action {
            case .makeDirectory(let directory): try HostFiles.make(directory)
            case .writeFile(let file, .rename): try HostFiles.write(file)
            case .writeFile(let file, .inPlace): try HostFiles.writeInPlace(file)
            case .signalContainer(_, let delivery): try HostProcesses.signal(delivery)
            default: preconditionFailure("\(step.action.name) is a call to the engine")
            }
            return finish(step, .ok, since: started)
        } catch {
            // A process that is gone took what it had read with it.
            let isOutdated = if case .signalContainer = step.action { true } else { false }
            return finish(step, .failed, error: "\(error)", since: started, isOutdated: isOutdated)
        }
    }

    private mutating func handle(_ outcome: CallOutcome) -> StepResult? {
        switch outcome {
        case .progress(let id, let progress):
            guard let pending = calls[id] else { return nil }
            report(
                .pulling(
                    image: pending.step.object, current: progress.bytes, total: progress.totalBytes,
                    detail: "\(progress.layersDone)/\(progress.layers) layers"))
            return nil
        case .finished(let id, let result):
            guard let pending = calls.removeValue(forKey: id) else { return nil }
            if let command = pending.command { return take(command, pending, result) }
            if let path = pending.path { return found(path, pending.step, result) }
            if case .checkContainer = pending.step.action { return check(pending, result) }
            if pending.isWait { return judge(pending.step, result) }
            if pending.answer == nil, let attempt = awaitOtherHost(pending, result) { return attempt }
            if let answer = pending.answer { return finish(pending, answer, seen: result) }
            if readBack.isNeeded(after: pending.step.action, result),
                let container = containerID(of: pending.step.action)
            {
                let read = client.submit(.inspectContainer(id: container))
                calls[read] = Pending(step: pending.step, started: pending.started, answer: result)
                return nil
            }
            return finish(pending, result)
        }
    }

    /// Ends a step with what the container shows, whatever the engine said.
    private mutating func finish(
        _ pending: Pending, _ answer: Result<EngineAnswer, DockerError>,
        seen: Result<EngineAnswer, DockerError>
    ) -> StepResult {
        let (step, started) = (pending.step, pending.started)
        switch seen {
        case .failure(let error):
            if step.action.isContainerRemoval, error.status == 404 {
                return finish(step, .ok, warnings: ["\(error)"], since: started)
            }
            // Done or not: the next snapshot tells.
            return finish(step, .unknown, status: error.status, error: "\(error)", since: started)
        case .success(.container(let container)):
            switch readBack.judge(step.action, answer, container) {
            case .taken:
                guard case .failure(let error) = answer else { return finish(pending, answer) }
                return finish(step, .ok, warnings: ["\(error)"], since: started)
            case .broken(let reason):
                var status: Int?
                if case .failure(let error) = answer { status = error.status }
                return finish(step, .failed, status: status, error: reason, since: started, isBroken: true)
            case .unstartable(let reason):
                unstartable.insert(container.id)
                return finish(step, .failed, error: reason, since: started, isOutdated: true)
            case .untaken(let reason):
                var status: Int?
                if case .failure(let error) = answer { status = error.status }
                // An engine that is in trouble says so; one that does not want the update needs a new container.
                let isIgnored = status == nil || status == 409
                if case .updateContainer = step.action, isIgnored, !answer.isLost {
                    untakenUpdates.insert(container.id)
                }
                return finish(
                    step, .failed, status: status, error: reason, since: started, isOutdated: isIgnored)
            }
        case .success: return finish(pending, answer)
        }
    }

    private mutating func finish(
        _ pending: Pending, _ result: Result<EngineAnswer, DockerError>
    ) -> StepResult {
        let step = pending.step
        if step.action.isPull { pulls.updateValue(result.error, forKey: step.id) }
        switch result {
        case .success(.created(let id, let warnings)):
            return finish(step, .ok, id: id, warnings: warnings, since: pending.started)
        case .success(.done(let warnings)):
            return finish(step, .ok, warnings: warnings, since: pending.started)
        case .success(.unchanged):
            return finish(step, .noop, since: pending.started)
        case .success:
            return finish(step, .ok, since: pending.started)
        case .failure(let error):
            return finish(
                step, error.outcomeIsUnknown ? .unknown : .failed, status: error.status, error: "\(error)",
                since: pending.started)
        }
    }

    mutating func finish(
        _ step: Plan.Step, _ outcome: JournalOutcome, id: String? = nil, status: Int? = nil,
        error: String? = nil, warnings: [String] = [], since started: ContinuousClock.Instant,
        isOutdated: Bool = false, isBroken: Bool = false
    ) -> StepResult {
        let milliseconds = started.duration(to: clock.now).milliseconds
        let objectID = id ?? objectID(of: step.action)
        var outage: Int64?
        if outcome == .ok || outcome == .noop {
            execution.succeed(step.id, createdID: id)
            outage = outages.end(step, at: clock.now)
        } else {
            // The engine does not know the object, or it is in a state that the plan did not expect. What a registry
            // has or lacks is no part of that.
            let isUnexpected = status.map([403, 404, 409].contains) ?? false
            let isOutdated = isOutdated || isUnexpected && !step.action.isPull
            if outcome == .unknown { hasUnknown = true }
            execution.fail(
                step.id, reason: error ?? outcome.rawValue, isOutdated: isOutdated, isBroken: isBroken)
        }
        report(
            .stepFinished(
                step, index: step.id, count: execution.plan.steps.count, error: error,
                milliseconds: milliseconds))
        return StepResult(
            step: step, outcome: outcome, objectID: objectID, status: status, error: error,
            warnings: warnings, milliseconds: milliseconds, outage: outage)
    }

    /// How long each recreate kept its service down, as far as it has one that serves again.
    var measuredOutages: [Outage] {
        outages.measured(rolledBack: execution.rolledBack.union(execution.abandoned))
    }

    private mutating func finishUnrecorded(_ outcome: CallOutcome) {
        if case .finished(let id, _) = outcome { calls[id] = nil }
    }
}

extension Result<EngineAnswer, DockerError> {
    fileprivate var error: DockerError? {
        if case .failure(let error) = self { error } else { nil }
    }

    /// Whether the engine may have done what it was asked for, although no answer says so.
    fileprivate var isLost: Bool {
        if case .failure(let error) = self { error.outcomeIsUnknown } else { false }
    }
}

extension PlanExecutor {
    func containerID(of action: Action) -> String? {
        action.container.flatMap { execution.resolve($0) }
    }

    /// The engine's full id of what an action is done to, as far as it has one.
    func objectID(of action: Action) -> String? {
        if case .removeNetwork(let id) = action { id } else { containerID(of: action) }
    }

    /// The call that performs an action; `nil` when it is performed without the engine.
    func engineCall(for action: Action) -> Result<EngineCall?, DockerError> {
        let id = containerID(of: action) ?? ""
        switch action {
        case .makeDirectory, .writeFile, .signalContainer, .awaitContainer, .checkContainer:
            return .success(nil)
        case .pullImage(let reference):
            return Result { () throws(DockerError) in .pullImage(reference, try credential(reference)) }
        case .createNetwork(let spec): return .success(.createNetwork(spec))
        case .removeNetwork(let id): return .success(.removeNetwork(id: id))
        case .createVolume(let spec): return .success(.createVolume(spec))
        case .createContainer(let spec, let name): return .success(.createContainer(spec, name: name))
        case .connectNetwork(_, let network, let endpoint):
            return .success(.connectNetwork(container: id, network: network, endpoint))
        case .disconnectNetwork(_, let network):
            return .success(.disconnectNetwork(container: id, network: network))
        case .updateContainer(_, let update): return .success(.updateContainer(id: id, update))
        case .renameContainer(_, let name): return .success(.renameContainer(id: id, to: name))
        case .startContainer: return .success(.startContainer(id: id))
        case .unpauseContainer: return .success(.unpauseContainer(id: id))
        case .stopContainer(_, let timeout): return .success(.stopContainer(id: id, timeout: timeout))
        case .restartContainer(_, let timeout): return .success(.restartContainer(id: id, timeout: timeout))
        case .removeContainer(_, let force): return .success(.removeContainer(id: id, force: force))
        case .discardContainer: return .success(.discardContainer(id: id))
        }
    }
}
