internal import Glibc
internal import Subprocess
internal import SystemPackage

/// Fetches in a process of its own, which is killed when the deadline passes.
///
/// libgit2 cannot be told to give up on a silent server, and it parses what strangers send: so it runs apart, in a
/// session of its own, with almost no environment and no open file but its pipes. The caller never waits much
/// longer than the deadline. Where the fetch is a service, a repository on another machine is fetched by that.
public struct FetchProcess: Sendable {
    private enum Ending {
        case ended(output: [UInt8], errors: [UInt8], status: TerminationStatus)
        case failed(String)
        case timedOut
        case closed(output: [UInt8])
    }

    private let executable: String
    private let service: String?

    /// - Parameters:
    ///   - executable: fatesync itself; `/proc/self/exe` works even after the file was replaced.
    ///   - service: The unix socket of the fetch service, which then does every fetch but those from a local path.
    public init(executable: String, service: String? = nil) {
        self.executable = executable
        self.service = service
    }

    /// Fetches the branch and returns its tip, a full commit id; an unchanged local one needs no process.
    ///
    /// If the task is cancelled, the process is killed.
    public func fetch(_ request: FetchRequest) async throws(GitError) -> String {
        let url = try RepositoryURL(parsing: request.repository)
        if let tip = LocalBranch.unchangedTip(request, at: url) { return tip }
        let operation = "fetch branch \(request.branch) of \(url)"
        let ending: Ending
        if let service, url.transport != .local {
            let connection = try FetchService(at: service, operation)
            ending = await race(request) {
                .closed(output: await connection.converse(FetchMessage.encode(request)))
            }
        } else {
            let lifeline = try Lifeline(FetchMessage.encode(request), operation)
            ending = await race(request) { await converse(reading: lifeline.readEnd) }
            lifeline.close()
        }
        guard !Task.isCancelled else { throw GitError(.cancelled, operation, "it was cancelled") }
        return try Self.tip(ending, request, operation)
    }

    /// What the other process says, or that it says nothing in time.
    private func race(
        _ request: FetchRequest, _ conversation: @escaping @Sendable () async -> Ending
    ) async -> Ending {
        await withTaskGroup(of: Ending.self) { group in
            group.addTask { await conversation() }
            group.addTask {
                // Cancellation ends the sleep early, and the other task too: that one tells how it went.
                try? await Task.sleep(for: .seconds(request.deadlineSeconds))
                return .timedOut
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            return first
        }
    }

    private func converse(reading input: CInt) async -> Ending {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        do {
            let result = try await Subprocess.run(
                .path(FilePath(executable)), arguments: [FetchChild.command],
                environment: .custom(Self.environment),
                platformOptions: options,
                input: .fileDescriptor(FileDescriptor(rawValue: input), closeAfterSpawningProcess: true),
                output: .bytes(limit: Limits.messageBytes), error: .bytes(limit: Limits.messageBytes))
            return .ended(
                output: result.standardOutput, errors: result.standardError, status: result.terminationStatus)
        } catch {
            return .failed("\(error)")
        }
    }

    private static func tip(
        _ ending: Ending, _ request: FetchRequest, _ operation: String
    ) throws(GitError) -> String {
        switch ending {
        case .timedOut:
            throw GitError(.timeout, operation, "no answer within \(request.deadlineSeconds) s")
        case .failed(let reason):
            throw GitError(.other, operation, "the fetch process cannot be used: \(reason)")
        case .closed(let output):
            if let reply = FetchMessage.decode(FetchReply.self, from: output)?.result {
                return try reply.get()
            }
            throw GitError(
                .other, operation,
                "the fetch service ended without an answer; see: journalctl -u 'fatesync-fetch@*'")
        case .ended(let output, let errors, let status):
            if let reply = FetchMessage.decode(FetchReply.self, from: output)?.result {
                return try reply.get()
            }
            throw GitError(.other, operation, "the fetch process \(describe(status))\(lastLine(errors))")
        }
    }

    private static func describe(_ status: TerminationStatus) -> String {
        switch status {
        case .signaled(SIGXCPU): "used up its processor time"
        case .signaled(let signal): "was killed by signal \(signal)"
        case .exited(let code): "ended with exit code \(code) and no answer"
        }
    }

    private static func lastLine(_ errors: [UInt8]) -> String {
        let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last.map { ": \($0.prefix(300))" } ?? ""
    }

    /// No home, so that nobody's configuration is found; the proxy and the certificates of the service are kept.
    private static var environment: [Environment.Key: String] {
        let kept = [
            "PATH", "SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY",
            "no_proxy",
        ]
        var environment: [Environment.Key: String] = [:]
        for name in kept {
            guard let value = getenv(name), let key = Environment.Key(rawValue: name) else { continue }
            environment[key] = String(cString: value)
        }
        return environment
    }
}
