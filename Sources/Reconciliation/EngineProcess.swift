import Glibc

/// The process of an engine on this host.
struct EngineProcess {
    let pid: Int32

    /// Finds the `dockerd` that listens at a socket; `nil` when another program does, such as a proxy.
    ///
    /// With socket activation systemd listens, and then the only `dockerd` of the host is meant.
    init?(listeningAt socket: String) {
        guard let peer = SocketPeer.process(listeningAt: socket) else { return nil }
        if Self.isEngine(peer) {
            pid = peer
            return
        }
        guard peer == 1, let names = try? HostFiles.names(in: "/proc") else { return nil }
        let engines = names.compactMap { Int32($0) }.filter(Self.isEngine)
        guard engines.count == 1 else { return nil }
        pid = engines[0]
    }

    /// Whether a program is in the engine's search path; `nil` when that path cannot be read.
    func finds(_ program: String) -> Bool? {
        guard let path = ProcessFiles.environment(of: pid)?["PATH"] else { return nil }
        return path.split(separator: ":").contains { directory in
            var status = stat()
            let file = "/proc/\(pid)/root\(directory)/\(program)"
            return stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                && status.st_mode & 0o111 != 0
        }
    }

    private static func isEngine(_ pid: Int32) -> Bool {
        ProcessFiles.text("/proc/\(pid)/comm") == "dockerd\n"
    }
}

/// Small files below `/proc` and `/sys`, whose sizes nobody knows beforehand.
enum ProcessFiles {
    private static let limit = 1 << 20

    /// The text of a file; `nil` when it cannot be read.
    static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while content.count < limit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            content += buffer[..<count]
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// The environment that a process was started with.
    static func environment(of pid: Int32) -> [String: String]? {
        guard let text = text("/proc/\(pid)/environ") else { return nil }
        var values: [String: String] = [:]
        for line in text.split(separator: "\0") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
        return values
    }
}
