internal import Glibc

/// The body of the hidden subcommand `fatesync fetch-child`.
///
/// The process reads one `FetchRequest` as a line of JSON from standard input, fetches, writes one JSON reply to
/// standard output, and exits: 0 with `{"commit": ...}`, 1 with `{"error": ...}`. It ends when standard input does.
/// Both may be one unix socket, as systemd gives it to a service.
/// It is the only process that parses what a git server sends, so it limits itself first. Whoever starts it keeps
/// the deadline.
public enum FetchChild {
    /// The name of the subcommand.
    public static let command = "fetch-child"

    /// Runs the subcommand with the standard input and output of this process.
    ///
    /// - Returns: the exit code.
    public static func main() -> Int32 {
        let request = readLine()
        // Started while there is one thread, it starts fast; should it fail, fetching reports that.
        try? GitLibrary.start()
        Lifeline.endWithParent()
        let (output, exitCode) = run(input: request)
        return write(output) ? exitCode : 1
    }

    /// Limits this process, fetches what `input` asks for, and says how it went.
    public static func run(input: [UInt8]) -> (output: [UInt8], exitCode: Int32) {
        let reply: FetchReply
        do throws(GitError) {
            guard let asked = FetchMessage.decode(FetchRequest.self, from: input) else {
                throw GitError(.invalid, "fetch", "the request on standard input is not the expected JSON")
            }
            let request = asked.usingCredentials(
                in: getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) })
            try limitThisProcess(seconds: request.deadlineSeconds)
            reply = FetchReply(commit: try Fetcher(request).fetch())
        } catch {
            reply = FetchReply(error)
        }
        return (FetchMessage.encode(reply), reply.commit == nil ? 1 : 0)
    }

    /// The process cannot outlive the deadline for long, and cannot fill memory or disk.
    ///
    /// Too large a file must be an error of `write`, not the death of the process: hence the ignored signal.
    private static func limitThisProcess(seconds: Int) throws(GitError) {
        umask(0o077)
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        alarm(UInt32(clamping: seconds + 5))
        let limits: [(__rlimit_resource, rlim_t)] = [
            (RLIMIT_CPU, rlim_t(clamping: max(1, seconds))),
            (RLIMIT_AS, 1 << 30),
            (RLIMIT_FSIZE, rlim_t(Limits.receivedBytes)),
            (RLIMIT_NOFILE, 256),
            (RLIMIT_CORE, 0),
        ]
        for (resource, limit) in limits {
            var value = rlimit()
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &value) == 0 else { throw limitFailure() }
            value.rlim_cur = min(limit, value.rlim_max)
            value.rlim_max = value.rlim_cur
            guard setrlimit(__rlimit_resource_t(resource.rawValue), &value) == 0 else { throw limitFailure() }
        }
    }

    private static func limitFailure() -> GitError {
        GitError(.other, "limit the fetch process", String(cString: strerror(errno)))
    }

    private static func readLine() -> [UInt8] {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= Limits.messageBytes {
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != UInt8(ascii: "\n") else { break }
            line.append(byte)
        }
        return line
    }

    private static func write(_ output: [UInt8]) -> Bool {
        var rest = output[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
