import Foundation

/// The system's sshd on a free port for who has the one key; it ends when the test lets go of it.
final class SSHServer {
    let port: Int
    /// What git has to run to get there.
    let command: String
    private let process = Process()
    private let lifeline = Pipe()

    init(in folder: String) async throws {
        for name in ["host", "user"] {
            try await Program.output(of: [
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", "\(folder)/\(name)_key",
            ])
        }
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Program.support("git-ssh-server"))
        process.arguments = [
            "--host-key", "\(folder)/host_key", "--authorized-keys", "\(folder)/user_key.pub",
        ]
        process.standardInput = lifeline
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n")
        {
            line.append(byte)
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            throw Failure("sshd does not start: \(String(decoding: line, as: UTF8.self))")
        }
        self.port = port
        command =
            "ssh -i \(folder)/user_key -p \(port) -o IdentitiesOnly=yes -o StrictHostKeyChecking=no "
            + "-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
    }

    deinit {
        lifeline.fileHandleForWriting.closeFile()
        // Another child of this process may have inherited the pipe, and then its end is never seen.
        process.terminate()
        process.waitUntilExit()
    }
}
