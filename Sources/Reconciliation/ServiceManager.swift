import Glibc
import Synchronization

/// The service manager that started the watcher, as sd_notify(3) describes it.
///
/// A manager that goes away costs a message, never a pass: what cannot be sent is dropped.
public final class ServiceManager: Sendable {
    /// Time between signs of life; `nil` when the manager does not ask for any (`WatchdogSec=`).
    ///
    /// A third of what it waits, so that one sign may be late without a restart.
    public let watchdogInterval: Duration?
    private let path: [UInt8]
    private let lastSign = Mutex<ContinuousClock.Instant?>(nil)

    /// `nil` when no manager wants to hear from this process.
    public init?(_ variable: (String) -> String?) {
        guard let name = variable("NOTIFY_SOCKET"), name.hasPrefix("/") || name.hasPrefix("@"),
            (2...Self.longestPath).contains(name.utf8.count)
        else { return nil }
        // A leading `@` stands for the zero byte of a socket that has no file.
        path = name.hasPrefix("@") ? [0] + name.utf8.dropFirst() : Array(name.utf8)
        // The variables are inherited, and the watchdog is meant for the process that it names.
        let isMeant = variable("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
        let microseconds = variable("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        watchdogInterval = isMeant && microseconds > 0 ? .microseconds(microseconds / 3) : nil
    }

    /// The watcher has begun; what it finds from here on is in its status.
    public func tellReady() { send("READY=1") }

    /// The watcher looks for a new commit because it was told to.
    public func tellReloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)")
    }

    /// The watcher ends after its current steps.
    public func tellStopping() { send("STOPPING=1") }

    /// What the watcher does, for `systemctl status`: one line.
    public func tell(status: String) {
        send("STATUS=\(status.split(separator: "\n").first ?? "")")
    }

    /// A sign of life; the loop that does the work sends it, so that a hung loop sends none.
    public func tellAlive() {
        guard let watchdogInterval else { return }
        let now = ContinuousClock.now
        let isDue = lastSign.withLock { last in
            if let time = last, time.duration(to: now) < watchdogInterval { return false }
            last = now
            return true
        }
        if isDue { send("WATCHDOG=1") }
    }

    private func send(_ message: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        // The length counts: a name without a file ends where the address does.
        let size = MemoryLayout.size(ofValue: address.sun_family) + path.count
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, socklen_t(size))
            }
        }
    }

    private static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
}
