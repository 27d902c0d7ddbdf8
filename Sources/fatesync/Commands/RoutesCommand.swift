import ArgumentParser
import DesiredState
import Reconciliation

/// `fatesync routes`: who reaches whom, and how.
struct RoutesCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, svg
    }

    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "Show who reaches whom, directly, through the exchange or not at all.",
        discussion: """
            Without a directory it takes the commit that was fetched last, and says whether the route tables on this
            host's disk are as that commit wants them. It fetches nothing and asks Docker nothing.

            Examples:
              fatesync routes
              fatesync routes --exit-code        2 when a table on the disk is another one
              fatesync routes state              a directory, without the disk
              fatesync routes state -o svg > routes.svg
            """)

    @Argument(help: "Directory with federation.yaml, blueprints/ and parties/.")
    var directory: String?

    @Flag(help: "Exit with 2 when a route table on this host's disk is not as desired.")
    var exitCode = false

    @OptionGroup var places: PlaceOptions

    @Option(name: [.customShort("o"), .customLong("output-format")], help: "Result format.")
    var format: Format = .table

    @Flag(name: .customLong("no-color"), help: "Has no effect: the result has no colours.")
    var noColor = false

    @Flag(name: .shortAndLong, help: "No mistakes of the repository, only the result.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Each way with its address.")
    var verbose = false

    func run() throws {
        let survey = try directory == nil ? survey() : nil
        let state = try survey?.state ?? local()
        if !quiet { for diagnostic in state.diagnostics { Terminal.complain("\(diagnostic)") } }
        switch format {
        case .table:
            Terminal.say(RoutesReport(state: state, survey: survey, isVerbose: verbose).text)
        case .json: try JSONOutput.print(RoutesDocument(state: state, survey: survey))
        case .svg: Terminal.say(RoutesPicture(title: state.federation, map: state.routeMap).text)
        }
        if state.diagnostics.contains(where: { $0.severity == .error }) { throw ExitStatus.invalid }
        let isAsDesired = survey?.tables.allSatisfy { $0.finding == .asDesired } ?? true
        if exitCode, !isAsDesired { throw ExitStatus.changes }
    }

    private func survey() throws -> RouteSurvey {
        let configuration = try Settings(places).watcherConfiguration()
        if let survey = try RouteSurvey.read(configuration) { return survey }
        Terminal.complain(
            "nothing was fetched yet into \(configuration.stateDirectory.path); run `fatesync plan`, or name a "
                + "directory: `fatesync routes DIRECTORY`")
        throw ExitStatus.error
    }

    private func local() throws -> DesiredState {
        let tree = try LocalFiles.tree(directory ?? ".")
        return LocalState.decode(tree, host: "", dataDirectory: Settings.defaultDataDirectory)
    }
}
