import Foundation
import Testing

@testable import GitSource

struct KnownHostsTests {
    private let folder: TemporaryFolder
    private let server: PublicKey
    private let other: PublicKey

    init() async throws {
        folder = try TemporaryFolder()
        server = try await PublicKey(in: folder, name: "server")
        other = try await PublicKey(in: folder, name: "other")
    }

    @Test(arguments: [
        ("git.example KEY", "git.example"), ("a,git.example,b KEY comment", "git.example"),
        ("GIT.example\tKEY", "git.example"), ("*.example KEY", "git.example"),
        ("gi?.example KEY", "git.example"),
        ("[git.example]:2222 KEY", "[git.example]:2222"),
        ("# x\n\ngit.example OTHER\ngit.example KEY", "git.example"),
        ("10.0.0.1 KEY", "10.0.0.1"), ("fd00::1 KEY", "fd00::1"),
    ])
    func `a pinned key is trusted`(_ text: String, _ host: String) {
        #expect(verdict(text, host) == .trusted)
    }

    @Test(arguments: [
        ("", "git.example"), ("git.example.org KEY", "git.example"),
        ("git.example KEY", "[git.example]:2222"),
        ("[git.example]:2222 KEY", "git.example"), ("*.example,!git.example KEY", "git.example"),
        ("git.example ssh-ed25519 ####", "git.example"), ("git.example ssh-rsa AAAA", "git.example"),
        ("@cert-authority *.example KEY", "git.example"), ("#git.example KEY", "git.example"),
    ])
    func `a key of another host, or a line that cannot be read, pins nothing`(_ text: String, _ host: String)
    {
        #expect(verdict(text, host) == .unknownHost)
    }

    @Test func `another key of the same type is a changed key`() {
        #expect(verdict("git.example OTHER", "git.example") == .changed)
    }

    @Test func `a revoked key is refused even if it is pinned as well`() {
        #expect(verdict("git.example KEY\n@revoked * KEY", "git.example") == .revoked)
        #expect(verdict("@revoked git.example OTHER\ngit.example KEY", "git.example") == .trusted)
    }

    @Test func `a key of a type that is not pinned is not called changed`() async throws {
        let ecdsa = try await PublicKey(in: folder, name: "ecdsa", type: "ecdsa")
        let known = KnownHosts("git.example \(ecdsa.line)")
        #expect(known.verdict(on: server.bytes, of: "git.example") == .otherTypes(["ecdsa-sha2-nistp256"]))
    }

    @Test func `names hashed by ssh-keygen are recognised`() async throws {
        let file = try folder.file(
            "known_hosts", "[git.example]:2222 \(server.line)\nother.example \(other.line)\n")
        try await Program.run(["ssh-keygen", "-q", "-H", "-f", file])
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try #require(text.hasPrefix("|1|"))
        let known = KnownHosts(text)
        #expect(known.verdict(on: server.bytes, of: "[git.example]:2222") == .trusted)
        #expect(known.verdict(on: server.bytes, of: "other.example") == .changed)
        #expect(known.verdict(on: server.bytes, of: "git.example") == .unknownHost)
    }

    @Test func `the fingerprint is the one that ssh-keygen prints`() async throws {
        let printed = try await Program.run(["ssh-keygen", "-l", "-f", "\(folder.path)/server.pub"])
        #expect(String(decoding: printed, as: UTF8.self).contains(KnownHosts.fingerprint(of: server.bytes)))
    }

    private func verdict(_ text: String, _ host: String) -> KnownHosts.Verdict {
        let text = text.replacingOccurrences(of: "KEY", with: server.line)
            .replacingOccurrences(of: "OTHER", with: other.line)
        return KnownHosts(text).verdict(on: server.bytes, of: host)
    }
}

/// A key pair made by ssh-keygen; the private half is the file without `.pub`.
struct PublicKey {
    /// Type and key, as they stand in known_hosts.
    let line: String
    let bytes: [UInt8]
    let privateFile: String

    init(in folder: TemporaryFolder, name: String, type: String = "ed25519") async throws {
        privateFile = "\(folder.path)/\(name)"
        try await Program.run(["ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", privateFile])
        let text = try String(contentsOfFile: privateFile + ".pub", encoding: .utf8)
        let fields = text.split(separator: " ")
        line = fields.prefix(2).joined(separator: " ")
        bytes = Array(try #require(Data(base64Encoded: String(fields[1]))))
    }
}
