import ArgumentParser
import DesiredState
import Glibc
import Reconciliation

/// What the commands that give orders have in common: the entry in the journal, and the answer.
struct OrderReport {
    let configuration: WatcherConfiguration
    let output: OutputOptions

    /// Writes the journal if nobody else has it, prints the answer, and says who carries it out.
    ///
    /// - Parameter lines: One for each order.
    func finish(_ document: some Encodable, _ lines: [String]) async throws {
        let watcher = try await record()
        if output.isJSON {
            try JSONOutput.print(document)
        } else {
            for line in lines { Terminal.say(line.escapingControls) }
        }
        guard !output.quiet else { return }
        Terminal.complain(
            watcher.map { "process \($0), which is at work here, acts on it and records it" }
                ?? "no watcher is at work here: the next `fatesync sync` acts on it")
    }

    /// Refuses what cannot be the id of a party; for `validate`, so that it counts as a mistake in the usage.
    static func validate(_ parties: [String]) throws {
        for party in parties where !SourceUnit.isPartyID(party) {
            throw ValidationError(
                "\"\(party.escapingControls)\" is no party id: it is a number such as 10000")
        }
    }

    /// Says of a party that this host does not have that it may be a mistake; it may also come later.
    func check(_ parties: [String]) throws {
        let known = try WatcherStatus.read(from: configuration.stateDirectory)?.parties.map(\.id) ?? []
        for party in parties where !known.isEmpty && !known.contains(party) {
            Terminal.complain(
                "party \(party) is not on this host now; its parties are \(known.joined(separator: ", "))")
        }
    }

    /// Answers who does it instead, when somebody holds the journal.
    private func record() async throws -> Int32? {
        let lock: StateLock
        do {
            lock = try configuration.stateDirectory.lock()
        } catch let error as LockError {
            return error.owner ?? 0
        }
        // A `sync` that takes this process for a watcher would end it.
        signal(SIGHUP, SIG_IGN)
        let reconciler = try Reconciler(configuration, recording: true) { _ in }
        try await reconciler.recordActs()
        withExtendedLifetime(lock) {}
        return nil
    }
}
