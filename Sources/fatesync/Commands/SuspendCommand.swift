import ArgumentParser
import Reconciliation

/// `fatesync suspend`: change nothing until further notice.
struct SuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Change nothing on this host, or for some parties, until it is resumed.",
        discussion: """
            The watcher goes on fetching, comparing and reporting what differs, and `fatesync plan` works; a sync
            changes nothing and exits with 6. A plan that is being carried out ends after its current steps when
            the host is suspended. It holds across restarts, with its reason in `fatesync status` and the journal.

            Examples:
              fatesync suspend --reason "storage is being moved" --for 2h
              fatesync suspend 10000 9999 --reason "ticket 4711"
            """)

    @Argument(help: "Party ids. Default: all of this host.")
    var parties: [String] = []

    @Option(name: .customLong("for"), help: "How long, such as 30m or 2h. Default: until `fatesync resume`.")
    var duration: String?

    @Option(help: "Why; shown wherever the suspension is.")
    var reason: String

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try OrderReport.validate(parties)
        guard !reason.isEmpty else { throw ValidationError("--reason must not be empty") }
    }

    func run() async throws {
        let report = OrderReport(
            configuration: try Settings(places).watcherConfiguration(), output: output)
        let seconds = try duration.map { try Settings.seconds($0, of: "--for") }
        try report.check(parties)
        let directory = report.configuration.stateDirectory
        let orders = try (parties.isEmpty ? [nil] : parties.map(Optional.init)).map { party in
            try directory.suspend(party, reason: reason, for: seconds)
        }
        try await report.finish(Document(suspended: orders), orders.map(\.text))
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var suspended: [OperatorOrders.Suspension]
    }
}

/// `fatesync resume`: the end of a suspension.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End the suspension of this host, or of some parties.",
        discussion: """
            Without a party it ends the suspension of the host; parties that are suspended by themselves stay so.

            Examples:
              fatesync resume
              fatesync resume 10000 --reason "ticket 4711 is done"
            """)

    @Argument(help: "Party ids. Default: the host.")
    var parties: [String] = []

    @Option(help: "Why; for the journal.")
    var reason: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try OrderReport.validate(parties) }

    func run() async throws {
        let report = OrderReport(
            configuration: try Settings(places).watcherConfiguration(), output: output)
        try report.check(parties)
        let directory = report.configuration.stateDirectory
        var document = Document()
        for party in parties.isEmpty ? [nil] : parties.map(Optional.init) {
            let name = party.map { "party \($0)" } ?? "the host"
            if try directory.resume(party, reason: reason) {
                document.resumed.append(name)
            } else {
                Terminal.complain("\(name) is not suspended")
            }
        }
        document.suspended = try OperatorOrders.read(from: directory).suspensions
        try await report.finish(
            document, document.resumed.map { "\($0) is resumed" } + document.suspended.map(\.text))
    }

    private struct Document: Encodable {
        var schemaVersion = 1
        var resumed: [String] = []
        /// What is suspended still.
        var suspended: [OperatorOrders.Suspension] = []
    }
}
