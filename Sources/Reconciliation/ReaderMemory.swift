import DesiredState
import Planning

/// What is remembered of a running container and the config files that it reads.
///
/// Neither a signal nor the end of a reader's patience leaves a trace in Docker, and a file that somebody
/// wrote anew with the same meaning looks newer than its reader. Without this memory the planner takes what
/// is newer than the start of a container for unread, so its loss costs a restart or a signal at most.
struct ReaderMemory: Codable, Sendable, Equatable {
    /// The start that the rest is about; after another one it says nothing.
    var startedAt: String
    /// By absolute path.
    var files: [String: FileReading]
    /// Modification times of the versions that the container runs with, in nanoseconds since 1970, by absolute
    /// path; `nil` in a file that an older fatesync wrote.
    var versions: [String: Int64]?
}

extension HostState {
    /// The part that still holds for the containers as they are.
    func readings(of containers: [String: LiveContainer]) -> [String: [String: FileReading]] {
        var result: [String: [String: FileReading]] = [:]
        for (id, memory) in readers ?? [:] where containers[id]?.startedAt == memory.startedAt {
            result[id] = memory.files
        }
        return result
    }

    /// The modification times that still hold for the containers as they are.
    func readVersions(of containers: [String: LiveContainer]) -> [String: [String: Int64]] {
        var result: [String: [String: Int64]] = [:]
        for (id, memory) in readers ?? [:] where containers[id]?.startedAt == memory.startedAt {
            result[id] = memory.versions
        }
        return result
    }

    /// Notes before a plan is carried out which containers it lets reread which files, and which it leaves alone.
    mutating func owe(_ plan: Plan, _ desired: DesiredHost, _ live: LiveState) {
        for (id, paths) in plan.unaffected { note(.current, paths, live.containers[id], live) }
        owe(postponed: plan, desired, live)
        for step in plan.steps {
            switch step.action {
            case .signalContainer(.id(let id), let delivery):
                note(.owed, delivery.files, live.containers[id], live)
            case .restartContainer(.id(let id), _):
                let party = desired.parties.first { $0.party == step.party }
                let service = party?.services.first { $0.container.name == step.object }
                let files =
                    party?.files.filter { file in
                        file.services.contains(service?.name ?? "")
                            || live.containers[id]?.spec.mounts.contains { $0.source == file.path } == true
                    } ?? []
                note(.owed, files.map(\.path), live.containers[id], live)
            default: break
            }
        }
    }

    /// Notes which running containers may have met a file that ended their rereading for good.
    ///
    /// Somebody else may mend the file before fatesync does; its reader still has to start again then.
    mutating func suspect(_ parties: [PartyResources], _ live: LiveState) {
        let byName = live.runningByName
        for party in parties {
            for file in party.files where file.mayHaveEndedRereading(live) {
                for service in party.services where file.onChange.services.contains(service.name) {
                    note(.owed, [file.path], byName[service.container.name], live)
                }
            }
        }
    }

    /// Notes the restarts that running jobs put off for the sake of files that this plan mends: the files alone do not
    /// show them any more.
    private mutating func owe(postponed plan: Plan, _ desired: DesiredHost, _ live: LiveState) {
        let mended = Set(
            plan.steps.compactMap { step -> String? in
                if case .writeFile(let file, _) = step.action { file.path } else { nil }
            })
        for entry in plan.postponed where entry.action == "restart" {
            let party = desired.parties.first { $0.party == entry.party }
            let service = party?.services.first { $0.container.name == entry.object }
            let files =
                party?.files.filter {
                    mended.contains($0.path) && $0.services.contains(service?.name ?? "")
                } ?? []
            note(.owed, files.map(\.path), entry.containerID.flatMap { live.containers[$0] }, live)
        }
    }

    /// Notes which signals have arrived.
    mutating func deliver(_ execution: Execution, _ live: LiveState) {
        for step in execution.plan.steps where execution.states[step.id] == .succeeded {
            guard case .signalContainer(.id(let id), let delivery) = step.action else { continue }
            note(.current, delivery.files, live.containers[id], nil)
        }
    }

    /// Notes for the parties that are as desired that their running containers have read their files.
    mutating func settle(_ parties: [PartyResources], _ live: LiveState) {
        let byName = live.runningByName
        for party in parties {
            for service in party.services {
                let files = party.files.filter { $0.services.contains(service.name) }
                note(.current, files.map(\.path), byName[service.container.name], live)
            }
        }
        let kept = readers?.filter { live.containers[$0.key]?.startedAt == $0.value.startedAt } ?? [:]
        readers = kept.isEmpty ? nil : kept
    }

    /// - Parameter live: Where the files stand as the container has read them; `nil` when they were written since.
    private mutating func note(
        _ reading: FileReading, _ paths: [String], _ container: LiveContainer?, _ live: LiveState?
    ) {
        guard let container, !paths.isEmpty else { return }
        var memory = readers?[container.id] ?? ReaderMemory(startedAt: container.startedAt, files: [:])
        if memory.startedAt != container.startedAt {
            memory = ReaderMemory(startedAt: container.startedAt, files: [:])
        }
        var versions = memory.versions ?? [:]
        for path in paths {
            memory.files[path] = reading
            versions[path] = reading == .current ? live?.files[path]?.modified : nil
        }
        memory.versions = versions.isEmpty ? nil : versions
        readers = (readers ?? [:]).merging([container.id: memory]) { _, new in new }
    }
}

extension FileSpec {
    /// Whether the file is as no reader that gives up may find it.
    fileprivate func mayHaveEndedRereading(_ live: LiveState) -> Bool {
        guard case .reload(_, let fragile) = onChange, !fragile.isEmpty else { return false }
        guard case .file(let content, _, _)? = live.files[path] else { return true }
        return difference(from: content) == .unreadable
    }
}

extension LiveState {
    fileprivate var runningByName: [String: LiveContainer] {
        let running = containers.values.filter { $0.status.isUp }
        return Dictionary(running.map { ($0.spec.name, $0) }) { first, _ in first }
    }
}

extension LiveFile {
    fileprivate var modified: Int64? {
        if case .file(_, _, let modified) = self { modified } else { nil }
    }
}

extension LiveContainer.Status {
    fileprivate var isUp: Bool { self == .running || self == .paused }
}
