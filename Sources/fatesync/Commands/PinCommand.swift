import ArgumentParser
import Reconciliation

/// `fatesync pin`: stay at a revision, whatever is pushed.
struct PinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keep this host, or one party, at a revision, whatever is pushed.",
        discussion: """
            Drift is still repaired, as that revision says. While the branch has a newer commit the result is
            `held` and the exit code 6, so that nobody forgets it. It holds until `fatesync unpin`.

            Examples:
              fatesync pin 4f2a91c
              fatesync pin 4f2a91c 10000 --reason "the new rollsite loses jobs"
            """)

    @Argument(help: "A commit of the branch, at least 7 digits of it.")
    var revision: String

    @Argument(help: "Party id. Default: all of this host.")
    var party: String?

    @Option(help: "Why; shown wherever the pin is.")
    var reason: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try OrderReport.validate(party.map { [$0] } ?? []) }

    func run() async throws {
        let report = OrderReport(
            configuration: try Settings(places).watcherConfiguration(), output: output)
        try report.check(party.map { [$0] } ?? [])
        let found = try FetchedHistory(report.configuration).find(revision, for: party)
        let order = try report.configuration.stateDirectory.pin(party, to: found, reason: reason)
        try await report.finish(PinDocument(pinned: [order]), [order.text])
    }
}

/// `fatesync unpin`: follow the branch again.
struct UnpinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Let this host, or one party, follow the branch again; also after `rollback`.",
        discussion: """
            Examples:
              fatesync unpin
              fatesync unpin 10000 --reason "mended by 8c1d22e"
            """)

    @Argument(help: "Party id. Default: the host.")
    var party: String?

    @Option(help: "Why; for the journal.")
    var reason: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try OrderReport.validate(party.map { [$0] } ?? []) }

    func run() async throws {
        let report = OrderReport(
            configuration: try Settings(places).watcherConfiguration(), output: output)
        try report.check(party.map { [$0] } ?? [])
        let directory = report.configuration.stateDirectory
        let name = party.map { "party \($0)" } ?? "the host"
        let isEnded = try directory.unpin(party, reason: reason)
        let rest = try OperatorOrders.read(from: directory).pins
        if !isEnded { Terminal.complain("\(name) is not pinned") }
        let lines = isEnded ? ["\(name) follows branch \(report.configuration.branch) again"] : []
        try await report.finish(PinDocument(pinned: rest), lines + rest.map(\.text))
    }
}

/// The pins for programs.
struct PinDocument: Encodable {
    var schemaVersion = 1
    var pinned: [OperatorOrders.Pin]
}
