/// The JSON Schema of a YAML file that people write, for editors that complete and check.
public struct FileSchema: Sendable {
    /// The word for it on the command line, and the name of its file: `party`.
    public let name: String
    private let title: String
    let keys: [FileKey]

    /// The schemas of the state repository.
    public static let state = [
        FileSchema(name: "party", title: "A party of fatesync: parties/ID/party.yaml", keys: party),
        FileSchema(
            name: "blueprint", title: "A blueprint of fatesync: blueprints/NAME/blueprint.yaml",
            keys: blueprint),
        FileSchema(name: "federation", title: "What all parties share: federation.yaml", keys: federation),
    ]

    /// The schema of a file of single values, as `KeyValueFile` reads it.
    ///
    /// - Parameter keys: Each key with what it is for.
    public static func ofValues(
        _ keys: [(name: String, meaning: String)], name: String, title: String
    ) -> FileSchema {
        FileSchema(name: name, title: title, keys: keys.map { FileKey($0.name, .text, $0.meaning) })
    }

    /// The schema as JSON, of the draft that editors' language servers understand.
    public var json: String {
        let head: [ConfigEntry] = [
            ConfigEntry("$schema", .string("http://json-schema.org/draft-07/schema#")),
            ConfigEntry("title", .string(title)),
        ]
        return ConfigValue.map(head + FileShape.object(keys).keywords()).jsonText
    }
}

extension FileSchema {
    /// `apiVersion` and `kind`.
    private static func header(_ kind: String) -> [FileKey] {
        [
            FileKey(
                "apiVersion", .choice([FileHeader.version]), required: true, "The version of this format."),
            FileKey("kind", .choice([kind]), required: true, "What this file describes."),
        ]
    }

    private static let description = FileKey("description", .string, "For people; it changes nothing.")
    private static let partyID = FileShape.integer(1...9_999_999_999)

    // MARK: - Parties

    static let party =
        header("Party") + [
            FileKey("id", partyID, required: true, "The party's id in FATE, and the name of this directory."),
            FileKey("external", .boolean, "Another organisation's party: routed to, not managed."),
            description,
            FileKey("endpoint", .object(partyEndpoint), required: true, "What the other parties dial."),
            FileKey("blueprint", .string, "A directory below blueprints/. Every managed party has one."),
            FileKey("host", .string, "The host that runs it. Every managed party has one."),
            FileKey(
                "services", .named(.object(placedService)),
                "Services that run on another host, and further nodes."),
            FileKey("adopt", .boolean, "Take over what somebody else made under its names."),
            FileKey("variables", .named(.text), "Values of the blueprint's variables."),
            FileKey(
                "sharedDevices", .list(.text),
                "Devices that it shares with parties that say the same: all, an index or a UUID of a GPU, a CDI name."
            ),
            FileKey("maxHold", .duration, "How long running jobs may hold a change, such as 24h."),
            FileKey(
                "overrides",
                .object([
                    FileKey(
                        "services", .named(.anything),
                        "By service, keys of compose.yaml laid over the blueprint's."),
                    FileKey(
                        "confs", .named(.anything),
                        "By path below confs/, content laid over the blueprint's files."),
                ]), "What this party has otherwise than its blueprint."),
        ]

    private static let placedService = [
        FileKey("host", .string, required: true, "The host that runs it."),
        FileKey("extends", .string, "The blueprint's service that it is another instance of."),
    ]

    private static let partyEndpoint =
        [
            FileKey(
                "via", .choice(EndpointDeclaration.Way.allCases.map(\.rawValue)),
                "The way that others take to it."),
            FileKey("polling", .boolean, "It dials the exchange and cannot be dialled."),
        ] + dialled(.port)

    /// Where something is dialled; in a blueprint a port may be a variable.
    private static func dialled(_ port: FileShape) -> [FileKey] {
        [FileKey("address", .string, "An address or a host name that others can reach.")] + ports(port)
    }

    private static func ports(_ port: FileShape) -> [FileKey] {
        let named = EndpointPort.allCases.filter { $0 != .port }.map { name in
            FileKey(name.rawValue, port, "The published port of \(name.rawValue).")
        }
        return [
            FileKey("port", port, "The published port of rollsite or OSX."),
            FileKey("ports", .object(named), "Published ports of other services that parties dial."),
            FileKey("secure", port.isTemplate ? .text : .boolean, "Whether TLS is spoken there."),
        ]
    }

