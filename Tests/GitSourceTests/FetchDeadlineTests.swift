import Foundation
import GitSource
import Testing

/// A server that accepts connections and stays silent, which libgit2 alone would wait for without end.
struct FetchDeadlineTests {
    private let folder: TemporaryFolder
    private let server: ServerProcess

    init() async throws {
        folder = try TemporaryFolder()
        server = try ServerProcess("git-http-server", ["--silent"])
    }

    private func request(_ scheme: String = "http", seconds: Int) throws -> FetchRequest {
        FetchRequest(
            repository: "\(scheme)://127.0.0.1:\(server.port)/state.git", branch: "main",
            bareRepository: folder.path + "/bare", knownHostsFile: try folder.file("known_hosts", ""),
            deadlineSeconds: seconds)
    }

    @Test(arguments: ["http", "https", "ssh"])
    func `a silent server costs no more than the deadline`(_ scheme: String) async throws {
        let request = try request(scheme, seconds: 1)
        let start = ContinuousClock.now
        let error = await #expect(throws: GitError.self) {
            try await FetchProcess(executable: Program.fatesync).fetch(request)
        }
        #expect(error?.code == .timeout)
        #expect(error?.reason == "no answer within 1 s")
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(try processes() == [])
    }

    @Test func `a cancelled task kills the fetch`() async throws {
        let request = try request(seconds: 60)
        let task = Task { try await FetchProcess(executable: Program.fatesync).fetch(request) }
        // The lock file is made by the process, so it is running.
        while !FileManager.default.fileExists(atPath: folder.path + "/bare/fatesync.lock") {
            await Task.yield()
        }
        task.cancel()
        let error = await #expect(throws: GitError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(try processes() == [])
    }

    @Test func `the fetch process ends when its parent is gone`() throws {
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(fileURLWithPath: Program.fatesync)
        process.arguments = ["fetch-child"]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let request = try JSONEncoder().encode(try request(seconds: 60))
        input.fileHandleForWriting.write(request + Data("\n".utf8))
        while !FileManager.default.fileExists(atPath: folder.path + "/bare/fatesync.lock") { sched_yield() }
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
    }

    @Test func `a program that is no fetch process is an error, not a hang`() async throws {
        let request = try request(seconds: 20)
        for program in ["/bin/true", "/bin/cat", "/nonexistent"] {
            let error = await #expect(throws: GitError.self) {
                try await FetchProcess(executable: program).fetch(request)
            }
            #expect(error?.code == .other)
        }
    }

    /// The fetch processes that work for this test; their working files are in its folder.
    private func processes() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.filter { id in
            // A process that ended meanwhile, or is about to, has no open files.
            let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd")) ?? []
            return files.contains { file in
                let target = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(id)/fd/\(file)")
                return target?.hasPrefix(folder.path) == true
            }
        }
    }
}
