internal import CGit2

/// What libgit2 asks during a fetch: is this server the right one, what is the credential, shall it go on.
///
/// A callback cannot throw: it keeps its error here and tells libgit2 to stop; `check` then throws the kept error,
/// which says more than libgit2's own. The object must outlive the remote that it is installed for.
final class FetchCallbacks {
    let url: RepositoryURL
    let request: FetchRequest
    let operation: String
    private var failure: GitError?
    /// Whether the server got our credential already.
    var hasAnswered = false
    /// Kept so that no message can repeat it.
    var token: String?

    init(url: RepositoryURL, request: FetchRequest, operation: String) {
        self.url = url
        self.request = request
        self.operation = operation
    }

    /// Puts the callbacks and this object, as their payload, into `callbacks`.
    func install(in callbacks: inout git_remote_callbacks) {
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { answer, address, _, allowed, payload in
            FetchCallbacks.from(payload).stopping { fetch throws(GitError) in
                let address = address.map { String(cString: $0) } ?? ""
                try fetch.answerCredential(answer, at: address, allowed: allowed)
            }
        }
        callbacks.certificate_check = { certificate, isValid, host, payload in
            FetchCallbacks.from(payload).stopping { fetch throws(GitError) in
                try fetch.checkServer(
                    certificate, isValid: isValid == 1, host: host.map { String(cString: $0) })
            }
        }
        callbacks.transfer_progress = { progress, payload in
            FetchCallbacks.from(payload).stopping { fetch throws(GitError) in
                try fetch.checkSize(progress?.pointee.received_bytes ?? 0)
            }
        }
    }

    /// Runs a call of libgit2 that may use the callbacks.
    func check(_ call: () -> Int32) throws(GitError) {
        do throws(GitError) {
            try GitError.check(operation, call)
        } catch {
            if let failure { throw failure }
            throw explained(error)
        }
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> FetchCallbacks {
        guard let payload else { preconditionFailure("libgit2 lost the payload of a callback") }
        return Unmanaged<FetchCallbacks>.fromOpaque(payload).takeUnretainedValue()
    }

    private func stopping(_ body: (FetchCallbacks) throws(GitError) -> Void) -> Int32 {
        do throws(GitError) {
            try body(self)
            return 0
        } catch {
            failure = failure ?? error
            // libgit2 asks again for some codes; GIT_EUSER always ends the fetch.
            return GIT_EUSER.rawValue
        }
    }

    /// libgit2's error in the light of what was tried.
    private func explained(_ error: GitError) -> GitError {
        var (code, reason) = (error.code, error.reason)
        if let token, !token.isEmpty { reason = reason.split(separator: token).joined(separator: "***") }
        switch url.transport {
        case .http where code == .notFound, .https where code == .notFound:
            reason += "; check the path, and whether the token may read the repository"
        case .ssh where reason.contains("does not appear to be a git repository"): code = .notFound
        case .ssh where reason.contains("Unable to exchange encryption keys"):
            code = .hostKey
            reason += "; perhaps the server has no key of the pinned type: \(HostKeyAdvice.scan(url))"
        // libgit2 calls a refused connection an error of the operating system.
        case .http where code == .other, .https where code == .other, .ssh where code == .other:
            code = .unreachable
        default: break
        }
        if reason.hasPrefix("cannot redirect") { reason += "; name the final URL as the repository" }
        return GitError(code, operation, reason)
    }

    private func checkSize(_ received: Int) throws(GitError) {
        guard received > Limits.receivedBytes else { return }
        throw GitError(.limit, operation, "the server sent more than \(Limits.receivedBytes >> 20) MiB")
    }
}