    // MARK: - Federation

    static let federation =
        header("Federation") + [
            FileKey("name", .string, required: true, "The name of the federation."),
            FileKey(
                "exchange",
                .object(
                    [
                        FileKey(
                            "for", .choice(ExchangeDeclaration.Traffic.allCases.map(\.rawValue)),
                            "Which parties are reached through it: those that are not listed, or all."),
                        FileKey("party", partyID, "The party of this repository that is the exchange."),
                    ] + dialled(.port)), "What passes messages on between parties."),
            FileKey("variables", .named(.text), "Values of blueprint variables for every party."),
            FileKey("labels", .named(.text), "Labels of every container, network and volume."),
        ]

    // MARK: - Blueprints

    static let blueprint =
        header("Blueprint") + [
            FileKey("name", .text, required: true, "The name of this directory."), description,
            FileKey("project", .text, required: true, "The Compose project, such as ${PREFIX}."),
            FileKey(
                "confs", .text, required: true,
                "Directory on the host for the config files, below ${BASE_DIR}."),
            FileKey("endpoint", .object(ports(.text)), "The published ports that other parties dial."),
            FileKey("variables", .named(.object(variable)), "What parties may or must set, by name."),
            FileKey("directories", .list(.object(directory)), "Directories on the host that are made."),
            FileKey("files", .list(.object(configFile)), "What a change of each config file needs."),
            FileKey("probes", .named(.object(probe)), "By service, what a new container must pass once."),
            FileKey(
                "data", .named(.list(.text)), "By service, paths in the container that a recreate would lose."
            ),
            FileKey("stopTimeouts", .named(.duration), "By service, how long a stop may take."),
            FileKey("jobs", .object(jobs), "How to ask whether jobs run, and which services they need."),
            FileKey("nodes", .object(nodes), "The service that a party may have on several hosts."),
            FileKey("release", .object(release), "The FATE that this blueprint is made for."),
            FileKey(
                "addresses", .list(.object(address)), "Config keys that must be the address of a container."),
            FileKey(
                "firstStart", .list(.object(firstStart)),
                "Variables that count only while a directory is empty."),
            FileKey(
                "routeTable", .either([.object(routeTable), .list(.object(routeTable))]),
                "The files that are derived from the endpoints of all parties."),
        ]

    private static let variable = [
        FileKey(
            "type", .choice(VariableType.allCases.map(\.rawValue)), required: true, "What a value must be."),
        FileKey("default", .text, "The value of parties that set none; without it they must."), description,
    ]

    private static let directory = [
        FileKey("path", .text, required: true, "Below ${BASE_DIR}."),
        FileKey("mode", .pattern("^[0-7]{3,4}$"), "Permissions in quotes, such as \"0755\"."),
        FileKey("owner", .pattern("^[0-9]+:[0-9]+$"), "Numbers, uid:gid, such as \"1000:1000\"."),
    ]

    private static let services = FileShape.list(.string)

    /// What a change needs.
    private static let effect = [
        FileKey(
            "onChange", .choice(["nothing", "reload", "signal", "restart"]), required: true,
            "What a change needs to be in effect."),
        FileKey("within", .pattern("^[0-9]+[sm]$"), "reload: how soon the reader notices, such as 60s."),
        FileKey(
            "signal", .pattern("^(SIG)?(\(ReloadSignal.allCases.map(\.rawValue).joined(separator: "|")))$"),
            "signal: the signal that makes its readers read it again."),
        FileKey("services", services, "restart and signal: the services, in this order."),
        FileKey("readers", services, "Services whose process has read the file, if not all of them."),
        FileKey("confirm", .string, "Why a change waits for `fatesync confirm`."),
    ]

    private static let configFile =
        [
            FileKey("path", .string, required: true, "Below confs/."),
            FileKey(
                "format", .choice(ConfigFormat.allCases.map(\.rawValue)),
                "How variables are filled in; a file without a format is copied."),
            FileKey(
                "restartIfUnreadable", services, "reload: services that give up on a file they cannot read."),
            FileKey(
                "keys",
                .list(
                    .object(
                        [
                            FileKey(
                                "match", .either([.text, .list(.text)]), required: true,
                                "Names of keys, with * for anything.")
                        ] + effect)), "Keys whose change needs something else."),
        ] + effect

