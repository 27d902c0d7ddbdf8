import DesiredState

extension Planner {
    /// Notes at the first step of each disturbance what it disturbs and for how long.
    mutating func estimateDisruptions() {
        let steps = builder.plan.steps
        // Where the service of a name goes down: containers that share its network go down with it.
        var downs: [String: Int] = [:]
        var ended: Set<String> = []
        for step in steps {
            var disruption: Disruption?
            switch step.action {
            case .writeFile(let file, _):
                guard case .file(let content, _, _)? = live.files[file.path] else { break }
                let rules = file.rules(for: file.difference(from: content)) ?? [(nil, file.wholeRule)]
                guard let seconds = rules.compactMap(\.rule.effect.reloadSeconds).max() else { break }
                disruption = Disruption(.outdated, file.path, expected: seconds * 1000, worst: seconds * 1000)
            case .restartContainer(.id(let id), _):
                ended.insert(id)
                disruption = estimate(.down, step.object, from: step.id, to: step.id)
            case .stopContainer(.id(let id), _), .removeContainer(.id(let id), force: true):
                guard live.containers[id]?.status.holdsResources == true, ended.insert(id).inserted else {
                    break
                }
                guard let end = steps.first(where: { $0.id > step.id && $0.starts(step.object) }) else {
                    disruption = Disruption(.removed, step.object)
                    break
                }
                let shared = live.containers[id].map {
                    namingSharedContainers($0).spec.sharedNetworkContainer
                }
                let begin = shared.flatMap { $0 }.flatMap { downs[$0] } ?? step.id
                downs[step.object] = begin
                disruption = estimate(.down, step.object, from: begin, to: end.id)
            case .disconnectNetwork(.id(let id), let network):
                guard live.containers[id]?.status.holdsResources == true, !ended.contains(id) else { break }
                let end = steps.first { $0.id > step.id && ($0.joins(network, id) || replaces($0, id)) }
                guard let end else {
                    disruption = Disruption(.disconnected, step.object, network: network)
                    break
                }
                disruption = estimate(.disconnected, step.object, network: network, from: step.id, to: end.id)
            default: break
            }
            if let disruption { builder.setDisruption(disruption, ofStep: step.id) }
        }
    }

    /// Whether the step starts the successor of the container.
    private func replaces(_ step: Plan.Step, _ id: String) -> Bool {
        guard let recreate = step.recreate else { return false }
        return builder.plan.recreates[recreate].oldID == id && step.starts(step.object)
    }

    private func estimate(
        _ effect: Disruption.Effect, _ object: String, network: String? = nil, from begin: Int, to end: Int
    ) -> Disruption {
        Disruption(
            effect, object, network: network, expected: longestWay(from: begin, to: end) { $0.expected },
            worst: longestWay(from: begin, to: end) { $0.worst })
    }

    /// Milliseconds of the longest chain of steps that lies between the beginning of one and the end of another.
    private func longestWay(
        from begin: Int, to end: Int, _ time: ((expected: Int, worst: Int)) -> Int
    ) -> Int {
        let steps = builder.plan.steps
        // What `begin` waited for is over when it starts.
        let between = predecessors(of: end).subtracting(predecessors(of: begin)).union([begin, end])
        var ends: [Int: Int] = [:]
        for id in between.sorted() where id >= begin {
            let ready = id == begin ? 0 : steps[id].after.compactMap { ends[$0] }.max() ?? 0
            ends[id] = ready + time(steps[id].duration(stopSignal: stopSignal(of: steps[id])))
        }
        return ends[end] ?? 0
    }

    private func predecessors(of step: Int) -> Set<Int> {
        var result: Set<Int> = []
        var waiting = Array(builder.plan.steps[step].after)
        while let next = waiting.popLast() {
            if result.insert(next).inserted { waiting += builder.plan.steps[next].after }
        }
        return result
    }

    private func stopSignal(of step: Plan.Step) -> String? {
        switch step.action {
        case .stopContainer(.id(let id), _), .restartContainer(.id(let id), _):
            live.containers[id]?.spec.stopSignal
        default: nil
        }
    }
}

extension Plan.Step {
    /// Whether the step starts the container that keeps this name.
    fileprivate func starts(_ name: String) -> Bool {
        guard case .startContainer = action else { return false }
        return object == name
    }

    fileprivate func joins(_ network: String, _ id: String) -> Bool {
        guard case .connectNetwork(.id(id), network, _) = action else { return false }
        return true
    }

    /// Milliseconds that the step takes on an idle host, and when a process has to be killed.
    ///
    /// A stop ends when the process does: a second is usual, and the engine kills it after the stop timeout
    /// (10 s without one). The other calls are short; only the order of magnitude matters.
    func duration(stopSignal: String?) -> (expected: Int, worst: Int) {
        func stop(_ timeout: Int?) -> (expected: Int, worst: Int) {
            if let stopSignal, ["SIGKILL", "KILL", "9"].contains(stopSignal.uppercased()) {
                return (100, 100)
            }
            let limit = (timeout ?? 10) * 1000
            return (min(1000, limit), limit)
        }
        switch action {
        case .stopContainer(_, let timeout): return stop(timeout)
        case .restartContainer(_, let timeout):
            let stop = stop(timeout)
            return (stop.expected + 500, stop.worst + 500)
        case .startContainer: return (500, 500)
        case .awaitContainer(_, let readiness): return (readiness.grace * 1000, readiness.limit * 1000)
        case .pullImage: return (60_000, 60_000)
        default: return (100, 100)
        }
    }
}

extension ContainerSpec {
    /// Name of the container whose network this one uses.
    fileprivate var sharedNetworkContainer: String? {
        guard let networkMode, networkMode.hasPrefix("container:") else { return nil }
        return String(networkMode.dropFirst("container:".count))
    }
}
