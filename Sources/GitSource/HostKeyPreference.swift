internal import FoundationEssentials
internal import Glibc

/// Makes libgit2 ask an ssh server for a kind of host key that is pinned.
///
/// Left alone, libssh2 asks for ecdsa first, and a server whose pinned key is an ed25519 one would be refused for
/// showing another. libgit2 asks for the kind that it finds in `$HOME/.ssh/known_hosts`, and cannot do without a
/// home at all: so it gets one, inside the bare repository. Whether a key is trusted is not decided by this file.
struct HostKeyPreference {
    private let home: String
    private let line: String?

    init(_ url: RepositoryURL, _ request: FetchRequest) throws(GitError) {
        home = request.bareRepository
        guard let file = request.knownHostsFile else {
            line = nil
            return
        }
        let pinned = KnownHosts(try CredentialFile(file, holding: "known_hosts").text()).pinned(
            of: url.knownHostsName)
        line = Self.asked(for: pinned).map { type, key in
            "\(url.knownHostsName) \(type) \(Data(key).base64EncodedString())\n"
        }
    }

    /// Sets the home of this process and writes the file, or removes it if libssh2 needs no advice.
    func install() throws(GitError) {
        let folder = home + "/.ssh"
        let file = folder + "/known_hosts"
        setenv("HOME", home, 1)
        guard let line else {
            unlink(file)
            return
        }
        mkdir(folder, 0o700)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0, write(descriptor, line, line.utf8.count) == line.utf8.count else {
            throw GitError(.other, "write \(file)", String(cString: strerror(errno)))
        }
        close(descriptor)
    }

    /// The pinned key to ask for; none if ecdsa on the smallest curve is pinned, which libssh2 asks for anyway
    /// before it falls back to the others.
    private static func asked(for pinned: [String: [UInt8]]) -> (String, [UInt8])? {
        guard pinned["ecdsa-sha2-nistp256"] == nil else { return nil }
        let order = ["ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-ed25519", "ssh-rsa"]
        for type in order {
            if let key = pinned[type] { return (type, key) }
        }
        return nil
    }
}
