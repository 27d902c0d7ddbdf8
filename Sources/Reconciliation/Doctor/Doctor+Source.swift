import DesiredState
import FoundationEssentials
import GitSource
import Glibc

extension Doctor {
    /// The files that prove who fetches, before a server is asked.
    func credentials() -> DoctorCheck {
        let credentials = configuration.credentials
        let files: [(key: String, path: String?, isSecret: Bool)] = [
            ("token-file", credentials.tokenFile, true), ("ssh-key-file", credentials.sshKeyFile, true),
            ("known-hosts-file", credentials.knownHostsFile, false),
            ("ca-file", credentials.certificateAuthorityFile, false),
        ]
        let named = files.compactMap { key, path, isSecret in path.map { (key, $0, isSecret) } }
        for (key, path, isSecret) in named {
            var status = stat()
            guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
                let reason = String(cString: strerror(errno))
                return DoctorCheck(
                    .credentials, .failed, "\(key) \(path): \(reason)", mend: Self.mend(key, path))
            }
            if isSecret, status.st_mode & 0o007 != 0 {
                return DoctorCheck(
                    .credentials, .failed, "\(key) \(path): every user may read it", mend: "chmod 600 \(path)"
                )
            }
        }
        let url = configuration.repository
        switch url.transport {
        case .ssh where credentials.sshKeyFile == nil:
            return DoctorCheck(
                .credentials, .failed, "ssh needs a key, and ssh-key-file is not set",
                mend:
                    "ssh-keygen -t ed25519 -N '' -f /etc/fatesync/id_ed25519   # then: ssh-key-file: that path"
            )
        case .ssh where credentials.knownHostsFile == nil:
            return DoctorCheck(
                .credentials, .failed, "ssh needs the server's key, and known-hosts-file is not set",
                mend: Self.scan(url, into: "/etc/fatesync/known_hosts") + "; known-hosts-file: that path")
        default: break
        }
        let secrets: String
        do {
            let values = try SecretFiles.read(configuration.secretsDirectory)
            secrets = configuration.secretsDirectory == nil ? "" : "\(values.count) secrets"
        } catch {
            let path = configuration.secretsDirectory ?? ""
            return DoctorCheck(
                .credentials, .failed, "\(error)",
                mend: access(path, F_OK) == 0 ? "chmod 700 \(path)" : "install -d -m 700 \(path)")
        }
        let found = named.map(\.0) + (secrets.isEmpty ? [] : [secrets])
        return DoctorCheck(.credentials, .ok, found.isEmpty ? "none needed" : found.joined(separator: ", "))
    }

    private static func mend(_ key: String, _ path: String) -> String {
        switch key {
        case "token-file": "install -m 600 /dev/stdin \(path)   # paste the token, end with Ctrl-D"
        case "ssh-key-file": "ssh-keygen -t ed25519 -N '' -f \(path)   # and give \(path).pub to the server"
        case "known-hosts-file": "ssh-keyscan HOST >> \(path)   # after comparing the fingerprint"
        default: "install -m 644 CA.pem \(path)"
        }
    }

    private static func scan(_ url: RepositoryURL, into path: String) -> String {
        let port = url.port.map { "-p \($0) " } ?? ""
        return
            "ssh-keyscan \(port)\(url.host) >> \(path)   # after comparing the fingerprint with the server's"
    }

    /// Fetches into a directory that is thrown away, and decodes what came.
    func source() async -> (checks: [DoctorCheck], commitTime: Int64?) {
        let folder = FileManager.default.temporaryDirectory.path + "/fatesync-doctor-\(UUID().uuidString)"
        // A directory that stays behind costs some KiB below the system's folder of temporary files.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let skipped = DoctorCheck(.desiredState, .skipped, "the repository has to be mended first")
        do {
            try HostFiles.makeDirectories(folder, mode: 0o700)
        } catch {
            return ([DoctorCheck(.repository, .failed, "\(error)", mend: "df -h \(folder)"), skipped], nil)
        }
        let request = configuration.fetchRequest(into: folder + "/repository.git")
        do throws(GitError) {
            let tip = try await FetchProcess(executable: configuration.executable).fetch(request)
            let repository = try StateRepository(opening: request.bareRepository)
            let revision = try repository.revision(tip, branch: configuration.branch)
            let found = "\(configuration.repository), branch \(revision.branch) at \(revision.short)"
            return ([DoctorCheck(.repository, .ok, found), state(of: tip, in: repository)], revision.time)
        } catch {
            return ([DoctorCheck(.repository, .failed, "\(error)", mend: mend(error)), skipped], nil)
        }
    }

    private func mend(_ error: GitError) -> String {
        let (url, credentials) = (configuration.repository, configuration.credentials)
        switch error.code {
        case .authentication:
            if url.transport == .ssh, let key = credentials.sshKeyFile {
                return
                    "ssh-keygen -y -f \(key)   # give what it prints to the server, for user \(url.user ?? "git")"
            }
            let path = credentials.tokenFile ?? "/etc/fatesync/token"
            return "install -m 600 /dev/stdin \(path)   # paste a valid token; token-file: \(path)"
        case .hostKey:
            return Self.scan(url, into: credentials.knownHostsFile ?? "/etc/fatesync/known_hosts")
        case .certificate: return "ca-file: PATH   # the certificate that vouches for \(url.host)"
        case .unreachable, .timeout: return "git ls-remote \(url)   # check name, network and server"
        case .notFound: return "git ls-remote \(url)   # then correct repository or branch"
        case .empty: return "git push \(url) HEAD:\(configuration.branch)"
        default: return "git ls-remote \(url)   # see what it says"
        }
    }

    /// Whether this host's parties can be made from the commit, with the secrets that they need.
    private func state(of tip: String, in repository: borrowing StateRepository) -> DoctorCheck {
        let state: DesiredState
        do {
            let reading = try repository.readTree(at: tip, folder: configuration.folder)
            let context = DecodingContext(
                host: configuration.host, dataDirectory: configuration.dataDirectory,
                secrets: try SecretFiles.read(configuration.secretsDirectory), secretMode: .values)
            state = DesiredState.decode(reading.tree, context: context, reading: reading.diagnostics)
        } catch {
            return DoctorCheck(
                .desiredState, .failed, "\(error)", mend: "fatesync validate   # in a clone of the repository"
            )
        }
        let errors = state.diagnostics.filter { $0.severity == .error }
        if let first = errors.first {
            let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
            let directory = configuration.secretsDirectory ?? "/etc/fatesync/secrets"
            return DoctorCheck(
                .desiredState, .failed, "\(first)\(more)",
                mend: first.code == "E-SECRET"
                    ? "install -D -m 600 /dev/stdin \(directory)/NAME   # one file for each secret; "
                        + "secrets-dir: \(directory)"
                    : "fatesync validate   # in a clone of the repository")
        }
        guard !state.parties.isEmpty else {
            let hosts = Set(state.partyHosts.values.compactMap(\.self)).sorted()
            return DoctorCheck(
                .desiredState, .warning,
                "no party has the host \(configuration.host); there are \(hosts.joined(separator: ", "))",
                mend: "host: NAME   # in the configuration, or in parties/ID/party.yaml")
        }
        let ids = state.parties.map(\.party).joined(separator: ", ")
        return DoctorCheck(.desiredState, .ok, "parties \(ids) on host \(configuration.host)")
    }
}
