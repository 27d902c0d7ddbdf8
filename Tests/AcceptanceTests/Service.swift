import Foundation

/// The package in a container with systemd, for one host, with a git server beside it that wants a token.
struct Service {
    static let watchdogSeconds = 3
    private let host: Host
    private let engine: Engine
    private let container: String
    private let runtime: String?
    private let server: Child

    /// Gives the body a service, and removes its container afterwards, whatever happens: a watcher that goes on would make
    /// anew what the host removes.
    static func use(_ host: Host, _ body: (Service) async throws -> Void) async throws {
        let service = try await Service(host)
        do {
            try await body(service)
        } catch {
            try await service.remove()
            throw error
        }
        try await service.remove()
    }

    private init(_ host: Host) async throws {
        self.host = host
        engine = host.engine
        container = "systemd-\(host.name)"
        runtime = try await Self.swiftRuntime(of: Program.fatesync)
        let script = Program.support("systemd-container")
        let start = [script, engine.endpoint, container, host.folder, engine.socket]
        try await Program.output(of: start + [runtime].compactMap(\.self))
        // It ends with its standard input; a pipe that it holds itself never ends.
        try await Program.output(of: ["mkfifo", host.folder + "/lifeline"])
        server = host.keep(
            try Child([
                "bash", "-c", "exec nsenter --net=/run/netns/fs-$0 \"$@\" <>\(host.folder)/lifeline",
                engine.name,
                Program.support("git-http-server"), "--root", host.folder, "--token", "s3cret",
            ]))
        try await Program.output(of: [
            Program.support("../../packaging/deb"), Program.fatesync, host.folder, "-Znone",
        ])
    }

    /// Installs the package, which says that it is of this version.
    func install(version: String) async throws {
        let package = "\(host.folder)/fatesync_\(version).deb"
        let script = """
            set -e
            rm -rf "$1/package" && dpkg-deb -R "$1"/fatesync_*_*.deb "$1/package"
            sed -i "s/^Version: .*/Version: $2/" "$1/package/DEBIAN/control"
            dpkg-deb --root-owner-group -Znone -b "$1/package" "$3"
            """
        try await Program.output(of: ["bash", "-c", script, "install", host.folder, version, package])
        // The triggers are those of other packages, and one reads every page of the manual.
        try await run("dpkg", "--no-triggers", "--install", package)
    }

    var gitPort: String { server.output.trimmingCharacters(in: .newlines) }

    /// Asks the namespace service for a socket, as the watcher does, and connects with it.
    ///
    /// The watcher itself cannot be made to here: the engine is in another process namespace than this systemd.
    static let netnsClient = """
        import socket, sys
        service = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        service.connect("/run/fatesync-netns.sock")
        with open("/proc/self/ns/net") as namespace:
            socket.send_fds(service, [b"\\0"], [namespace.fileno()])
        made = socket.recv_fds(service, 1, 1)[1][0]
        client = socket.socket(fileno=made)
        client.setblocking(True)
        client.connect(("127.0.0.1", int(sys.argv[1])))
        """

    /// Writes the configuration, the token and the drop-ins that a test needs, as an operator would.
    func configure() async throws {
        let isListening = await eventually(within: .seconds(20)) { server.output.hasSuffix("\n") }
        guard isListening else { throw Failure("no git server: \(server.errors)") }
        let settings = """
            repository: http://127.0.0.1:\(gitPort)/state.git
            token-file: /etc/fatesync/git/token
            host: \(host.name)
            docker: \(engine.endpoint)
            data-dir: \(host.dataDirectory)
            interval: 1h

            """
        try await write(settings, to: "/etc/fatesync/fatesync.yaml")
        try await write("s3cret\n", to: "/etc/fatesync/git/token")
        let library = runtime.map { "Environment=LD_LIBRARY_PATH=\($0)\n" } ?? ""
        for unit in ["fatesync-fetch@", "fatesync-netns@"] {
            try await write("[Service]\n\(library)", to: "/etc/systemd/system/\(unit).service.d/test.conf")
        }
        let dropIn = """
            [Service]
            WatchdogSec=\(Self.watchdogSeconds)
            BindPaths=\(host.folder) \(engine.socket)
            \(library)
            """
        try await write(dropIn, to: "/etc/systemd/system/fatesync.service.d/test.conf")
        try await systemctl("daemon-reload")
    }

    /// The folder of the Swift libraries that a program needs; none of a release build.
    private static func swiftRuntime(of program: String) async throws -> String? {
        let lines = try await Program.output(of: ["ldd", program]).split(separator: "\n")
        let library = lines.first { $0.contains("libswiftCore.so") }?.split(separator: " ").dropFirst(2).first
        return library.map { URL(fileURLWithPath: String($0)).deletingLastPathComponent().path }
    }

    private func write(_ text: String, to path: String) async throws {
        let script = "umask 077; mkdir -p \"${1%/*}\"; printf %s \"$2\" >\"$1\""
        try await run("sh", "-c", script, "write", path, text)
    }

    @discardableResult
    func run(_ words: String...) async throws -> String { try await run(words) }

    @discardableResult
    func run(_ words: [String]) async throws -> String {
        let library = runtime.map { ["-e", "LD_LIBRARY_PATH=\($0)"] } ?? []
        return try await engine.docker(["exec"] + library + [container] + words)
    }

    /// Runs the installed program with the installed configuration.
    func fatesync(_ words: [String]) async throws -> String { try await run(["fatesync"] + words) }

    func systemctl(_ words: String...) async throws { try await run(["systemctl"] + words) }

    func property(_ name: String) async throws -> String {
        try await run("systemctl", "show", "--value", "--property", name, "fatesync")
    }

    /// Makes the watcher look for a commit, and waits until it is in sync with it.
    func follow(_ commit: String) async throws {
        try await systemctl("reload", "fatesync")
        try await awaitSync(with: commit)
    }

    /// Waits until the status line says that the host is as this commit wants it.
    func awaitSync(with commit: String) async throws {
        let isInSync = try await eventually(within: .seconds(60)) {
            let text = try await property("StatusText")
            return text.contains(commit.prefix(12)) && (text.contains("in sync") || text.contains("applied"))
        }
        guard isInSync else {
            let log = try await run("journalctl", "--no-pager", "-o", "cat", "-n", "30")
            throw Failure("not in sync with \(commit): \(try await property("StatusText"))\n\(log)")
        }
    }

    private func remove() async throws { try await engine.docker("rm", "-f", "-v", container) }
}
