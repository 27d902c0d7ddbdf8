import DesiredState
import DockerEngine
import Glibc
import Planning

/// Asks everything that a pass needs, one question after another, and changes nothing.
public struct Doctor: Sendable {
    let configuration: WatcherConfiguration

    public init(_ configuration: WatcherConfiguration) {
        self.configuration = configuration
    }

    /// The answers, in the order of `DoctorCheck.Question`, without that about the configuration.
    public func checks() async -> [DoctorCheck] {
        var checks = [
            directory(
                .stateDirectory, configuration.stateDirectory.path, key: "state-dir"),
            directory(.dataDirectory, configuration.dataDirectory, key: "data-dir"),
            credentials(),
        ]
        let source = await self.source()
        checks += source.checks
        let socket = self.socket()
        checks.append(socket)
        let client = try? DockerClient(endpoint: configuration.docker, deadline: .seconds(10))
        let engine = socket.result == .failed ? nil : client.map(ask)
        checks.append(
            engine ?? DoctorCheck(.engine, .skipped, "the socket has to be mended first"))
        let systemTime = engine?.result == .ok ? client.flatMap { try? $0.readSystemTime() } : nil
        checks.append(clock(engine: systemTime, newestCommit: source.commitTime))
        checks.append(watcher())
        return checks
    }

    /// Whether fatesync can write somewhere; what is not there yet, it makes at the first pass.
    private func directory(_ name: DoctorCheck.Question, _ path: String, key: String) -> DoctorCheck {
        var existing = path
        while access(existing, F_OK) != 0, errno == ENOENT, existing != "/" {
            existing = HostFiles.parent(of: existing)
        }
        guard access(existing, W_OK | X_OK) == 0 else {
            let code = errno
            let mend =
                switch code {
                case EROFS:
                    "mount -o remount,rw \(existing)   # or set \(key); under systemd: ReadWritePaths=\(path)"
                case EACCES, EPERM: "sudo fatesync doctor   # fatesync runs as root"
                default: "mkdir -p \(path)"
                }
            return DoctorCheck(
                name, .failed, "\(existing) cannot be written: \(String(cString: strerror(code)))", mend: mend
            )
        }
        var space = statvfs()
        if statvfs(existing, &space) == 0 {
            let free = (UInt64(space.f_bavail) * UInt64(space.f_frsize)) >> 20
            if free < Self.leastFree {
                return DoctorCheck(
                    name, .failed,
                    "\(existing) has \(free) MiB left, and \(Self.leastFree) are little enough",
                    mend: "df -h \(existing)   # free some space")
            }
        }
        return DoctorCheck(name, .ok, existing == path ? path : "\(path), which the first pass makes")
    }

    /// MiB: the journal rotates at 16, and a full disk stops all changes.
    private static let leastFree: UInt64 = 64

    /// Whether something listens at the engine's socket, and whether it may be used.
    private func socket() -> DoctorCheck {
        guard let path = configuration.docker.socketPath else {
            return DoctorCheck(.dockerSocket, .ok, "none: the engine is at \(configuration.docker)")
        }
        guard let code = SocketPeer.failure(connectingTo: path) else {
            return DoctorCheck(.dockerSocket, .ok, path)
        }
        let reason = String(cString: strerror(code))
        switch code {
        case ENOENT:
            return DoctorCheck(
                .dockerSocket, .failed, "\(path) does not exist",
                mend: "systemctl enable --now docker   # or set docker to where the engine listens")
        case EACCES, EPERM:
            let user = Requester.current().user
            return DoctorCheck(
                .dockerSocket, .failed, "\(path) may not be used by \(user): \(reason)",
                mend:
                    "usermod -aG \(Self.group(of: path)) \(user)   # then log in anew; the service runs as root"
            )
        default:
            return DoctorCheck(
                .dockerSocket, .failed, "nobody answers at \(path): \(reason)",
                mend: "systemctl restart docker   # then: journalctl -u docker -n 50")
        }
    }

    /// The group that may use a socket; the usual one where it cannot be seen.
    private static func group(of path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0, status.st_gid != 0, let entry = getgrgid(status.st_gid) else {
            return "docker"
        }
        return String(cString: entry.pointee.gr_name)
    }

    private func ask(_ client: DockerClient) -> DoctorCheck {
        do throws(DockerError) {
            let identity = try client.connect()
            return DoctorCheck(.engine, .ok, "Docker \(identity.version), API \(identity.apiVersion)")
        } catch {
            let mend =
                switch error.code {
                case .undecodable:
                    "apt-get install --only-upgrade docker.io   # Docker 20.10 or newer; docker-ce has its own name"
                default: "docker -H \(configuration.docker) version   # see what it says"
                }
            return DoctorCheck(.engine, .failed, "\(error)", mend: mend)
        }
    }

    private func watcher() -> DoctorCheck {
        do {
            let orders = try OperatorOrders.read(from: configuration.stateDirectory)
            let now = Int64(time(nil))
            let active = orders.suspensions.filter { !$0.isOver(at: now) }
            let texts = active.map(\.text) + orders.pins.map(\.text)
            if !texts.isEmpty {
                let first = active.first.map { ("resume", $0.party) } ?? ("unpin", orders.pins.first?.party)
                return DoctorCheck(
                    .watcher, .warning, texts.joined(separator: "; "),
                    mend: "fatesync \(first.0)\(first.1.map { " " + $0 } ?? "")")
            }
            guard let owner = configuration.stateDirectory.lockOwner else {
                return DoctorCheck(
                    .watcher, .warning, "none is at work with \(configuration.stateDirectory.path)",
                    mend: "systemctl enable --now fatesync")
            }
            return DoctorCheck(.watcher, .ok, "process \(owner)")
        } catch {
            return DoctorCheck(
                .watcher, .failed, "\(error)", mend: "ls -l \(configuration.stateDirectory.path)")
        }
    }
}
