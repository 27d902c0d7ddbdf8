import Foundation
import GitSource
import Testing

/// Against the system's sshd on a free port; the tests run as root and log in as root.
struct FetchSSHTests {
    private let folder: TemporaryFolder
    private let tip: String
    private let host: PublicKey
    private let user: PublicKey
    private let server: ServerProcess

    init() async throws {
        folder = try TemporaryFolder()
        tip = try await GitRepository(in: folder).commit(["federation.yaml": "one"])
        host = try await PublicKey(in: folder, name: "host")
        user = try await PublicKey(in: folder, name: "user")
        server = try ServerProcess(
            "git-ssh-server",
            ["--host-key", host.privateFile, "--authorized-keys", user.privateFile + ".pub"])
    }

    private var name: String { "[127.0.0.1]:\(server.port)" }

    private func fetch(
        knownHosts: String?, key: String? = nil, path: String = "state.git", port: Int? = nil
    ) async throws -> String {
        let request = FetchRequest(
            repository: "ssh://root@127.0.0.1:\(port ?? server.port)\(folder.path)/\(path)", branch: "main",
            bareRepository: folder.path + "/bare", sshKeyFile: key ?? user.privateFile,
            knownHostsFile: try knownHosts.map { try folder.file("known_hosts", $0, mode: 0o644) },
            deadlineSeconds: 20)
        return try await FetchProcess(executable: Program.fatesync).fetch(request)
    }

    private func refusal(knownHosts: String?, key: String? = nil, path: String = "state.git") async
        -> GitError?
    {
        await #expect(throws: GitError.self) { try await fetch(knownHosts: knownHosts, key: key, path: path) }
    }

    @Test func `the deploy key and the pinned host key open the repository`() async throws {
        #expect(try await fetch(knownHosts: "\(name) \(host.line)\n") == tip)
    }

    @Test func `a hashed known_hosts file works too`() async throws {
        let file = try folder.file("hashed", "\(name) \(host.line)\n")
        try await Program.run(["ssh-keygen", "-q", "-H", "-f", file])
        #expect(try await fetch(knownHosts: try String(contentsOfFile: file, encoding: .utf8)) == tip)
    }

    @Test func `an unknown host is refused, with its fingerprint and the way to pin it`() async {
        let error = await refusal(knownHosts: "127.0.0.1 \(host.line)\n")
        #expect(error?.code == .hostKey)
        #expect(error?.reason.contains("has no key for \(name), which showed ssh-ed25519 SHA256:") == true)
        #expect(error?.reason.contains("ssh-keyscan -p \(server.port) 127.0.0.1") == true)
    }

    @Test func `another key than the pinned one is refused as a possible interception`() async {
        let error = await refusal(knownHosts: "\(name) \(user.line)\n")
        #expect(error?.code == .hostKey)
        #expect(error?.reason.contains("somebody may be intercepting") == true)
    }

    @Test func `a revoked host key is refused`() async {
        let error = await refusal(knownHosts: "\(name) \(host.line)\n@revoked * \(host.line)\n")
        #expect(error?.code == .hostKey)
        #expect(error?.reason.contains("as revoked") == true)
    }

    @Test func `without a known_hosts file no ssh server is trusted`() async {
        let error = await refusal(knownHosts: nil)
        #expect(error?.code == .hostKey)
        #expect(error?.reason.contains("ssh needs a known_hosts file") == true)
    }

    @Test func `a key that the server does not know is refused once, by name`() async {
        let error = await refusal(knownHosts: "\(name) \(host.line)\n", key: host.privateFile)
        #expect(error?.code == .authentication)
        #expect(error?.reason.contains("refused the key in \(host.privateFile) for user root") == true)
    }

    @Test func `a private key that others can read is not used`() async throws {
        try await Program.run(["chmod", "644", user.privateFile])
        let error = await refusal(knownHosts: "\(name) \(host.line)\n")
        #expect(error?.code == .invalid)
        #expect(error?.reason.contains("chmod 600") == true)
    }

    @Test func `a path that the server does not have is not found`() async {
        let error = await refusal(knownHosts: "\(name) \(host.line)\n", path: "other.git")
        #expect(error?.code == .notFound)
    }

    @Test(arguments: ["ed25519", "ecdsa"])
    func `a server with several keys is asked for the one that is pinned`(_ type: String) async throws {
        let ecdsa = try await PublicKey(in: folder, name: "ecdsa", type: "ecdsa")
        let several = try ServerProcess(
            "git-ssh-server",
            ["--host-key", host.privateFile, "--host-key", ecdsa.privateFile]
                + ["--authorized-keys", user.privateFile + ".pub"])
        let pinned = type == "ecdsa" ? ecdsa : host
        let line = "[127.0.0.1]:\(several.port) \(pinned.line)\n"
        #expect(try await fetch(knownHosts: line, port: several.port) == tip)
    }

    @Test func `a server without a key of the pinned type is refused as such`() async throws {
        let ecdsa = try await PublicKey(in: folder, name: "ecdsa", type: "ecdsa")
        let error = await refusal(knownHosts: "\(name) \(ecdsa.line)\n")
        #expect(error?.code == .hostKey)
        #expect(error?.reason.contains("has only ecdsa-sha2-nistp256 keys for \(name)") == true)
        let other = try ServerProcess(
            "git-ssh-server",
            ["--host-key", ecdsa.privateFile, "--authorized-keys", user.privateFile + ".pub"])
        let refused = await #expect(throws: GitError.self) {
            try await fetch(knownHosts: "[127.0.0.1]:\(other.port) \(host.line)\n", port: other.port)
        }
        #expect(refused?.code == .hostKey)
        #expect(
            refused?.reason.contains("no key of the pinned type") == true, "\(String(describing: refused))")
    }
}
