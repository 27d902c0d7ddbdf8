import DesiredState
import FoundationEssentials
import GitSource
import Glibc
import Planning

extension Reconciler {
    /// Writes what `fatesync status` shows.
    ///
    /// - Parameters:
    ///   - pass: The watcher's count of passes; 0 for a one-shot sync.
    ///   - next: Seconds until the watcher looks again; `nil` when none runs.
    public func publish(_ outcome: PassOutcome, pass: Int = 0, next: Int? = nil) {
        let now = Int64(time(nil))
        var status = WatcherStatus(
            host: configuration.host, repository: configuration.repository.description,
            branch: configuration.branch, result: outcome.word, trigger: outcome.trigger, finished: now,
            milliseconds: outcome.milliseconds)
        status.wanted = outcome.branchTip ?? outcome.revision
        status.reason = outcome.reason
        status.exitCode = outcome.exitCode
        status.parties = outcome.parties.map { row in
            var row = row
            row.applied = memory.parties[row.id]?.applied?.commit
            return row
        }
        status.fetchError = outcome.fetchError?.description
        status.diagnostics = outcome.diagnostics
        if !outcome.held.isEmpty { status.held = outcome.held }
        status.pass = pass
        if let next {
            status.next = now + Int64(next)
            status.watcher = getpid()
        }
        do throws(HostFileError) {
            // The next pass writes it again, so it need not survive a crash of the machine.
            try JSONFile.write(status, to: configuration.stateDirectory.status, durably: false)
        } catch {
            // The pass itself is recorded in the journal; a status that cannot be written must not undo it.
            report(.note("\(error)"))
        }
    }

    /// The directories whose files fatesync keeps, and those that people's commands write into.
    func watchedDirectories() -> Set<String> {
        let directory = configuration.stateDirectory
        return watched.union([directory.operatorOrders, directory.confirmations])
    }
}

extension PassOutcome {
    /// One word for machines.
    public var word: String {
        switch result {
        case .inSync, .planned: diagnostics.contains { $0.severity == .error } ? "invalid" : "in sync"
        case .applied: diagnostics.contains { $0.severity == .error } ? "invalid" : "applied"
        case .held: isSuspended ? "suspended" : "held"
        case .failed: "failed"
        case .rolledBack: "rolled back"
        case .untrusted: "untrusted"
        }
    }

    /// Why it is not in sync, if it is not.
    public var reason: String? {
        switch result {
        case .inSync, .applied, .planned: nil
        case .held(let reason), .failed(let reason), .rolledBack(let reason), .untrusted(let reason): reason
        }
    }
}

extension WatcherStatus {
    /// Reads what the last pass wrote; `nil` when there was none.
    public static func read(from directory: StateDirectory) throws(HostFileError) -> WatcherStatus? {
        guard case .file(let content, _, _)? = try HostFiles.read(directory.status) else { return nil }
        do {
            var status = try JSONDecoder().decode(WatcherStatus.self, from: Data(content))
            status.take(try OperatorOrders.read(from: directory))
            return status
        } catch let error as HostFileError {
            throw error
        } catch {
            throw HostFileError(
                "read \(directory.status)", reason: "it is damaged; the next pass writes it anew")
        }
    }
}
