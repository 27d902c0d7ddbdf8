import DesiredState
package import Planning

/// Config files, and what running containers see of those that are mounted singly.
extension ModelHost {
    mutating func write(_ file: FileSpec, _ method: WriteMethod) throws(Refusal) {
        let written = LiveFile.file(
            content: file.content, mode: file.mode, modified: Self.nanoseconds(clock))
        switch (live.files[file.path], method) {
        case (.file?, .inPlace): live.files[file.path] = written
        case (nil, .inPlace): throw Refusal("no such file")
        case (.file?, .rename), (nil, .rename): replace(file.path, with: written)
        case (.directory?, _), (.other?, _): throw Refusal("not a regular file")
        }
    }

    /// Puts another file at the path, or none: a mount of the single file keeps the old one.
    package mutating func replace(_ path: String, with file: LiveFile?) {
        let old = live.files[path]
        for (id, container) in live.containers {
            for mount in container.spec.mounts where mount.kind == .bind && mount.source == path {
                guard live.processes[id]?.mounts[mount.target] == .attached else { continue }
                live.processes[id]?.mounts[mount.target] = .detached(old)
            }
        }
        live.files[path] = file
    }

    /// A new process sees what stands there now.
    mutating func bindMounts(of container: LiveContainer) {
        let binds = container.spec.mounts.filter { $0.kind == .bind }
        live.processes[container.id] = LiveProcess(
            identity: ProcessIdentity(pid: 2, startTime: UInt64(clock)),
            mounts: binds.reduce(into: [:]) { $0[$1.target] = .attached })
        live.readings[container.id] = nil
        live.readVersions[container.id] = nil
    }

    /// Notes before a plan runs which processes it lets reread which files, and which it leaves alone, as the
    /// program does.
    mutating func owe(_ plan: Plan) {
        for (id, paths) in plan.unaffected {
            for path in paths {
                guard case .file(_, _, let modified)? = live.files[path] else { continue }
                live.readings[id, default: [:]][path] = .current
                live.readVersions[id, default: [:]][path] = modified
            }
        }
        for step in plan.steps {
            guard case .signalContainer(.id(let id), let delivery) = step.action else { continue }
            for path in delivery.files {
                live.readings[id, default: [:]][path] = .owed
                live.readVersions[id]?[path] = nil
            }
        }
    }

    mutating func signal(_ container: LiveContainer, _ delivery: SignalDelivery) throws(Refusal) {
        guard [.running, .paused].contains(container.status),
            live.processes[container.id]?.identity == delivery.process
        else { throw Refusal("the process has ended") }
        for path in delivery.files { live.readings[container.id, default: [:]][path] = .current }
    }
}
