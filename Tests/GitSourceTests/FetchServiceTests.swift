import Foundation
import GitSource
import Testing

/// The fetch process as a service, started for each connection by the program with which systemd lets one try that.
struct FetchServiceTests {
    private let folder: TemporaryFolder
    private let tip: String

    init() async throws {
        folder = try TemporaryFolder()
        tip = try await GitRepository(in: folder).commit(["federation.yaml": "one"])
    }

    private func fetch(
        _ port: Int, through socket: String, token: String? = nil, seconds: Int = 20
    ) async throws(GitError) -> String {
        let request = FetchRequest(
            repository: "http://127.0.0.1:\(port)/state.git", branch: "main",
            bareRepository: folder.path + "/bare", tokenFile: token, deadlineSeconds: seconds)
        return try await FetchProcess(executable: "/nonexistent", service: socket).fetch(request)
    }

    @Test func `the service fetches, with its own copy of the token, and what it keeps can be read`()
        async throws
    {
        let server = try ServerProcess("git-http-server", ["--root", folder.path, "--token", "s3cret"])
        let copy = try folder.file("git_token", "s3cret\n")
        let activation = try Activation(in: folder, credentials: folder.path)
        // The service must not need the operator's file: it could not read it.
        #expect(try await fetch(server.port, through: activation.socket, token: "/root/none/token") == tip)
        #expect(FileManager.default.fileExists(atPath: copy))
        try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: folder.path + "/bare")
        #expect(throws: GitError.self) { _ = try StateRepository(opening: folder.path + "/bare") }
        let repository = try StateRepository(opening: folder.path + "/bare", ofService: true)
        #expect(try repository.tip(of: "main") == tip)
    }

    @Test func `an error of the service is the error of the fetch`() async throws {
        let server = try ServerProcess("git-http-server", ["--root", folder.path, "--token", "s3cret"])
        let activation = try Activation(in: folder)
        let error = await #expect(throws: GitError.self) {
            try await fetch(server.port, through: activation.socket)
        }
        #expect(error?.code == .authentication)
        #expect(error?.reason.contains("name a token file") == true)
    }

    @Test func `a silent server costs no more than the deadline, and the service's process ends`()
        async throws
    {
        let server = try ServerProcess("git-http-server", ["--silent"])
        let activation = try Activation(in: folder)
        let start = ContinuousClock.now
        let error = await #expect(throws: GitError.self) {
            try await fetch(server.port, through: activation.socket, seconds: 1)
        }
        #expect(error?.code == .timeout)
        #expect(ContinuousClock.now - start < .seconds(10))
        while try activation.isFetching() { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test func `a service that is not there is named, with what starts it`() async throws {
        let error = await #expect(throws: GitError.self) {
            try await fetch(1, through: folder.path + "/none.sock")
        }
        #expect(error?.reason.contains("systemctl start fatesync-fetch.socket") == true)
    }
}

/// `systemd-socket-activate` in the place of systemd.
private final class Activation {
    let socket: String
    private let process = Process()

    init(in folder: TemporaryFolder, credentials: String? = nil) throws {
        socket = folder.path + "/fetch.sock"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-socket-activate")
        let variables = credentials.map { ["-E", "CREDENTIALS_DIRECTORY=\($0)"] } ?? []
        process.arguments =
            variables + ["--accept", "--inetd", "--listen", socket, Program.fatesync, "fetch-child"]
        process.environment = ["PATH": Program.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        while !FileManager.default.fileExists(atPath: socket) { sched_yield() }
    }

    deinit {
        // It inherits what the threads of tests block, and SIGTERM is of that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Whether a fetch runs; one that has ended may wait for its parent, which does not always ask.
    func isFetching() throws -> Bool {
        let pid = process.processIdentifier
        let children = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return children.split(separator: " ").contains { child in
            // A process that is gone has no file.
            let line = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ") Z"
            return !line.contains(") Z")
        }
    }
}
