import GitSource
import Glibc
import Reconciliation

/// The hooks of a repository that is pushed to: thin scripts that run this program.
struct PushHooks {
    let branch: String
    private let folder: String?
    private let sockets: [String]
    private let timeout: String?
    /// The line by which a hook of ours is known again, so that no other is overwritten.
    private static let mark = "# Written by `fatesync init --bare`, which also replaces it."

    init(_ settings: Settings, timeout: String?) {
        branch = settings["branch"] ?? "main"
        folder = settings["path"]
        self.timeout = timeout
        // A pusher may not be able to enter the state directory, so the service's own place is tried too.
        sockets =
            settings["control-socket"].map { [$0] }
            ?? [settings.stateDirectory.controlSocket, Settings.serviceSocket]
    }

    /// Makes the repository if there is none, and writes the hooks.
    ///
    /// - Throws: `GitError`, or `SettingsError` when a hook that is there is somebody else's.
    func install(in path: String) throws {
        let root = path.hasPrefix("/") ? path : try Self.workingDirectory() + "/" + path
        let program = try Self.program()
        try ReceivingRepository.make(at: root, branch: branch)
        let received = ["--branch", branch] + (folder.map { ["--path", $0] } ?? [])
        let followed =
            ["--branch", branch] + sockets.flatMap { ["--control-socket", $0] }
            + (timeout.map { ["--timeout", $0] } ?? [])
        let hooks = [("pre-receive", received), ("post-receive", followed)]
        for (name, _) in hooks { try Self.requireOurs("\(root)/hooks/\(name)") }
        for (name, options) in hooks {
            let words = ([program, "hook", name] + options).map(Self.quoted).joined(separator: " ")
            let script = "#!/bin/sh\n\(Self.mark)\nexec \(words)\n"
            let file = "\(root)/hooks/\(name)"
            try LocalFiles.write(Array(script.utf8), to: file, replacing: true)
            guard chmod(file, 0o755) == 0 else { throw Self.failure("make \(file) executable") }
        }
    }

    private static func requireOurs(_ file: String) throws(SettingsError) {
        guard access(file, F_OK) == 0 else { return }
        guard let content = LocalFiles.read(file), String(decoding: content, as: UTF8.self).contains(mark)
        else {
            throw SettingsError(
                "cannot write \(file): there is another hook; move it away, and call it from the new one if it "
                    + "is still needed")
        }
    }

    /// The text as one word of sh.
    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
        return isPlain
            ? word
            : "'"
                + word.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: #"'\''"#) + "'"
    }

    /// The absolute path of this program.
    private static func program() throws(SettingsError) -> String {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw failure("find the program's own place")
        }
        defer { free(path) }
        return String(cString: path)
    }

    private static func workingDirectory() throws(SettingsError) -> String {
        guard let path = getcwd(nil, 0) else { throw failure("find the working directory") }
        defer { free(path) }
        return String(cString: path)
    }

    private static func failure(_ operation: String) -> SettingsError {
        SettingsError("cannot \(operation): \(String(cString: strerror(errno)))")
    }
}
