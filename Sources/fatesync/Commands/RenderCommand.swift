import ArgumentParser
import DesiredState

/// `fatesync render`: the exact files and containers of one party.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print or write the exact config files and container specs of a party.",
        discussion: """
            With --output it writes confs/, the files that must be there for Compose (.env), and resources.json.
            Secrets are shown as placeholders.

            Examples:
              fatesync render 10000 --state state
              fatesync render 10000 --state state --output /tmp/10000
              fatesync render 10000 --state state --host b
              docker compose --env-file /tmp/10000/.env -f state/blueprints/fate-1.5.1/compose.yaml config
            """)

    @Argument(help: "Party id.")
    var party: String

    @Option(help: "Directory with the state repository.")
    var state = "."

    @Option(help: "Host whose part of the party is wanted (default: the party's own).")
    var host: String?

    @Option(name: .customLong("output"), help: "Directory to write to.")
    var directory: String?

    @Option(name: .customLong("data-dir"), help: "Value of BASE_DIR.")
    var dataDirectory = "/var/lib/fatesync/parties"

    @OptionGroup var output: OutputOptions

    func run() throws {
        let resources = try resources()
        let document = RenderDocument(resources)
        if let directory {
            for file in resources.files {
                try LocalFiles.write(file.content, to: "\(directory)/confs/\(file.name)", replacing: true)
            }
            try LocalFiles.write(
                Array(resources.environmentFile.utf8), to: "\(directory)/.env", replacing: true)
            try LocalFiles.write(try document.bytes(), to: "\(directory)/resources.json", replacing: true)
            if !output.quiet {
                Terminal.say("\(resources.files.count) files, .env and resources.json in \(directory)")
            }
        } else if output.isJSON {
            try JSONOutput.print(document)
        } else {
            for file in resources.files {
                Terminal.say("# \(file.path)")
                Terminal.say(String(decoding: file.content, as: UTF8.self))
            }
        }
    }

    private func resources() throws -> PartyResources {
        let tree = try LocalFiles.tree(state)
        let overview = LocalState.decode(tree, host: "", dataDirectory: dataDirectory)
        let errors = overview.diagnostics.filter { $0.severity == .error }
        guard let entry = overview.partyHosts[party] else {
            for error in errors { Terminal.complain("\(error)") }
            Terminal.complain(
                "no party \(party) in \(state); there are: \(overview.partyHosts.keys.sorted().joined(separator: ", "))"
            )
            throw ExitStatus.invalid
        }
        guard let home = entry else {
            Terminal.complain("party \(party) is external: it has an endpoint and nothing to render")
            throw ExitStatus.invalid
        }
        let decoded = LocalState.decode(tree, host: host ?? home, dataDirectory: dataDirectory)
        guard let resources = decoded.parties.first(where: { $0.party == party }) else {
            if let host, let hosts = decoded.placements[party]?.hosts, !hosts.contains(host) {
                Terminal.complain(
                    "nothing of party \(party) runs on host \(host); it runs on \(hosts.sorted().joined(separator: ", "))"
                )
            }
            for error in errors { Terminal.complain("\(error)") }
            throw ExitStatus.invalid
        }
        return resources
    }
}

extension PartyResources {
    /// The party's variables in the form that `docker compose --env-file` reads.
    var environmentFile: String {
        variables.sorted { $0.key < $1.key }.map { name, value in
            // Single quotes keep every other character; one that is in the value is closed, escaped, reopened.
            let isPlain = value.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-/:@".contains($0))
            }
            return "\(name)="
                + (isPlain
                    ? value
                    : "'"
                        + value.split(separator: "'", omittingEmptySubsequences: false).joined(
                            separator: "\\'") + "'")
        }.joined(separator: "\n") + "\n"
    }
}

/// A party's resources for programs.
struct RenderDocument: Encodable {
    struct File: Encodable {
        var path: String
        var content: String
    }

    struct Service: Encodable {
        var name: String
        var dependsOn: [String]
        var container: ContainerSpec
    }

    var schemaVersion = 1
    var party: String
    var project: String
    var networks: [NetworkSpec]
    var joinedNetworks: [NetworkSpec]
    var volumes: [VolumeSpec]
    var directories: [DirectorySpec]
    var files: [File]
    var services: [Service]

    init(_ resources: PartyResources) {
        party = resources.party
        project = resources.project
        networks = resources.networks
        joinedNetworks = resources.joinedNetworks
        volumes = resources.volumes
        directories = resources.directories
        files = resources.files.map {
            File(path: $0.path, content: String(decoding: $0.content, as: UTF8.self))
        }
        services = resources.services.map {
            Service(name: $0.name, dependsOn: $0.dependsOn, container: $0.container)
        }
    }

    func bytes() throws -> [UInt8] { try JSONOutput.bytes(self) }
}
