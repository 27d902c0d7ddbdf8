internal import Glibc

/// Fetches in a process of its own, which is killed when the deadline passes.
///
/// libgit2 cannot be told to give up on a silent server, and it parses what strangers send: so it runs apart, with
/// almost no environment and no open file but its pipes. The caller never waits longer than the deadline.
public struct FetchProcess: Sendable {
    private let executable: String

    /// - Parameter executable: fatesync itself; `/proc/self/exe` works even after the file was replaced.
    public init(executable: String) {
        self.executable = executable
    }

    /// Fetches the branch and returns its tip, a full commit id.
    ///
    /// Blocks no thread of Swift's pool. If the task is cancelled, the process is killed.
    public func fetch(_ request: FetchRequest) async throws(GitError) -> String {
        let operation = try Self.operation(request)
        let cancellation = try CancellationSignal(operation)
        let executable = executable
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                PlainThread.start {
                    continuation.resume(returning: Self.run(executable, request, operation, cancellation))
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    private static func operation(_ request: FetchRequest) throws(GitError) -> String {
        "fetch branch \(request.branch) of \(try RepositoryURL(parsing: request.repository))"
    }

    private static func run(
        _ executable: String, _ request: FetchRequest, _ operation: String, _ cancellation: CancellationSignal
    ) -> Result<String, GitError> {
        do throws(GitError) {
            let process = try ChildProcess(
                executable: executable, arguments: ["fatesync", "fetch-child"], environment: environment,
                operation: operation)
            let ending = process.converse(
                input: FetchMessage.encode(request), seconds: request.deadlineSeconds, cancellation: cancellation)
            return .success(try tip(ending, request, operation))
        } catch {
            return .failure(error)
        }
    }

    private static func tip(
        _ ending: ChildProcess.Ending, _ request: FetchRequest, _ operation: String
    ) throws(GitError) -> String {
        switch ending {
        case .timedOut:
            throw GitError(.timeout, operation, "no answer within \(request.deadlineSeconds) s")
        case .cancelled:
            throw GitError(.cancelled, operation, "it was cancelled")
        case .ended(let output, let errors, let status):
            if let reply = FetchMessage.decode(FetchReply.self, from: output)?.result { return try reply.get() }
            throw GitError(.other, operation, "the fetch process \(describe(status))\(lastLine(errors))")
        }
    }

    /// `status` is what `waitpid` says.
    private static func describe(_ status: Int32) -> String {
        let signal = status & 0x7F
        if signal == SIGXCPU { return "used up its processor time" }
        if signal != 0 { return "was killed by signal \(signal)" }
        return "ended with exit code \(status >> 8 & 0xFF) and no answer"
    }

    private static func lastLine(_ errors: [UInt8]) -> String {
        let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last.map { ": \($0.prefix(300))" } ?? ""
    }

    /// No home, so that nobody's configuration is found; the proxy and the certificates of the service are kept.
    private static var environment: [String] {
        let kept = [
            "PATH", "SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy",
        ]
        return kept.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
    }
}
