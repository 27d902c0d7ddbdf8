import ArgumentParser
import DesiredState
import DockerEngine
import Glibc

/// `fatesync import`: the state repository of a deployment that somebody else made.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Write the state repository of a deployment that somebody else made; changes nothing of it.",
        discussion: """
            It reads a folder of KubeFATE's docker-deploy, of any version from 1.5.1 to 2.0.0, as it was unpacked on
            its hosts: parties.conf, and confs-PARTY/ with docker-compose.yml, .env and confs/. Nothing of it is run.
            With --live it reads the containers of this host's engine instead, and the confs/ that they mount.

            Parties that are alike share one blueprint. What the state cannot express is listed with file and line;
            then it exits with 2. Secrets are not written: put each into the file that the report names.

            Then commit the state, and `fatesync adopt` takes over the containers without touching them.

            Examples:
              fatesync import /data/projects/fate --output state
              fatesync import kubefate --host 10000=alpha --host 9999=beta
              fatesync import --live --output state
              fatesync import /data/projects/fate -o json
            """)

    @Argument(help: "Folder with confs-PARTY/, or one confs-PARTY itself.")
    var folder: String?

    @Flag(help: "Read the containers that exist on the engine.")
    var live = false

    @Option(help: "Docker endpoint for --live. Default: DOCKER_HOST, else unix:///var/run/docker.sock.")
    var docker: String?

    @Option(name: .customLong("output"), help: "Directory to write to; it must be empty or not exist.")
    var directory = "state"

    @Option(
        help: ArgumentHelp(
            "The hosts' names in the state. Default: this host's, or the parties' addresses if they differ.",
            valueName: "[PARTY=]NAME"))
    var host: [String] = []

    @Option(
        name: .customLong("data-dir"),
        help: "Where confs-PARTY stand on their hosts. Default: where the Compose files say.")
    var dataDirectory: String?

    @Flag(help: "Replace blueprints, parties and federation.yaml in the directory.")
    var force = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard live != (folder != nil) else {
            throw ValidationError("name a folder, or use --live to read the engine")
        }
        if docker != nil, !live { throw ValidationError("--docker needs --live") }
    }

    func run() throws {
        try StateDirectoryWriter.check(directory, replacing: force)
        let hosts = try Self.hosts(host)
        let state: ImportedState
        do {
            state = try read(hosts)
        } catch {
            Terminal.complain("cannot import \(folder ?? "live containers"): \(error)")
            throw ExitStatus.error
        }
        try StateDirectoryWriter.write(state.tree, to: directory, replacing: force)
        let report = ImportReport(state, directory: directory)
        if output.isJSON {
            try JSONOutput.print(report.document)
        } else {
            Terminal.say(report.text(Terminal(output), isQuiet: output.quiet))
        }
        if !state.isComplete { throw ExitStatus.changes }
    }

    private func read(_ hosts: ImportHosts) throws -> ImportedState {
        let base = dataDirectory.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        if let folder {
            let read = try ImportFolderReader.read(folder)
            return try ImportedState.reading(read, hosts: hosts, dataDirectory: base)
        }
        let endpoint = docker ?? getenv("DOCKER_HOST").map { String(cString: $0) }
        let live = try LiveReader.read(
            try DockerEndpoint(parsing: endpoint ?? "unix:///var/run/docker.sock", tls: nil))
        return try ImportedState.reading(live, hosts: hosts, dataDirectory: base)
    }

    /// `NAME` for all parties, and `PARTY=NAME` for one.
    private static func hosts(_ words: [String]) throws -> ImportHosts {
        var hosts = ImportHosts(machine: Settings.hostName())
        for word in words {
            let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            guard halves.allSatisfy({ !$0.isEmpty }), halves.count == 2 || hosts.common == nil else {
                throw ValidationError("--host needs NAME, once, or PARTY=NAME; found '\(word)'")
            }
            if halves.count == 2 { hosts.named[halves[0]] = halves[1] } else { hosts.common = word }
        }
        return hosts
    }
}
