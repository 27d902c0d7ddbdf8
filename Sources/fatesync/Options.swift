import ArgumentParser

/// How results are printed.
struct OutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Option(name: [.customShort("o"), .customLong("output-format")], help: "Result format.")
    var format: Format = .table

    @Flag(name: .customLong("no-color"), help: "No colours; NO_COLOR and a pipe do the same.")
    var noColor = false

    @Flag(name: .shortAndLong, help: "No progress, only results and errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "More about what is done.")
    var verbose = false

    var isJSON: Bool { format == .json }
}

/// Where things are; each also as FATESYNC_NAME and as a key of the configuration file.
struct PlaceOptions: ParsableArguments {
    @Option(help: "Configuration file. Default: /etc/fatesync/fatesync.yaml, if it exists.")
    var config: String?

    @Option(help: "State repository: a path, file://, https:// or ssh:// address.")
    var repository: String?

    @Option(help: "Branch to follow. Default: main.")
    var branch: String?

    @Option(help: "Folder of the repository that holds the state. Default: its root.")
    var path: String?

    @Option(help: "This host's name in the state repository. Default: the system's host name.")
    var host: String?

    @Option(help: "Docker endpoint. Default: DOCKER_HOST, else unix:///var/run/docker.sock.")
    var docker: String?

    @Option(name: .customLong("state-dir"), help: "Default: /var/lib/fatesync.")
    var stateDirectory: String?

    @Option(name: .customLong("data-dir"), help: "Value of BASE_DIR. Default: /var/lib/fatesync/parties.")
    var dataDirectory: String?

    /// The flags by the name that they share with environment and file.
    var flags: [String: String] {
        let all: [(String, String?)] = [
            ("repository", repository), ("branch", branch), ("path", path), ("host", host),
            ("docker", docker), ("state-dir", stateDirectory), ("data-dir", dataDirectory),
        ]
        return all.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
}
