/// What is known of a config file of FATE: how it is read, by whom, and what a change of it needs.
struct FATEFile {
    enum Effect: Equatable {
        case nothing
        /// The reader opens it anew within this many seconds.
        case reload(Int)
        case restart
    }

    /// Path below `confs/`.
    var path: String
    /// `nil`: copied as it is.
    var format: ConfigFormat?
    var effect: Effect
    /// Services that read it, in the order in which they are restarted, under all names that they ever had.
    var readers: [String]

    init(_ path: String, _ format: ConfigFormat?, _ effect: Effect, _ readers: String...) {
        self.path = path
        self.format = format
        self.effect = effect
        self.readers = readers
    }

    /// clustermanager goes first: its shutdown ends the sessions and needs the nodemanager alive.
    static let all: [FATEFile] = [
        FATEFile(
            "eggroll/conf/eggroll.properties", .properties, .restart, "clustermanager", "nodemanager",
            "rollsite", "python", "fateflow"),
        FATEFile(
            "eggroll/conf/log4j2.properties", nil, .restart, "clustermanager", "nodemanager", "rollsite"),
        FATEFile("eggroll/conf/route_table.json", .json, .reload(60), "rollsite"),
        // They belong to programs and services that are not started.
        FATEFile("eggroll/conf/applicationContext-proxy.xml", nil, .nothing),
        FATEFile("eggroll/conf/README.md", nil, .nothing),
        FATEFile(
            "fate_flow/conf/service_conf.yaml", .yaml, .restart, "nodemanager", "python", "fateflow"),
        FATEFile("fate_flow/conf/transfer_conf.yaml", .yaml, .nothing),
        // Every new task reads these two.
        FATEFile("fate_flow/conf/rabbitmq_route_table.yaml", .yaml, .nothing, "python", "fateflow"),
        FATEFile("fate_flow/conf/pulsar_route_table.yaml", .yaml, .nothing, "python", "fateflow"),
        FATEFile("fate_flow/conf/job_default_config.yaml", .yaml, .restart, "python", "fateflow"),
        FATEFile("fate_flow/conf/component_registry.json", .json, .restart, "python", "fateflow"),
        FATEFile("fateboard/conf/application.properties", .properties, .restart, "fateboard"),
        FATEFile("fateboard/conf/ssh.properties", .properties, .restart, "fateboard"),
        FATEFile("client/pipeline_conf.yaml", .yaml, .restart, "client"),
        FATEFile("mysql/init/create-eggroll-meta-tables.sql", nil, .nothing),
        FATEFile("mysql/init/insert-node.sql", nil, .nothing),
        FATEFile("nginx/route_table.yaml", .yaml, .restart, "nginx"),
        FATEFile("nginx/nginx.conf", nil, .restart, "nginx"),
        FATEFile("osx/conf/broker.properties", .properties, .restart, "osx"),
        FATEFile("osx/conf/route_table.json", .json, .reload(3), "osx"),
    ]

    static func named(_ path: String) -> FATEFile? { all.first { $0.path == path } }

    /// Values of config files that are a variable of the party, by file and key.
    static let variables: [(path: String, key: String, variable: String)] = [
        ("eggroll/conf/eggroll.properties", "eggroll.rollsite.party.id", "PARTY_ID"),
        ("eggroll/conf/eggroll.properties", "eggroll.resourcemanager.process.tag", "PARTY_ID"),
        ("osx/conf/broker.properties", "self.party", "PARTY_ID"),
        ("fate_flow/conf/service_conf.yaml", "party_id", "PARTY_ID"),
        ("fate_flow/conf/service_conf.yaml", "fateflow.host", "FLOW_IP"),
        ("fate_flow/conf/service_conf.yaml", "servings.hosts[0]", "SERVING_HOST"),
    ]
}

/// What is known of a service of FATE.
struct FATEService {
    /// Ports inside the container, with the variable for the host's port where the name alone does not tell.
    static let portVariables: [Int: String] = [
        9360: "PORT_GRPC", 9370: "PORT_ROLLSITE", 9380: "PORT_HTTP", 8080: "PORT_FATEBOARD",
        20000: "PORT_CLIENT",
    ]

    /// The port on which a service shows that it serves, and the seconds that it may need.
    static let probes: [String: (port: Int, timeout: Int)] = [
        "clustermanager": (4670, 120), "nodemanager": (4671, 120), "rollsite": (9370, 120),
        "osx": (9370, 120),
        "python": (9380, 180), "fateflow": (9380, 180), "fateboard": (8080, 180), "mysql": (3306, 180),
    ]

    /// The names under which FATE Flow is found, newest first.
    static let flow = ["fateflow", "python"]
    /// The services that other parties dial, with their port in the container.
    static let gates = [("rollsite", 9370), ("osx", 9370), ("nginx", 9310)]
    /// All names that services of FATE have on their network.
    static let names = [
        "rollsite", "osx", "fateboard", "clustermanager", "nodemanager", "python", "fateflow", "client",
        "mysql", "nginx", "exchange",
    ]
    /// Directories of FATE Flow up to 1.6.0 that lie in the container unless something is mounted there.
    static let flowData = ["/data/projects/fate/model_local_cache", "/data/projects/fate/jobs"]
}

/// Words that may not be written to git.
enum ImportSecrets {
    /// What KubeFATE writes when nobody chooses anything.
    private static let publicDefaults: Set<String> = [
        "", "fate", "fate_dev", "admin", "123456", "root", "yes", "no", "true", "false", "null",
    ]

    /// Whether the value of a key is a secret that somebody chose himself.
    static func isSecret(_ value: String, of key: String) -> Bool {
        guard !publicDefaults.contains(value), !value.contains("${") else { return false }
        let name = key.lowercased()
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let isPassword = ["password", "passwd", "secret_key", "secretkey", "secret_id", "secretid"].contains {
            last.contains($0)
        }
        if last.hasSuffix("_module") || last.hasPrefix("encrypt") || last.contains("allow_empty") {
            return false
        }
        return isPassword || name.hasSuffix("route.table.key") || last == "token" || last == "private_key"
    }

    /// The variable for a secret: one for the database, whichever file says it.
    static func variable(for key: String) -> String {
        let name = key.lowercased()
        let isDatabase = [
            "jdbc.password", "datasource.password", "database.passwd", "database.mysql.passwd",
            "model_store_address.passwd", "mysql_password",
        ].contains { name.hasSuffix($0) }
        if isDatabase { return "DB_PASSWORD" }
        let parts = name.split { !$0.isLetter && !$0.isNumber }.suffix(3)
        let text = parts.joined(separator: "_").uppercased()
        return text.first.map(\.isNumber) == true ? "S_" + text : text
    }
}
