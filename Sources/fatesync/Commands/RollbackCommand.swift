import ArgumentParser
import DesiredState
import Reconciliation

/// `fatesync rollback`: back to a revision that was good, and stay there.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Go back to an earlier revision and stay there until `fatesync unpin`.",
        discussion: """
            Without a revision it goes back to the last one that all parties of this host had reached before the
            present one; once more goes back once more. It is a pin: a new commit does not end it. What guards a
            plan guards this one, too: a step that would lose data waits for `fatesync confirm`.

            Examples:
              fatesync rollback --reason "jobs fail since the upgrade"
              fatesync rollback 4f2a91c
            """)

    @Argument(
        help:
            "A commit of the branch, at least 7 digits of it. Default: the last good one before the present.")
    var revision: String?

    @Option(help: "Why; shown wherever the pin is.")
    var reason: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = OrderReport(
            configuration: try Settings(places).watcherConfiguration(), output: output)
        let history = FetchedHistory(report.configuration)
        let found = try revision.map { try history.find($0) } ?? history.lastReached()
        let order = try report.configuration.stateDirectory.pin(
            nil, to: found, reason: reason, isRollback: true)
        try await report.finish(PinDocument(pinned: [order]), [order.text])
    }
}

/// `fatesync accept-history`: follow a branch that was rewritten.
struct AcceptHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-history",
        abstract: "Follow a rewritten branch once, to exactly this commit.",
        discussion: """
            A branch that does not contain what was applied is not followed (exit code 5), because changes would be
            taken back without a commit that says so. This lets the branch's present tip pass; a branch that is
            rewritten again is refused again. `fatesync status` names the tip.

            Examples:
              fatesync accept-history 4f2a91c --reason "a password was removed from the history"
            """)

    @Argument(help: "The newest commit of the branch, at least 7 digits of it.")
    var revision: String

    @Option(help: "Why; for the journal.")
    var reason: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = OrderReport(
            configuration: try Settings(places).watcherConfiguration(), output: output)
        let tip = try FetchedHistory(report.configuration).rewrittenTip(revision)
        try report.configuration.stateDirectory.acceptHistory(tip, reason: reason)
        try await report.finish(
            Document(accepted: tip), ["branch \(tip.branch) is followed to \(tip.short), \(tip.subject)"])
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var accepted: Revision
    }
}