    private static let probe = [
        FileKey("tcp", .port, "A port in the container that takes connections."),
        FileKey("http", .text, "A port and a path that answers, such as 8080/."),
        FileKey("exec", .list(.string), "A command in the container that ends with 0."),
        FileKey("timeout", .duration, "When it has failed, such as 120s."),
    ]

    private static let jobs = [
        FileKey("service", .string, required: true, "The service of FATE Flow."),
        FileKey("port", .port, required: true, "Its HTTP port in the container."),
        FileKey(
            "api", .choice(JobGuard.API.allCases.map(\.rawValue)), required: true, "v1: FATE 1, v2: FATE 2."),
        FileKey("guards", services, "Services whose stop ends jobs."),
    ]

    private static let nodes = [
        FileKey("service", .string, required: true, "The service, such as nodemanager."),
        FileKey("directory", .string, required: true, "Its data, an absolute path in the container."),
        FileKey("port", .object(place), "Where the one port of all nodes is written."),
        FileKey("count", .object(place), "Where the number of nodes is written."),
        FileKey("rows", .string, "The SQL below confs/ that registers the nodes."),
    ]

    private static let place = [
        FileKey("file", .string, required: true, "A config file below confs/."),
        FileKey("key", .string, required: true, "The key in it."),
    ]

    private static let release = [
        FileKey("version", .text, required: true, "Such as 1.5.1."),
        FileKey("tag", .text, required: true, "The tag of the images, such as ${TAG}."),
        FileKey(
            "upgrades",
            .list(
                .object([
                    FileKey("from", .text, required: true, "The version that a party comes from."),
                    FileKey("steps", .list(.string), required: true, "What a person does for it."),
                ])), "What an upgrade needs that fatesync cannot do."),
    ]

    private static let address = [
        FileKey("service", .string, required: true, "The service whose address it must be."),
        FileKey("file", .string, required: true, "A config file below confs/."),
        FileKey("key", .string, required: true, "The key in it, such as fateflow.host."),
    ]

    private static let firstStart = [
        FileKey("variable", .string, required: true, "The variable."),
        FileKey("directory", .text, required: true, "It counts while this directory is empty."),
        FileKey("script", .string, required: true, "The file below confs/ that is read only then."),
        FileKey("file", .string, required: true, "Another config file with the value."),
        FileKey("key", .string, required: true, "The key in that one."),
        FileKey("instead", .text, required: true, "What a person does later instead."),
    ]

    private static let routeTable =
        [
            FileKey("path", .string, required: true, "The config file below confs/."),
            FileKey(
                "format", .choice(RouteTableFormat.allCases.map(\.rawValue)), required: true, "What reads it."
            ),
            FileKey(
                "role", .choice(RouteTableDeclaration.Role.allCases.map(\.rawValue)), "Whose table it is."),
            FileKey(
                "self", .object(hop(RouteTableFormat.allCases.flatMap { $0.ownPorts.map(\.key) })),
                "Its own place."),
            FileKey("domain", .text, "pulsar: the domain of the parties' brokers."),
            FileKey(
                "tls", .object(RouteTable.tlsKeys.map { FileKey($0, .text, "A file in the container.") }),
                "osx: files for TLS."),
        ]
        + Set(RouteTableFormat.allCases.compactMap(\.backend)).sorted().map { key in
            let formats = RouteTableFormat.allCases.filter { $0.backend == key }
            return FileKey(
                key, .object(hop(formats.flatMap(\.backendPorts))), "Who gets the party's own messages.")
        }

    private static func hop(_ ports: [String]) -> [FileKey] {
        [FileKey("address", .text, required: true, "A service's name or address in the party's network.")]
            + Set(ports).sorted().map { FileKey($0, .text, "The port \($0).") }
    }
}

extension FileShape {
    /// Whether variables may stand for the value.
    fileprivate var isTemplate: Bool { if case .text = self { true } else { false } }
}
