import AuditJournal
import DesiredState
import Planning

/// Finds out from live state what came of a step whose end is not recorded.
///
/// A crash, or an answer that was lost, leaves an intent of which nobody knows whether the engine has carried it
/// out. The journal is not replayed for that: what is there now is looked at. A call that the engine is still
/// working on counts as not done.
struct StepInspection {
    let live: LiveState
    /// References of the images that live state was asked for.
    let images: Set<String>

    /// `ok`, `notDone`, or `unknown` where live state does not tell; with the id of what was made.
    func outcome(of entry: JournalEntry) -> (outcome: JournalOutcome, id: String?) {
        let record = entry.record
        let name = record.object?.name ?? ""
        switch record.action {
        case "container.create":
            let made = record.details["as"]?.string ?? name
            return found(live.containers.values.first { $0.spec.name == made }?.id)
        case "network.create": return found(live.networks.values.first { $0.spec.name == name }?.id)
        case "volume.create": return (verdict(live.volumes[name] != nil), nil)
        case "network.remove": return (verdict(record.object?.id.map { live.networks[$0] == nil }), nil)
        case "image.pull": return (verdict(images.contains(name) ? live.images[name] != nil : nil), nil)
        case "directory.create", "file.write": return (outcome(ofFile: name, entry), nil)
        default: return (outcome(ofContainer: entry), record.object?.id)
        }
    }

    private func found(_ id: String?) -> (JournalOutcome, String?) { (verdict(id != nil), id) }

    private func verdict(_ isDone: Bool?) -> JournalOutcome {
        isDone.map { $0 ? .ok : .notDone } ?? .unknown
    }

    private func outcome(ofContainer entry: JournalEntry) -> JournalOutcome {
        let record = entry.record
        guard let id = record.object?.id else { return .unknown }
        guard let container = live.containers[id] else {
            return record.action == "container.remove" ? .ok : .unknown
        }
        let network = record.details["network"]?.string
        switch record.action {
        case "container.remove": return verdict(container.status == .removing)
        case "container.rename":
            return verdict(record.details["to"]?.string.map { $0 == container.spec.name })
        case "container.start":
            return verdict(container.status.holdsResources || hasStarted(container, entry))
        case "container.restart": return verdict(hasStarted(container, entry))
        case "container.stop": return verdict(!container.status.holdsResources)
        case "container.unpause": return verdict(container.status != .paused)
        case "container.update":
            return verdict(container.shows(record.diff.map { ($0.field, $0.new ?? "-") }))
        case "network.connect": return verdict(network.map { container.spec.networks[$0] != nil })
        case "network.disconnect": return verdict(network.map { container.spec.networks[$0] == nil })
        default: return .unknown
        }
    }

    /// Whether the container was started after the intent; both times are of this host.
    private func hasStarted(_ container: LiveContainer, _ entry: JournalEntry) -> Bool {
        guard let started = Timestamp.nanoseconds(rfc3339: container.startedAt),
            let intended = Timestamp.nanoseconds(rfc3339: "\(entry.time)")
        else { return false }
        return started >= intended
    }

    private func outcome(ofFile path: String, _ entry: JournalEntry) -> JournalOutcome {
        let file: LiveFile?
        do throws(HostFileError) {
            file = try HostFiles.read(path)
        } catch {
            return .unknown
        }
        switch (entry.record.action, file) {
        case ("directory.create", .directory): return .ok
        case ("file.write", .file(let content, _, let modified)):
            if let digest = entry.record.requestDigest {
                return verdict(PlanJournal.digest(of: content) == digest)
            }
            // What holds a secret has no digest; the clock of files is coarser than that of the journal.
            let intended = Timestamp.nanoseconds(rfc3339: "\(entry.time)")
            return verdict(intended.map { modified >= $0 - 10_000_000 })
        default: return .notDone
        }
    }
}
