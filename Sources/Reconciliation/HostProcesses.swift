import DesiredState
import Glibc
import Planning

/// The main processes of containers, as `/proc` of this host shows them.
///
/// Everything here may be unknown: the engine may be on another host or in another process namespace, or
/// fatesync may not be allowed to look. Unknown is never taken for right or wrong.
enum HostProcesses {
    /// Reads the process of each running container, and how it sees the mounts that show one of `paths`.
    static func read(
        _ containers: [String: LiveContainer], volumes: [String: LiveVolume], files paths: Set<String>
    ) -> [String: LiveProcess] {
        var processes: [String: LiveProcess] = [:]
        for (id, container) in containers where container.pid > 1 {
            guard [.running, .paused].contains(container.status),
                let process = identity(of: container.pid, in: id), kill(process.pid, 0) == 0
            else { continue }
            var views: [String: MountView] = [:]
            for mount in container.spec.mounts {
                guard let source = mount.hostPath(volumes),
                    paths.contains(where: { $0 == source || $0.hasPrefix(source + "/") })
                else { continue }
                views[mount.target] = view(of: source, at: mount.target, process: process)
            }
            processes[id] = LiveProcess(identity: process, mounts: views)
        }
        return processes
    }

    /// Sends a signal to the very process that was read before.
    static func signal(_ delivery: SignalDelivery) throws(HostFileError) {
        let pid = delivery.process.pid
        guard startTime(of: pid) == delivery.process.startTime else {
            throw HostFileError("signal process \(pid)", reason: "it has ended")
        }
        guard kill(pid, delivery.signal.number) == 0 else { throw HostFileError("signal process \(pid)") }
    }

    /// The process, if it is the container's own by the account of the kernel.
    ///
    /// Its control group, or the files that the engine mounts into each container, carry the container's id.
    private static func identity(of pid: Int32, in container: String) -> ProcessIdentity? {
        let isOwn = runs(pid, in: container)
        guard isOwn, let start = startTime(of: pid) else { return nil }
        return ProcessIdentity(pid: pid, startTime: start)
    }

    /// Field 22 of `/proc/PID/stat`, in clock ticks; `nil` when there is no such process or it is dead.
    private static func startTime(of pid: Int32) -> UInt64? {
        let line = text(of: "/proc/\(pid)/stat")
        // The second field is a name in parentheses, which may hold anything.
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }

    private static func view(
        of source: String, at target: String, process: ProcessIdentity
    ) -> MountView? {
        guard let inside = pathInside(process.pid, target) else { return nil }
        var seen = stat()
        guard lstat(inside, &seen) == 0 else { return nil }
        var current = stat()
        if stat(source, &current) == 0 {
            if current.st_dev == seen.st_dev, current.st_ino == seen.st_ino { return .attached }
        } else if errno != ENOENT, errno != ENOTDIR {
            return nil
        }
        // A container that has ended meanwhile shows nothing that could be compared.
        guard startTime(of: process.pid) == process.startTime else { return nil }
        return .detached(try? HostFiles.read(inside))
    }

    /// The target of a mount as a path of this host; `nil` when a symbolic link lies on the way, because it
    /// would lead out of the container.
    private static func pathInside(_ pid: Int32, _ target: String) -> String? {
        var path = "/proc/\(pid)/root"
        for name in target.split(separator: "/") {
            guard name != "..", name != "." else { return nil }
            path += "/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return nil }
        }
        return path
    }

    /// Whether the process is the container's; an engine behind another PID namespace counts otherwise.
    static func runs(_ pid: Int32, in container: String) -> Bool {
        ["cgroup", "mountinfo"].contains { text(of: "/proc/\(pid)/\($0)").contains(container) }
    }

    /// A file of `/proc`, whose size is not known before; empty when it cannot be read.
    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while content.count < 1 << 20 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            content += buffer[..<count]
        }
        return String(decoding: content, as: UTF8.self)
    }
}

extension ReloadSignal {
    fileprivate var number: Int32 {
        switch self {
        case .hangup: SIGHUP
        case .user1: SIGUSR1
        case .user2: SIGUSR2
        case .windowChange: SIGWINCH
        }
    }
}
