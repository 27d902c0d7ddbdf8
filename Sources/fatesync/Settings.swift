import DesiredState
import DockerEngine
import GitSource
import Glibc
import Planning
import Reconciliation

/// Settings by name: flags beat the environment, which beats the configuration file.
struct Settings {
    /// Every key of the configuration file; the environment has them as `FATESYNC_` and capitals.
    static let keys = table.map(\.name)
    static let defaultFile = "/etc/fatesync/fatesync.yaml"
    /// Where the watcher listens that systemd starts.
    static let serviceSocket = "/run/fatesync/control.sock"
    static let defaultDataDirectory = "/var/lib/fatesync/parties"
    private static let defaultStateDirectory = "/var/lib/fatesync"

    private let values: [String: String]
    /// Where each value that is set comes from.
    let origins: [String: Origin]

    enum Origin: CustomStringConvertible {
        case flag(String)
        case environment(String)
        case file(SourceLocation)

        var description: String {
            switch self {
            case .flag(let name): "flag --\(name)"
            case .environment(let name): "environment \(name)"
            case .file(let place): "\(place.file):\(place.line)"
            }
        }
    }

    /// Collects the settings.
    ///
    /// - Throws: `SettingsError` when the file cannot be read or has a mistake.
    init(_ options: PlaceOptions, flags: [String: String] = [:]) throws(SettingsError) {
        var values: [String: String] = [:]
        var origins: [String: Origin] = [:]
        func set(_ key: String, _ value: String, _ origin: Origin) {
            (values[key], origins[key]) = (value, origin)
        }
        for (key, value) in try Self.readFile(options.config) { set(key, value.text, .file(value.location)) }
        for key in Self.keys {
            let name = "FATESYNC_" + key.uppercased().map { $0 == "-" ? "_" : $0 }
            if let value = Self.environment(name) { set(key, value, .environment(name)) }
        }
        if values["docker"] == nil, let value = Self.environment("DOCKER_HOST") {
            set("docker", value, .environment("DOCKER_HOST"))
        }
        for (key, value) in options.flags { set(key, value, .flag(key)) }
        for (key, value) in flags { set(key, value, .flag(key)) }
        (self.values, self.origins) = (values, origins)
    }

    /// What holds when nothing is set; `nil` for what then is not used at all.
    func defaultValue(of key: String) -> String? {
        switch key {
        case "branch": "main"
        case "host": host
        case "docker": "unix:///var/run/docker.sock"
        case "state-dir": stateDirectory.path
        case "data-dir": dataDirectory
        case "fetch-timeout": "30s"
        case "interval": "60s"
        case "resync": "5m"
        case "heartbeat": "1h"
        case "recreate-limit": "6"
        case "control-socket": controlSocket
        case "fetch-socket": usualFetchSocket ?? "none"
        case "netns-socket": Self.installed(Self.namespaceSocket) ?? "none"
        default: nil
        }
    }

    subscript(key: String) -> String? { values[key] }

    var host: String { values["host"] ?? Self.hostName() }
    var dataDirectory: String { values["data-dir"] ?? Self.defaultDataDirectory }
    var stateDirectory: StateDirectory {
        StateDirectory(path: values["state-dir"] ?? Self.defaultStateDirectory)
    }

    /// Where a watcher of these settings can be asked for something.
    var controlSocket: String { values["control-socket"] ?? stateDirectory.controlSocket }

    /// Where the watcher listens: in the directory that systemd makes for it, or in the state directory.
    ///
    /// The former can be entered by those who may use the socket without being root.
    var listeningSocket: String {
        if let path = values["control-socket"] { return path }
        // With several directories the first one; systemd separates them by colons.
        let runtime = Self.environment("RUNTIME_DIRECTORY")?.split(separator: ":").first
        return runtime.map { "\($0)/control.sock" } ?? stateDirectory.controlSocket
    }

    /// A duration such as `60`, `60s`, `5m` or `2h`, in seconds.
    func seconds(_ key: String, default fallback: Int) throws(SettingsError) -> Int {
        guard let text = values[key] else { return fallback }
        return try Self.seconds(text, of: key)
    }

    /// Reads a duration; `name` says in errors what it is for.
    static func seconds(_ text: String, of name: String) throws(SettingsError) -> Int {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Int(unit == nil ? text[...] : text.dropLast()), number > 0,
            number <= 1_000_000
        else {
            throw SettingsError("cannot read \(name) '\(text)': write a duration such as 60s, 5m or 2h")
        }
        return number * (unit ?? 1)
    }

