import Glibc
import Synchronization

/// Asks for a pass when somebody changes a file that fatesync wrote, or a directory that it made.
///
/// Like Docker's events this only hastens a comparison; a limit on inotify costs time, not truth.
final class FileWatcher: Sendable {
    private let triggers: TriggerQueue
    private let descriptor: Int32
    /// Reading and writing end of a pipe whose only message is "stop".
    private let stopper: (read: Int32, write: Int32)
    private let watched = Mutex<[String: Int32]>([:])

    /// `nil` when the system grants no inotify instance.
    init?(triggers: TriggerQueue) {
        self.triggers = triggers
        descriptor = inotify_init1(CInt(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            close(descriptor)
            return nil
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        stopper = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(stopper.read)
        close(stopper.write)
    }

    /// Watches exactly these directories from now on.
    func watch(_ directories: Set<String>) {
        let mask = UInt32(
            IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_ONLYDIR
        )
        watched.withLock { watched in
            for (path, watch) in watched where !directories.contains(path) {
                inotify_rm_watch(descriptor, watch)
                watched[path] = nil
            }
            // A directory that was replaced has a new inode, so adding is repeated; it is idempotent.
            for path in directories {
                let watch = inotify_add_watch(descriptor, path, mask)
                watched[path] = watch >= 0 ? watch : nil
            }
        }
    }

    /// Blocks until `stop` is called.
    func run() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            var descriptors = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stopper.read, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&descriptors, 2, -1)
            if count < 0, errno == EINTR { continue }
            guard count > 0, descriptors[1].revents == 0 else { return }
            // Which file it was does not matter: a pass compares all of them.
            while read(descriptor, &buffer, buffer.count) > 0 {}
            triggers.raise(.event)
        }
    }

    func stop() { _ = write(stopper.write, [1], 1) }
}
