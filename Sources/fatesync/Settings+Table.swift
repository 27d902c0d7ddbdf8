import DesiredState

extension Settings {
    /// The keys of the configuration file, with what an editor shows about each.
    static let table: [(name: String, meaning: String)] = [
        ("repository", "The state repository: a path, file://, https:// or ssh:// address. Required."),
        ("branch", "The branch to follow. Default: main."),
        ("path", "Folder of the repository that holds the state. Default: its root."),
        ("host", "This host's name in party.yaml. Default: the system's host name."),
        ("docker", "Docker endpoint. Default: DOCKER_HOST, else unix:///var/run/docker.sock."),
        ("docker-ca", "Certificates that vouch for the engine at tcp://; with docker-cert and docker-key."),
        ("docker-cert", "Certificate for the engine."),
        ("docker-key", "Private key of docker-cert."),
        ("state-dir", "Repository, journal and memory. Default: /var/lib/fatesync."),
        ("data-dir", "BASE_DIR of the parties. Default: /var/lib/fatesync/parties."),
        ("secrets-dir", "Directory with one file for each value of type secret."),
        ("registry-config", "A Docker config.json with auths, for pulls."),
        ("token-file", "File with the password for http and https, on one line."),
        ("ssh-key-file", "File with the private key for ssh, without a passphrase."),
        ("known-hosts-file", "File with the ssh server's keys, as ssh-keyscan prints them; ssh needs it."),
        ("ca-file", "Certificates that vouch for the https server. Default: the system's."),
        ("fetch-timeout", "A fetch is killed when it takes longer. Default: 30s."),
        ("interval", "Time between looks for new commits. Default: 60s."),
        ("resync", "Time between full comparisons. Default: 5m."),
        ("heartbeat", "Time between records \"heartbeat\" in the journal. Default: 1h."),
        ("recreate-limit", "How often a container of one name may be made within an hour. Default: 6."),
        ("sync-windows", "When this host may be changed. Default: always."),
        ("approval", "Kinds of change that wait for `fatesync confirm`, with commas. Default: none."),
        ("control-socket", "Where the watcher can be asked to sync. Default: control.sock in state-dir."),
        ("fetch-socket", "Unix socket of the fetch service, or none. Default: the installed one."),
        ("netns-socket", "Unix socket of the namespace service, or none. Default: the installed one."),
    ]

    /// The schema of the configuration file.
    static let schema = FileSchema.ofValues(
        table, name: "configuration", title: "The configuration of the watcher: /etc/fatesync/fatesync.yaml")
}