    /// Everything that a pass needs.
    func watcherConfiguration() throws -> WatcherConfiguration {
        guard let repository = values["repository"] else {
            throw SettingsError(
                "no repository is given: use --repository, FATESYNC_REPOSITORY, or the key 'repository' in "
                    + Self.defaultFile)
        }
        var configuration = WatcherConfiguration(
            repository: try RepositoryURL(parsing: repository), repositoryText: repository,
            branch: values["branch"] ?? "main", folder: values["path"].flatMap { $0 == "." ? nil : $0 },
            host: host, docker: try dockerEndpoint(), stateDirectory: stateDirectory,
            dataDirectory: try absolute(dataDirectory), secretsDirectory: values["secrets-dir"],
            registryConfig: values["registry-config"],
            credentials: GitCredentials(
                tokenFile: values["token-file"], sshKeyFile: values["ssh-key-file"],
                knownHostsFile: values["known-hosts-file"], certificateAuthorityFile: values["ca-file"]),
            fetchDeadline: try seconds("fetch-timeout", default: 30), executable: "/proc/self/exe",
            version: BuildVersion.text)
        if let text = values["recreate-limit"] {
            guard let limit = Int(text), 1...1000 ~= limit else {
                throw SettingsError("cannot read recreate-limit '\(text)': write a number from 1 to 1000")
            }
            configuration.recreateLimit = limit
        }
        configuration.fetchService = try service("fetch-socket", usual: usualFetchSocket)
        configuration.namespaceService = try service(
            "netns-socket", usual: Self.installed(Self.namespaceSocket))
        do throws(SyncWindows.SyntaxError) {
            configuration.syncWindows = try values["sync-windows"].map {
                (text) throws(SyncWindows.SyntaxError) in
                try SyncWindows(parsing: text)
            }
        } catch {
            throw SettingsError(error.message)
        }
        configuration.approvals = try approvals()
        return configuration
    }

    private static let namespaceSocket = "/run/fatesync-netns.sock"

    /// The socket of the installed fetch service, which keeps one repository: that of the installed state directory.
    private var usualFetchSocket: String? {
        let isInstalled = stateDirectory.path == Self.defaultStateDirectory
        return isInstalled ? Self.installed("/run/fatesync-fetch.sock") : nil
    }

    private static func installed(_ path: String) -> String? { access(path, F_OK) == 0 ? path : nil }

    /// The unix socket of a service of systemd; without a setting the usual one.
    private func service(_ key: String, usual: String?) throws(SettingsError) -> String? {
        guard let path = values[key] else { return usual }
        if path == "none" { return nil }
        guard path.hasPrefix("/") else {
            throw SettingsError("cannot use \(key) '\(path)': write the path of a unix socket, or none")
        }
        return path
    }

    /// The kinds of change that wait for a person: words with commas between them.
    private func approvals() throws(SettingsError) -> Set<ApprovalClass> {
        var classes: Set<ApprovalClass> = []
        for word in (values["approval"] ?? "").split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let kind = ApprovalClass(rawValue: String(word)) else {
                let known = ApprovalClass.allCases.map(\.rawValue).joined(separator: ", ")
                throw SettingsError("cannot read approval '\(word)': write some of \(known)")
            }
            classes.insert(kind)
        }
        return classes
    }

    private func absolute(_ path: String) throws(SettingsError) -> String {
        guard path.hasPrefix("/") else {
            throw SettingsError("cannot use data-dir '\(path)': containers mount it, so it must begin with /")
        }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private func dockerEndpoint() throws -> DockerEndpoint {
        let given = ["docker-ca", "docker-cert", "docker-key"].filter { values[$0] != nil }
        guard given.isEmpty || given.count == 3 else {
            throw SettingsError(
                "docker-ca, docker-cert and docker-key belong together; only \(given) are given")
        }
        let tls: TLSFiles? =
            if let authority = values["docker-ca"], let certificate = values["docker-cert"],
                let key = values["docker-key"]
            {
                TLSFiles(certificateAuthority: authority, certificate: certificate, key: key)
            } else {
                nil
            }
        return try DockerEndpoint(parsing: values["docker"] ?? "unix:///var/run/docker.sock", tls: tls)
    }

    /// The configuration file, and whether it is there.
    static func file(_ path: String?) -> (path: String, isRead: Bool) {
        let file = path ?? environment("FATESYNC_CONFIG") ?? defaultFile
        return (file, access(file, R_OK) == 0)
    }

    private static func readFile(
        _ path: String?
    ) throws(SettingsError) -> [String: KeyValueFile.Value] {
        let file = Self.file(path).path
        let isAsked = path != nil || environment("FATESYNC_CONFIG") != nil
        guard let bytes = LocalFiles.read(file) else {
            guard isAsked || access(file, F_OK) == 0 else { return [:] }
            throw SettingsError("cannot read \(file): \(String(cString: strerror(errno)))")
        }
        let (values, diagnostics) = KeyValueFile.read(bytes, file: file, keys: keys)
        guard diagnostics.isEmpty else {
            throw SettingsError(diagnostics.map(\.description).joined(separator: "\n"))
        }
        return values
    }

    /// A variable of the environment; an empty one counts as absent.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, 255) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A mistake in flags, environment or configuration file.
struct SettingsError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
