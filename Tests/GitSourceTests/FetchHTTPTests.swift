import Foundation
import GitSource
import Testing

struct FetchHTTPTests {
    private let folder: TemporaryFolder
    private let tip: String

    init() async throws {
        folder = try TemporaryFolder()
        tip = try await GitRepository(in: folder).commit(["federation.yaml": "one"])
    }

    private func fetch(
        _ url: String, token: String? = nil, caFile: String? = nil
    ) async throws(GitError) -> String {
        let request = FetchRequest(
            repository: url, branch: "main", bareRepository: folder.path + "/bare", tokenFile: token,
            caFile: caFile,
            deadlineSeconds: 20)
        return try await FetchProcess(executable: Program.fatesync).fetch(request)
    }

    @Test func `an open repository needs no token`() async throws {
        let server = try ServerProcess("git-http-server", ["--root", folder.path])
        #expect(try await fetch("http://127.0.0.1:\(server.port)/state.git") == tip)
    }

    @Test func `the token in the file opens the repository`() async throws {
        let server = try ServerProcess("git-http-server", ["--root", folder.path, "--token", "s3cret"])
        let token = try folder.file("token", "s3cret\n")
        #expect(try await fetch("http://127.0.0.1:\(server.port)/state.git", token: token) == tip)
        #expect(try await fetch("http://ada@127.0.0.1:\(server.port)/state.git", token: token) == tip)
    }

    @Test func `a wrong token is refused by the server and not repeated by us`() async throws {
        let server = try ServerProcess("git-http-server", ["--root", folder.path, "--token", "s3cret"])
        let token = try folder.file("token", "wr0ng")
        let error = await #expect(throws: GitError.self) {
            try await fetch("http://127.0.0.1:\(server.port)/state.git", token: token)
        }
        #expect(error?.code == .authentication)
        #expect(error?.reason == "the server refused the token in \(token)")
    }

    @Test func `a server that wants a token says so`() async throws {
        let server = try ServerProcess("git-http-server", ["--root", folder.path, "--token", "s3cret"])
        let error = await #expect(throws: GitError.self) {
            try await fetch("http://127.0.0.1:\(server.port)/state.git")
        }
        #expect(error?.code == .authentication)
        #expect(error?.reason.contains("name a token file") == true)
    }

    @Test(arguments: [
        ("s3cret", 0o644, "chmod 600"), ("", 0o600, "empty"), ("two\nlines", 0o600, "one line"),
    ])
    func `a token file that cannot be right is refused`(_ text: String, _ mode: Int, _ reason: String)
        async throws
    {
        let server = try ServerProcess("git-http-server", ["--root", folder.path, "--token", "s3cret"])
        let token = try folder.file("token", text, mode: mode)
        let error = await #expect(throws: GitError.self) {
            try await fetch("http://127.0.0.1:\(server.port)/state.git", token: token)
        }
        #expect(error?.code == .invalid)
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func `a redirect to another host is refused`() async throws {
        let target = try ServerProcess("git-http-server", ["--root", folder.path])
        let server = try ServerProcess("git-http-server", ["--redirect", "http://localhost:\(target.port)"])
        let error = await #expect(throws: GitError.self) {
            try await fetch("http://127.0.0.1:\(server.port)/state.git")
        }
        #expect(error?.reason.contains("cannot redirect from '127.0.0.1' to 'localhost'") == true)
    }

    @Test(arguments: [[], ["--token", "s3cret"]])
    func `a redirect never takes the token to another port`(_ demand: [String]) async throws {
        let target = try ServerProcess("git-http-server", ["--root", folder.path, "--token", "s3cret"])
        let redirect = ["--redirect", "http://127.0.0.1:\(target.port)"]
        let server = try ServerProcess("git-http-server", redirect + demand)
        let token = try folder.file("token", "s3cret")
        let error = await #expect(throws: GitError.self) {
            try await fetch("http://127.0.0.1:\(server.port)/state.git", token: token)
        }
        #expect(error?.reason.contains("which gets no credential") == true, "\(String(describing: error))")
    }

    @Test func `a repository that the server does not have is not found`() async throws {
        let server = try ServerProcess("git-http-server", ["--root", folder.path])
        let error = await #expect(throws: GitError.self) {
            try await fetch("http://127.0.0.1:\(server.port)/other.git")
        }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: [
        "http://127.0.0.1:1/state.git", "http://host.invalid/state.git", "ssh://127.0.0.1:1/state.git",
    ])
    func `a server that is not there is unreachable`(_ url: String) async {
        let error = await #expect(throws: GitError.self) { try await fetch(url) }
        #expect(error?.code == .unreachable)
    }

    @Test func `https is trusted through the CA file and not without it`() async throws {
        let (certificate, key) = ("\(folder.path)/certificate.pem", "\(folder.path)/key.pem")
        try await Program.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost",
        ])
        let server = try ServerProcess(
            "git-http-server", ["--root", folder.path, "--certificate", certificate, "--key", key])
        let url = "https://localhost:\(server.port)/state.git"
        #expect(try await fetch(url, caFile: certificate) == tip)
        let stranger = await #expect(throws: GitError.self) { try await fetch(url) }
        #expect(stranger?.code == .certificate)
        let otherName = await #expect(throws: GitError.self) {
            try await fetch("https://127.0.0.1:\(server.port)/state.git", caFile: certificate)
        }
        #expect(otherName?.code == .certificate)
    }
}
