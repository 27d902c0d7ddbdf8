import DesiredState
import GitSource
import Glibc

/// The socket's place in the file system: who may connect, and where clients find it.
final class ControlListener: Sendable {
    let descriptor: Int32
    private let path: String
    /// A symbolic link to it in the state directory, when it lies elsewhere.
    private let link: String?

    /// Listens at `path`, for root and one group.
    ///
    /// The caller holds the lock of the state directory. A socket that nobody listens at is left from a watcher
    /// that was killed, and is replaced.
    init(at path: String, link: String?, group: gid_t?) throws(HostFileError) {
        if let other = UnixSocket.connect(to: path) {
            close(other)
            throw HostFileError("listen at \(path)", reason: "another program listens there")
        }
        try HostFiles.makeDirectories(HostFiles.parent(of: path), mode: 0o755)
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFSOCK || status.st_mode & S_IFMT == S_IFLNK else {
                throw HostFileError("listen at \(path)", reason: "something that is not a socket is there")
            }
            unlink(path)
        }
        guard let socket = UnixSocket.bind(to: path) else { throw HostFileError("listen at \(path)") }
        descriptor = socket
        self.path = path
        self.link = link == path ? nil : link
        // Before `listen` nobody can connect, so the permissions hold from the beginning, whatever the umask is.
        guard chmod(path, 0o660) == 0, group.map({ chown(path, uid_t.max, $0) == 0 }) ?? true,
            fcntl(socket, F_SETFL, O_NONBLOCK) == 0, listen(socket, 64) == 0
        else { throw HostFileError("listen at \(path)") }
        if let link = self.link {
            unlink(link)
            guard symlink(path, link) == 0 else { throw HostFileError("make the link \(link)") }
        }
    }

    deinit {
        unlink(path)
        if let link { unlink(link) }
        close(descriptor)
    }
}

extension WatcherConfiguration {
    /// The group whose members may ask the watcher to sync: that of the repository, if it is on this host.
    ///
    /// Who can push to it decides what runs here anyhow.
    var controlGroup: gid_t? {
        guard repository.transport == .local else { return nil }
        return HostFiles.owner(of: repository.path)?.gid
    }
}

extension StateDirectory {
    /// Where clients look for the watcher's control socket.
    public var controlSocket: String { path + "/control.sock" }
}
